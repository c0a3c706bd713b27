// What a wrong option looks like to an app that is written in TypeScript.

import { forwarded } from '../../src/capture/address.ts'
import { hmac } from '../../src/capture/hash.ts'
import type { AuditErrorCode } from '../../src/errors.ts'
import type { Audit, AuditOptions, AuditStore, EventInput } from '../../src/index.ts'

declare const store: AuditStore
declare const audit: Audit

export const least: AuditOptions = { store }
export const fromBindings: AuditOptions = {
  store: (env: { readonly URL: string }) => (env.URL === '' ? store : store),
}
export const full: AuditOptions = {
  store,
  redact: {
    keys: ['iban', /^x-/, { key: 'email', mask: 'hash' }],
    hash: hmac('sixteen characters'),
  },
  limits: { text: 1_000, record: undefined },
  address: forwarded({ trusted: ['10.0.0.0/8'] }),
}

// @ts-expect-error a store must be given
export const none: AuditOptions = {}

// @ts-expect-error an option that there is not
export const unknown: AuditOptions = { store, sampling: 1 }

// @ts-expect-error nor in a group of options
export const inGroup: AuditOptions = { store, limits: { txt: 1 } }

// @ts-expect-error nor in a rule
export const inRule: AuditOptions = { store, rules: [{ match: '/a', smple: 1 }] }

// @ts-expect-error a rule says which requests it is for
export const noMatch: AuditOptions = { store, rules: [{ sample: 1 }] }

// @ts-expect-error a mask is one of four
export const mask: AuditOptions = { store, redact: { mask: 'blur' } }

// @ts-expect-error a detector is one of five
export const detector: AuditOptions = { store, redact: { detect: ['email'] } }

// @ts-expect-error an event is deferred or awaited
export const delivery: AuditOptions = { store, delivery: 'later' }

// @ts-expect-error a limit is a number
export const limit: AuditOptions = { store, limits: { text: '8192' } }

// @ts-expect-error a store needs all of its methods
export const half: AuditOptions = { store: { append: store.append } }

// @ts-expect-error options are not changed afterwards
least.enabled = false

// @ts-expect-error an event says what was done
export const nameless: EventInput = {}

// @ts-expect-error of a changed field both sides have names
export const change: EventInput = { action: 'a', changes: { name: { from: 1, to: 2 } } }

// @ts-expect-error a target has a type
export const target: EventInput = { action: 'a', target: { id: 1 } }

export const deferred: string = audit.record({ action: 'a' })
export const awaited: Promise<string> = audit.record({ action: 'a' }, { delivery: 'await' })

// @ts-expect-error what is deferred gives back its id, not a promise
export const promised: Promise<string> = audit.record({ action: 'a' })

export const code: AuditErrorCode = 'AUDIT_OPTION_INVALID'
// @ts-expect-error the list of codes is closed
export const other: AuditErrorCode = 'AUDIT_OOPS'
