import type { StoredRow } from '../../src/event/row.ts'
import type { Condition } from '../../src/event/condition.ts'

// What a condition says of a row, worked out anew and slowly: no function is shared with what is tested.

type Row = Omit<StoredRow, 'recordedAt'>

const parsed = (record: string): unknown => {
  try {
    return JSON.parse(record)
  } catch {
    return undefined
  }
}

const isThing = (value: unknown): value is Record<string, unknown> =>
  Object.prototype.toString.call(value) === '[object Object]'

const at = (value: unknown, path: readonly string[]): unknown => {
  let found = value
  for (const name of path) {
    if (!isThing(found)) return undefined
    found = Object.entries(found).find(([key]) => key === name)?.[1]
  }
  return found
}

const small = (text: string): string =>
  Array.from(text, (letter) => (/^[A-Z]$/.test(letter) ? letter.toLowerCase() : letter)).join('')

const isV4 = (address: string): boolean => /^\d+(\.\d+){3}$/.test(address)

const bitsOf = (address: string): string | undefined => {
  const eight = (part: string): string => Number(part).toString(2).padStart(8, '0')
  // RFC 4291, section 2.5.5.2: an IPv4 address is one of IPv6 too.
  if (isV4(address))
    return `${'0'.repeat(80)}${'1'.repeat(16)}${address.split('.').map(eight).join('')}`
  if (!address.includes(':')) return undefined
  const [left = '', right] = address.split('::')
  const groups = (half: string): string[] => (half === '' ? [] : half.split(':'))
  const missing = right === undefined ? 0 : 8 - groups(left).length - groups(right).length
  const all = [
    ...groups(left),
    ...Array.from({ length: missing }, () => '0'),
    ...groups(right ?? ''),
  ]
  return all.map((group) => Number.parseInt(group, 16).toString(2).padStart(16, '0')).join('')
}

const isIn = (ip: string, network: string): boolean => {
  const [base = '', bits] = network.split('/')
  const [one, other] = [bitsOf(ip), bitsOf(base)]
  if (one === undefined || other === undefined) return false
  const kept = bits === undefined ? 128 : Number(bits) + (isV4(base) ? 96 : 0)
  return one.slice(0, kept) === other.slice(0, kept)
}

const isTarget = (value: unknown): boolean =>
  isThing(value) && typeof value['type'] === 'string' && typeof value['id'] === 'string'

const partiesOf = (row: Row, some: 'targets' | 'onBehalfOf'): readonly unknown[] => {
  const event = parsed(row.record)
  if (some === 'onBehalfOf') {
    const list = at(event, ['actor', 'onBehalfOf'])
    return Array.isArray(list) ? list.filter(isThing) : []
  }
  const list = at(event, ['targets'])
  const more = Array.isArray(list) ? list.slice(1).filter(isTarget) : []
  const first = row.targetType === null ? [] : [{ type: row.targetType, id: row.targetId }]
  return [...first, ...more]
}

/** Whether a row is as the condition says, among all the rows that there are. */
export const judged = (condition: Condition, row: Row, all: readonly Row[]): boolean => {
  const again = (other: Condition): boolean => judged(other, row, all)
  if ('and' in condition) return !condition.and.some((one) => !again(one))
  if ('or' in condition) return condition.or.filter(again).length > 0
  if ('not' in condition) return !again(condition.not)
  if ('network' in condition) return row.ip !== null && isIn(row.ip, condition.network)
  if ('text' in condition) {
    const written = JSON.stringify(condition.text)
    return small(row.record).indexOf(small(written.slice(1, written.length - 1))) >= 0
  }
  if ('some' in condition) {
    const { type, ids } = condition
    return partiesOf(row, condition.some).some(
      (party) =>
        isThing(party) &&
        (type === undefined || party['type'] === type) &&
        (ids === undefined || ids.some((id) => party['id'] === id)),
    )
  }
  if ('lastOf' in condition) {
    if (row.targetType === null || row.targetId === null || !again(condition.lastOf)) return false
    const rivals = all.filter(
      (other) =>
        other.tenant === row.tenant &&
        other.kind === row.kind &&
        other.targetType === row.targetType &&
        other.targetId === row.targetId &&
        (other.occurredAt > row.occurredAt ||
          (other.occurredAt === row.occurredAt && other.id > row.id)),
    )
    return rivals.every((other) => !judged(condition.lastOf, other, all))
  }
  if ('column' in condition) {
    const value = row[condition.column]
    if ('in' in condition) return condition.in.indexOf(value) >= 0
    if ('prefix' in condition)
      return (
        typeof value === 'string' && value.slice(0, condition.prefix.length) === condition.prefix
      )
    if (typeof value !== 'number') return false
    if (condition.from !== undefined && value < condition.from) return false
    return condition.to === undefined || value < condition.to
  }
  const value = at(parsed(row.record), condition.member)
  if ('in' in condition) return condition.in.some((one) => one === value)
  if ('least' in condition) return typeof value === 'number' && value >= condition.least
  if ('has' in condition) return isThing(value) && Object.keys(value).includes(condition.has)
  if (typeof value !== 'string') return false
  if ('prefix' in condition) return value.slice(0, condition.prefix.length) === condition.prefix
  return small(value).indexOf(small(condition.contains)) >= 0
}
