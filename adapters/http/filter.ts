import { isObject } from '../../src/event/data.ts'
import type { EventFilter, PartyFilter, StatusClass } from '../../src/read/filter.ts'
import { refuse } from '../../src/read/parameters.ts'
import type { Scalar } from '../../src/event/condition.ts'
import type * as z from 'zod'
import { type filters, timeOf } from './parameters.ts'
import { queryOf } from './parse.ts'
import type { Wrong } from './problem.ts'

export type Given = z.output<z.ZodObject<typeof filters>>

/** What is asked for, and where in the URL it came from. */
export interface Asking {
  readonly filter: EventFilter
  /** The parameter that each member of `and` was made of. */
  readonly inside: readonly string[]
}

/** The span of a question, in ms. */
export const spanOf = ({
  from,
  to,
}: {
  readonly from?: string | undefined
  readonly to?: string | undefined
}): { readonly from: number | undefined; readonly to: number | undefined } => ({
  from: from === undefined ? undefined : timeOf(from),
  to: to === undefined ? undefined : timeOf(to),
})

const orNull = (values: readonly string[] | undefined): (string | null)[] | undefined =>
  values?.map((value) => (value === '' ? null : value))

const isClass = (text: string): text is StatusClass => /^[1-5]xx$/.test(text)

const statusOf = (text: string): number | StatusClass | null => {
  if (text === '') return null
  return isClass(text) ? text : Number(text)
}

const partiesOf = ({ actor, actorType }: Given): readonly PartyFilter[] | undefined => {
  if (actorType === undefined) return actor
  return actorType.flatMap((type): readonly PartyFilter[] =>
    actor === undefined ? [{ type }] : actor.map((id) => ({ id, type })),
  )
}

const isNumber = /^-?(?:0|[1-9]\d{0,14})(?:\.\d{1,15})?$/

/** What a value of a URL may stand for: it is a text there, whatever it is in the event. */
const scalarsOf = (text: string): readonly Scalar[] => {
  if (text === '') return ['', null]
  if (text === 'true' || text === 'false') return [text, text === 'true']
  return isNumber.test(text) ? [text, Number(text)] : [text]
}

/** The readers of `src/read` hold it to what a filter may be. */
const isFilter = (value: unknown): value is EventFilter => isObject(value)

/**
 * What the parameters of a list ask for.
 * @throws {AuditError} AUDIT_QUERY_INVALID, naming the parameter.
 */
export const askingOf = (given: Given): Asking => {
  const { metadata = {}, targetType, targetId, status, filter } = given
  if (targetId !== undefined && targetType === undefined)
    refuse('targetId', 'given with targetType')
  const target = targetType?.map((type) => ({ type, id: targetId }))
  const members = Object.entries(metadata).map(([name, values]) => {
    const path = name.slice('metadata.'.length)
    const wanted = values.flatMap(scalarsOf).map((value) => ({ metadata: { [path]: value } }))
    return [name, { or: wanted }] as const
  })
  const inner: readonly (readonly [string, EventFilter])[] = [
    ...(isFilter(filter) ? [['filter', filter] as const] : []),
    ...members,
  ]
  return {
    inside: inner.map(([name]) => name),
    filter: {
      ...spanOf(given),
      tenant: orNull(given.tenant),
      kind: given.kind,
      action: given.action,
      outcome: given.outcome,
      actor: partiesOf(given),
      onBehalfOf: given.onBehalfOf,
      target,
      requestId: orNull(given.requestId),
      traceId: given.traceId,
      batchId: given.batchId,
      method: orNull(given.method),
      route: orNull(given.route),
      path: given.path,
      status: status?.map(statusOf),
      ip: orNull(given.ip),
      userAgent: given.userAgent,
      minDurationMs: given.minDurationMs,
      changed: given.changed,
      text: given.text,
      ...(inner.length > 0 && { and: inner.map(([, one]) => one) }),
    },
  }
}

/** Where a member of an event is asked for, when the reader is told that it is not shown. */
const places: Readonly<Record<string, string>> = {
  'actor.onBehalfOf': 'onBehalfOf',
  'data.durationMs': 'minDurationMs',
  'data.status': 'status',
  'metadata.batchId': 'batchId',
  'request.id': 'requestId',
  'request.ip': 'ip',
  'request.method': 'method',
  'request.path': 'path',
  'request.route': 'route',
  'request.traceId': 'traceId',
  'request.userAgent': 'userAgent',
  target: 'targetType',
}

const nameOf = (written: string): string => {
  if (written.startsWith('changes.')) return 'changed'
  if (written.startsWith('the column ')) return 'columns'
  const first = written.replace(/\[.*/s, '')
  return Object.hasOwn(places, first) ? (places[first] ?? first) : first
}

const largestBy = (query: Query, size: (values: readonly string[]) => number): string | undefined =>
  [...query].toSorted(([, one], [, other]) => size(other) - size(one))[0]?.[0]

/** The parameter that takes most of the first characters of a URL; no more of it need be looked at. */
export const longestIn = (url: string, characters: number): string | undefined =>
  largestBy(queryOf(url.slice(0, characters)), (values) => values.join('').length)

type Query = ReadonlyMap<string, readonly string[]>

/**
 * What the readers refuse, by the name that it has in the URL. They name a member of the filter; one
 * that came from no parameter of its own stands in `filter`.
 */
export const wrongIn =
  (query: Query, known: ReadonlySet<string>, inside: readonly string[]) =>
  (told: string): Wrong => {
    const [, name = '', detail = told] = /^(.*?) (must be .*)$/s.exec(told) ?? []
    const [, index] = /^and\[(\d+)\]/.exec(name) ?? []
    const within = index === undefined ? undefined : inside[Number(index)]
    if (within !== undefined) return { parameter: within, detail }
    const named = nameOf(name)
    const plain = named.replace(/\..*/s, '')
    const given = [named, plain, 'filter'].find((one) => query.has(one))
    if (given !== undefined) return { parameter: given, detail }
    return {
      parameter: known.has(plain) ? plain : (largestBy(query, (values) => values.length) ?? plain),
      detail,
    }
  }
