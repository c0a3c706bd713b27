import type { SQL } from 'drizzle-orm'
import { sql } from 'drizzle-orm'
import type { StoredRow } from '../../../src/event/row.ts'
import type { MemberPath } from '../../../src/event/condition.ts'
import type { QueryRunner, QueryWords } from '../query/words.ts'
import type { SqliteDriver } from './driver.ts'
import { rowsOf, valuesOf } from './statements.ts'
import { summary } from './summary.ts'
import { auditEvents } from './table.ts'
import { sqliteText } from './text.ts'

// The functions of JSON throw at a text that is none, so each looks before it reads; CASE alone
// promises not to read what it did not ask for (https://www.sqlite.org/lang_expr.html#case).

/** No quote and no backslash is in a name: `read/` refuses them, for SQLite has no way to write them. */
const pathOf = (path: MemberPath): string => `$${path.map((name) => `."${name}"`).join('')}`

const looked = (of: string, then: SQL): SQL =>
  sql`case when json_valid(${sql.raw(`${of}.record`)}) then ${then} end`

const member = (of: string, path: MemberPath, types: string): SQL => {
  const [record, at] = [sql.raw(`${of}.record`), pathOf(path)]
  return looked(
    of,
    sql`case when json_type(${record}, ${at}) in (${sql.raw(types)}) then json_extract(${record}, ${at}) end`,
  )
}

export const words: QueryWords = {
  key: 'rowid',
  timeOf: (ms) => sql`${ms}`,
  msOf: (column) => column,
  first: sql.raw('-8640000000000000'),
  last: sql.raw('8640000000000000'),
  oneOf: (term, values) => sql`${term} in (select value from json_each(${JSON.stringify(values)}))`,
  text: (of, path) => member(of, path, `'text'`),
  number: (of, path) => member(of, path, `'integer', 'real'`),
  is: (of, path, value) =>
    sql`coalesce(${looked(of, sql`json_type(${sql.raw(`${of}.record`)}, ${pathOf(path)}) = ${String(value)}`)}, false)`,
  has: (of, path, name) =>
    looked(
      of,
      sql`json_type(${sql.raw(`${of}.record`)}, ${pathOf(path)}) = 'object'
        and exists (select 1 from json_each(${sql.raw(`${of}.record`)}, ${pathOf(path)}) as had where had.key = ${name})`,
    ),
  onBehalfOf: (of, type, ids) => {
    const is = (name: string, values: readonly string[]): SQL =>
      sql`json_type(party.value, ${`$.${name}`}) = 'text'
        and json_extract(party.value, ${`$.${name}`}) in (select value from json_each(${JSON.stringify(values)}))`
    const conditions = [
      sql`party.type = 'object'`,
      ...(type === undefined ? [] : [is('type', [type])]),
      ...(ids === undefined ? [] : [is('id', ids)]),
    ]
    // AND reads no further once it is false: what is no object is never taken apart.
    const fits = conditions.reduceRight(
      (rest, one) => sql`case when ${one} then ${rest} else false end`,
      sql`true`,
    )
    return looked(
      of,
      sql`json_type(${sql.raw(`${of}.record`)}, '$.actor.onBehalfOf') = 'array'
        and exists (select 1 from json_each(${sql.raw(`${of}.record`)}, '$.actor.onBehalfOf') as party where ${fits})`,
    )
  },
  // Of SQLite's own, lower() knows A to Z alone (https://www.sqlite.org/lang_corefunc.html#lower).
  contains: (text, part) => sql`instr(lower(${text}), ${part}) > 0`,
  // Without statistics it takes two ends of a time for so much that an equal column more counts for
  // nothing, and reads all of a tenant (https://www.sqlite.org/lang_corefunc.html#unlikely).
  rare: (condition) => sql`unlikely(${condition})`,
  unindexed: (column) => sql`+${column}`,
  startsWith: (text, prefix) => sql`substr(${text}, 1, length(${prefix})) = ${prefix}`,
  among: (key, keys) => sql`${key} in (${keys})`,
  each: (seeks, key, arm) => {
    const term = (place: number): SQL => sql.raw(`(seek.value ->> ${place})`)
    const [first] = seeks
    const tenant = typeof first?.tenant === 'string' ? term(0) : first?.tenant
    const values = first?.values.map((_, place) => term(place + 1)) ?? []
    const list = JSON.stringify(seeks.map(({ tenant, values }) => [tenant ?? null, ...values]))
    const sought = sql.raw(`sought.${key}`)
    return sql`select ${sought} as place from json_each(${list}) as seek
      join audit_events as sought on ${sought} in (${arm({ tenant, values })})`
  },
}

/** How events are read from SQLite. */
export const sqliteRunner = (driver: SqliteDriver): QueryRunner<StoredRow> => ({
  words,
  summary,
  text: sqliteText(driver),
  rows: (rest, also) => rowsOf(driver, auditEvents, rest, also),
  values: (statement) => valuesOf(driver, statement),
})
