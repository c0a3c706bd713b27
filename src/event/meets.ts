import { network } from './address.ts'
import { isObject, objectIn } from './data.ts'
import { byTime } from './order.ts'
import type { StoredRow } from './row.ts'
import { lowerAscii } from './text.ts'
import type { Condition, MemberPath, Scalar, PartyCondition } from './condition.ts'

type Event = Readonly<Record<string, unknown>>

const own = (value: unknown, name: string): unknown =>
  isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined

const memberOf = (event: Event | undefined, path: MemberPath): unknown =>
  path.reduce<unknown>(own, event)

const equals = (value: unknown, wanted: Scalar): boolean => value === wanted

/** How a text stands in JSON, without its quotes. */
export const inJson = (text: string): string => JSON.stringify(text).slice(1, -1)

const isTarget = (value: unknown): boolean =>
  isObject(value) && typeof value['type'] === 'string' && typeof value['id'] === 'string'

/** Anybody of a list in the record who is asked for. */
const someOf = (list: unknown, { type, ids }: PartyCondition): boolean =>
  Array.isArray(list) &&
  list.some(
    (one: unknown) =>
      isObject(one) &&
      (type === undefined || one['type'] === type) &&
      (ids === undefined || ids.some((id) => id === one['id'])),
  )

/**
 * Decides a condition on one row: for the store in memory, and for what a database can only narrow
 * down. `all` are the rows among which a later one may be; a database asks that itself.
 */
export const meets = (
  row: StoredRow,
  condition: Condition,
  all: readonly StoredRow[] = [],
): boolean => {
  let parsed: { readonly event: Event | undefined } | undefined
  const member = (path: MemberPath): unknown => {
    parsed ??= { event: objectIn(row.record) }
    return memberOf(parsed.event, path)
  }
  const judge = (asked: Condition): boolean => {
    if ('and' in asked) return asked.and.every(judge)
    if ('or' in asked) return asked.or.some(judge)
    if ('not' in asked) return !judge(asked.not)
    if ('network' in asked) return row.ip !== null && network(asked.network)?.(row.ip) === true
    if ('text' in asked) return lowerAscii(row.record).includes(lowerAscii(inJson(asked.text)))
    if ('some' in asked) {
      if (asked.some === 'onBehalfOf') return someOf(member(['actor', 'onBehalfOf']), asked)
      // An event about nothing has no first one.
      const first = row.targetType === null ? [] : [{ type: row.targetType, id: row.targetId }]
      const more = member(['targets'])
      return someOf(
        [...first, ...(Array.isArray(more) ? more.slice(1).filter(isTarget) : [])],
        asked,
      )
    }
    if ('lastOf' in asked) {
      return (
        row.targetType !== null &&
        row.targetId !== null &&
        meets(row, asked.lastOf) &&
        !all.some((other) => isLater(other, row) && meets(other, asked.lastOf))
      )
    }
    if ('column' in asked) {
      const value = row[asked.column]
      if ('in' in asked) return asked.in.includes(value)
      if ('prefix' in asked) return typeof value === 'string' && value.startsWith(asked.prefix)
      const { from = -Infinity, to = Infinity } = asked
      return typeof value === 'number' && value >= from && value < to
    }
    const value = member(asked.member)
    if ('in' in asked) return asked.in.some((wanted) => equals(value, wanted))
    if ('least' in asked) return typeof value === 'number' && value >= asked.least
    if ('has' in asked) return isObject(value) && Object.hasOwn(value, asked.has)
    if (typeof value !== 'string') return false
    if ('prefix' in asked) return value.startsWith(asked.prefix)
    return lowerAscii(value).includes(lowerAscii(asked.contains))
  }
  return judge(condition)
}

const isLater = (other: StoredRow, row: StoredRow): boolean =>
  other.tenant === row.tenant &&
  other.kind === row.kind &&
  other.targetType === row.targetType &&
  other.targetId === row.targetId &&
  byTime(other, row) > 0
