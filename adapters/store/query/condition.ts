import type { SQL } from 'drizzle-orm'
import { sql } from 'drizzle-orm'
import { networkPrefix } from '../../../src/event/address.ts'
import { lowerAscii } from '../../../src/event/text.ts'
import type {
  Condition,
  FilterColumn,
  Scalar,
  PartyCondition,
} from '../../../src/event/condition.ts'
import { nameOf } from '../../../src/event/columns.ts'
import { inJson } from '../../../src/event/meets.ts'
import type { QueryWords } from './words.ts'

/** The column by its name in both dialects: `actor_id` for `actorId`. */
export const columnOf = (of: string, column: FilterColumn | 'occurredAt' | 'id'): SQL =>
  sql.raw(`${of}.${nameOf(column)}`)

const never = sql.raw('false')
const always = sql.raw('true')

export const allOf = (conditions: readonly SQL[]): SQL =>
  conditions.length === 0 ? always : sql.join([...conditions], sql` and `)

const anyOf = (conditions: readonly SQL[]): SQL =>
  conditions.length === 0 ? never : sql`(${sql.join([...conditions], sql` or `)})`

/** The least text that begins with nothing of these, or undefined where there is none. */
const beyond = (prefix: string): string | undefined => {
  const points = Array.from(prefix, (letter) => letter.codePointAt(0) ?? 0)
  for (let last = points.pop(); last !== undefined; last = points.pop()) {
    // Surrogates are no code points of their own: what follows U+D7FF is U+E000.
    if (last < 0x10_ffff)
      return String.fromCodePoint(...points, last === 0xd7ff ? 0xe000 : last + 1)
  }
  return undefined
}

/** Both databases order these columns by bytes, so that an index finds what begins alike. */
const beginning = (column: SQL, prefix: string): SQL => {
  const end = beyond(prefix)
  const from = sql`${column} >= ${prefix}`
  return end === undefined ? from : sql`(${from} and ${column} < ${end})`
}

const isFilled = (value: Scalar): value is string | number =>
  typeof value === 'string' || typeof value === 'number'

/** Of the values that are neither text nor number, each is asked for by itself. */
const among = (
  term: SQL,
  values: readonly (string | number)[],
  words: QueryWords,
): readonly SQL[] => {
  const [only, ...more] = values
  if (only === undefined) return []
  return [more.length === 0 ? sql`${term} = ${only}` : words.oneOf(term, values)]
}

export const columnIn = (
  column: SQL,
  values: readonly (string | number | null)[],
  words: QueryWords,
): SQL =>
  anyOf([
    ...among(column, values.filter(isFilled), words),
    ...(values.includes(null) ? [sql`${column} is null`] : []),
  ])

const person = (
  of: string,
  { type, ids }: PartyCondition,
  words: QueryWords,
  [typeName, idName]: readonly [string, string],
): SQL =>
  allOf([
    ...(type === undefined ? [] : [sql`${sql.raw(`${of}.${typeName}`)} = ${type}`]),
    ...(ids === undefined ? [] : [columnIn(sql.raw(`${of}.${idName}`), ids, words)]),
  ])

/**
 * The condition as SQL over `audit_events` by the name `of`. A network is only narrowed down, to what
 * `loosely` true comes to: `meets` has the last word on those rows.
 */
