import { amountOf, isObject, textOf } from '../../event/data.ts'
import { farthest } from '../../event/time.ts'
import { valueAt } from './columns.ts'

// What a record holds may have been written by a later version, cut by `show`, or be anything at all:
// the mappings read it through this, so that what they make is valid whatever they are given.

/** A text that says something. */
export const said = (value: unknown): string | undefined => textOf(value) || undefined

export interface Thing {
  readonly type: string | undefined
  readonly id: string | undefined
  readonly name: string | undefined
}

export interface Person extends Thing {
  readonly role: string | undefined
  readonly via: string | undefined
}

/** An event as the mappings need it. */
export interface Facts {
  /** `unknown` when it does not say. */
  readonly id: string
  readonly kind: string
  readonly action: string
  readonly outcome: 'success' | 'failure' | 'denied' | 'unknown'
  /** In ms; 0 when it does not say. */
  readonly occurredAt: number
  readonly recordedAt: number | undefined
  readonly tenant: string | undefined
  readonly actor: Person
  readonly onBehalfOf: readonly Person[]
  readonly targets: readonly Thing[]
  readonly reason: string | undefined
  readonly error: {
    readonly type: string | undefined
    readonly message: string | undefined
    readonly stack: string | undefined
  }
  /** An HTTP status, 100 to 599. */
  readonly status: number | undefined
  readonly durationMs: number | undefined
  /** Any text of the request: `host`, `method`, `traceId` … */
  readonly request: (name: string) => string | undefined
  /** Anything of where the client is: `city`, `asn` … */
  readonly geo: (name: string) => unknown
  /** Any text of what the kind adds. */
  readonly data: (name: string) => string | undefined
  readonly event: unknown
}

const thingOf = (value: unknown): Thing => ({
  type: said(valueAt(value, ['type'])),
  id: said(valueAt(value, ['id'])),
  name: said(valueAt(value, ['name'])),
})

const personOf = (value: unknown): Person => ({
  ...thingOf(value),
  role: said(valueAt(value, ['role'])),
  via: said(valueAt(value, ['via'])),
})

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

const timeOf = (value: unknown): number | undefined =>
  typeof value === 'number' && Math.abs(value) <= farthest ? Math.trunc(value) : undefined

const isStatus = (value: unknown): value is number =>
  Number.isInteger(value) && Number(value) >= 100 && Number(value) <= 599

const isOutcome = (value: unknown): value is Facts['outcome'] =>
  value === 'success' || value === 'failure' || value === 'denied' || value === 'unknown'

export const factsOf = (event: unknown): Facts => {
  const at = (...path: readonly string[]): unknown => valueAt(event, path)
  const outcome = at('outcome')
  const status = at('data', 'status')
  return {
    id: said(at('id')) ?? 'unknown',
    kind: said(at('kind')) ?? 'unknown',
    action: said(at('action')) ?? 'unknown',
    outcome: isOutcome(outcome) ? outcome : 'unknown',
    occurredAt: timeOf(at('occurredAt')) ?? 0,
    recordedAt: timeOf(at('recordedAt')),
    tenant: said(at('tenant')),
    actor: personOf(at('actor')),
    onBehalfOf: listOf(at('actor', 'onBehalfOf')).map(personOf),
    targets: listOf(at('targets')).map(thingOf),
    reason: said(at('reason')),
    error: {
      type: said(at('error', 'type')),
      message: said(at('error', 'message')),
      stack: said(at('error', 'stack')),
    },
    status: isStatus(status) ? status : undefined,
    durationMs: amountOf(at('data', 'durationMs')),
    request: (name) => said(at('request', name)),
    geo: (name) => at('request', 'geo', name),
    data: (name) => said(at('data', name)),
    event,
  }
}

/** One line for people: why, or what is wrong, or what was done. */
export const messageOf = ({ reason, data, error, action }: Facts): string =>
  reason ?? data('title') ?? error.message ?? action

type Members = { readonly [name: string]: unknown }

/** An object without the members that have no value; undefined when it has none at all. */
export const some = (members: Members): Members | undefined => {
  const kept = Object.entries(members).filter(([, value]) => value !== undefined)
  return kept.length === 0 ? undefined : Object.fromEntries(kept)
}

/** The members of an event by these names, as they are. */
export const pick = (event: unknown, names: readonly string[]): Members | undefined =>
  some(
    isObject(event) ? Object.fromEntries(names.map((name) => [name, valueAt(event, [name])])) : {},
  )
