// What a wrong process, action, field or access looks like to an app that is written in TypeScript.

import { Hono } from 'hono'
import * as z from 'zod'
import { defineActions } from '../../src/capture/actions.ts'
import { audited } from '../../src/capture/audited.ts'
import {
  type Audit,
  createAudit,
  type ProcessHandle,
  type AuditStore,
  type ScopeHandle,
} from '../../src/index.ts'

declare const store: AuditStore
declare const plain: Audit

// Processes

const order = plain.process('order.place', { steps: ['pay', { name: 'ship', expects: 2 }] })
order.step('pay').ok('card')
order.step('ship').fail('parcel', 'lost', new Error('no van'))

// @ts-expect-error a step that was not declared
order.step('shp')

// @ts-expect-error expects is a number
plain.process('order.place', { steps: [{ name: 'pay', expects: 'two' }] })

const inner = order.process('order.pack', { steps: ['wrap'] })
inner.step('wrap').ok()
// @ts-expect-error the steps of the outer process are not those of the inner one
inner.step('pay')

export const anyStep: ProcessHandle = plain.process('a.run')
plain.process('a.run').step('whatever')

plain.process.resume('id').step('whatever')
plain.process.resume<'pay' | 'ship'>('id').step('pay')
// @ts-expect-error the steps may be named where a process is resumed
plain.process.resume<'pay' | 'ship'>('id').step('shp')

export const sync: number = order.step('pay').run(() => 7)
export const later: Promise<number> = order.step('pay').run(async () => 7)
// @ts-expect-error what a function promises is a promise still
export const unpromised: number = order.step('pay').run(async () => 7)

// Typed actions

const actions = defineActions({
  'invoice.refund': z.object({ amount: z.number(), note: z.string().optional() }),
})
const audit = createAudit({ store, actions })

audit.record({ action: 'invoice.refund', metadata: { amount: 12 } })
audit.record({ action: 'other.action', metadata: { amount: 'twelve' } })
audit.record({ action: 'other.action' })
audit.record(audit.event({ action: 'invoice.refund', metadata: { amount: 12 } }))
export const stored: Promise<string> = audit.record(
  { action: 'invoice.refund', metadata: { amount: 12 } },
  { delivery: 'await' },
)

// @ts-expect-error a payload of another type
audit.record({ action: 'invoice.refund', metadata: { amount: 'twelve' } })

// @ts-expect-error a payload without what must be there
audit.record({ action: 'invoice.refund', metadata: {} })

// @ts-expect-error a payload with what there is not
audit.record({ action: 'invoice.refund', metadata: { amount: 12, sum: 12 } })

// @ts-expect-error no payload at all
audit.record({ action: 'invoice.refund' })

// @ts-expect-error of an event that is not recorded yet, too
audit.event({ action: 'invoice.refund', metadata: { amount: 'twelve' } })

// @ts-expect-error what is no schema
defineActions({ 'invoice.refund': { amount: 'number' } })

// @ts-expect-error a kind that there is not
plain.record({ action: 'a.read', kind: 'login' })

// Scopes by hand

declare const handle: ScopeHandle
plain.in(handle).viewed({ type: 'a', id: 1 })

new Hono().get('/', (c) => c.text(plain.in(c).logout()))
new Hono<{
  Bindings: { URL: string }
  Variables: { audit: ScopeHandle; user: { id: string } }
}>().get('/:id', (c) => {
  // @ts-expect-error the actions keep their schemas there
  audit.in(c).record({ action: 'invoice.refund', metadata: { amount: 'twelve' } })
  return c.text(
    audit
      .in(c)
      .process('a.run', { steps: ['one'] })
      .step('one')
      .ok(),
  )
})

// @ts-expect-error neither a context nor a handle
plain.in('request')

// Fields

const poll = { question: 'Tea?', votes: 3 }
plain.fields({ type: 'poll', id: 7 }, ['question', 'votes'], { of: poll })
plain.fields({ type: 'poll', id: 7, name: 'P' }, ['question'], { of: poll, action: 'poll.publish' })
plain.fields({ type: 'poll', id: 7 }, ['id'])
const account = { type: 'account', id: 7, balance: 12 }
plain.fields(account, ['balance'])

// @ts-expect-error a field that there is not
plain.fields({ type: 'poll', id: 7 }, ['answer'], { of: poll })

// @ts-expect-error nor of the thing itself
plain.fields(account, ['saldo'])

// Accesses, exports, system events

plain.viewed([{ type: 'a', id: 1 }])
plain.viewed({ list: 'a', count: 3, filter: { any: 'thing' } })
// @ts-expect-error a thing has an id
plain.viewed({ type: 'a' })
// @ts-expect-error what was read is said once
plain.viewed({ type: 'a', id: 1 }, { target: { type: 'b', id: 2 } })

plain.exported({ type: 'invoices' }).downloaded({ bytes: 1 })
// @ts-expect-error an export has a type
plain.exported({ format: 'csv' })

// @ts-expect-error one of six types
plain.system('fatal')
// @ts-expect-error one of four severities
plain.system('error', { severity: 'urgent' })

// Audited functions

const refund = audited(
  plain,
  { action: 'invoice.refund', target: (id: string) => ({ type: 'invoice', id }) },
  async (id: string, amount: number) => `${id} ${amount}`,
)
export const refunded: Promise<string> = refund('7', 12)
// @ts-expect-error the arguments are those of the function
export const misread: Promise<string> = refund(7, 12)
audited(
  plain,
  { action: 'a.read', target: (id, amount) => ({ type: 'a', id, name: amount.toFixed(2) }) },
  (id: string, amount: number) => id.repeat(amount),
)
export const judged: () => Promise<number> = audited(
  audit,
  {
    action: 'a.read',
    outcome: ({ result }) => (result === 7 ? 'success' : 'denied'),
  },
  async () => 7,
)
audited(
  plain,
  // @ts-expect-error an outcome is one of four
  { action: 'a.read', outcome: () => 'good' },
  () => 7,
)