export const conditionOf = (
  condition: Condition,
  words: QueryWords,
  of: string,
  loosely = true,
): SQL => {
  const inner = (asked: Condition): SQL => conditionOf(asked, words, of, loosely)
  if ('and' in condition) return sql`(${allOf(condition.and.map(inner))})`
  if ('or' in condition) return anyOf(condition.or.map(inner))
  if ('not' in condition) {
    const denied = conditionOf(condition.not, words, of, !loosely)
    // What is unknown of a column without a value is not true.
    return sql`not coalesce(${denied}, false)`
  }
  if ('network' in condition) {
    if (!loosely) return never
    const ip = columnOf(of, 'ip')
    const prefix = networkPrefix(condition.network)
    return prefix === '' ? sql`${ip} is not null` : beginning(ip, prefix)
  }
  if ('text' in condition) {
    const part = lowerAscii(inJson(condition.text))
    return words.contains(sql.raw(`${of}.record`), part)
  }
  if ('some' in condition) {
    if (condition.some === 'onBehalfOf') return words.onBehalfOf(of, condition.type, condition.ids)
    const first = person(of, condition, words, ['target_type', 'target_id'])
    const more = person('more', condition, words, ['target_type', 'target_id'])
    return sql`((${sql.raw(`${of}.target_type is not null and `)}${first}) or exists (
      select 1 from audit_event_targets as more where ${sql.raw(`more.event_id = ${of}.id`)} and ${more}))`
  }
  if ('lastOf' in condition) return lastOf(condition.lastOf, words, of)
  if ('column' in condition) {
    const column = columnOf(of, condition.column)
    if ('in' in condition) return columnIn(column, condition.in, words)
    if ('prefix' in condition) return beginning(column, condition.prefix)
    const { from, to } = condition
    const bound = (ms: number): SQL =>
      condition.column === 'status' ? sql`${ms}` : words.timeOf(ms)
    return sql`(${allOf([
      sql`${column} is not null`,
      ...(from === undefined ? [] : [sql`${column} >= ${bound(from)}`]),
      ...(to === undefined ? [] : [sql`${column} < ${bound(to)}`]),
    ])})`
  }
  const { member } = condition
  if ('in' in condition) return memberIn(condition.in, words, of, member)
  if ('least' in condition) return sql`${words.number(of, member)} >= ${condition.least}`
  if ('has' in condition) return words.has(of, member, condition.has)
  const text = words.text(of, member)
  if ('prefix' in condition) return words.startsWith(text, condition.prefix)
  return words.contains(text, lowerAscii(condition.contains))
}

const memberIn = (
  values: readonly Scalar[],
  words: QueryWords,
  of: string,
  member: Parameters<QueryWords['text']>[1],
): SQL => {
  const texts = values.filter((value) => typeof value === 'string')
  const numbers = values.filter((value) => typeof value === 'number')
  const rest = values.filter((value) => typeof value === 'boolean' || value === null)
  return anyOf([
    ...among(words.text(of, member), texts, words),
    ...among(words.number(of, member), numbers, words),
    ...rest.map((value) => words.is(of, member, value)),
  ])
}

/**
 * A later event is looked for among those of the tenant, and of no tenant by itself: an index has null
 * apart. One row is asked for as a value: of `exists` PostgreSQL would make a join, and may read all
 * events for it, or think that so few are left that it reads all there are before it tells the first.
 */
const lastOf = (condition: Condition, words: QueryWords, of: string): SQL => {
  const later = (tenant: string): SQL =>
    sql`coalesce((select true from audit_events as later where ${sql.raw(
      `${tenant} and later.target_type = ${of}.target_type and later.target_id = ${of}.target_id
      and (later.occurred_at, later.id) > (${of}.occurred_at, ${of}.id) and later.kind = ${of}.kind`,
    )} and ${conditionOf(condition, words, 'later')} limit 1), false)`
  return sql`(${sql.raw(`${of}.target_id is not null`)} and ${conditionOf(condition, words, of)}
    and not ${later(`later.tenant = ${of}.tenant`)}
    and not (${sql.raw(`${of}.tenant is null`)} and ${later('later.tenant is null')}))`
}

/** Whether SQL decides the condition by itself. */
export const isExact = (condition: Condition): boolean => {
  if ('and' in condition) return condition.and.every(isExact)
  if ('or' in condition) return condition.or.every(isExact)
  if ('not' in condition) return isExact(condition.not)
  if ('lastOf' in condition) return isExact(condition.lastOf)
  return !('network' in condition)
}
