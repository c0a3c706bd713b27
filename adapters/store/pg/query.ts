import type { SQL } from 'drizzle-orm'
import { sql } from 'drizzle-orm'
import type { StoredRow } from '../../../src/event/row.ts'
import type { MemberPath } from '../../../src/event/condition.ts'
import type { QueryRunner, QueryWords, Seek } from '../query/words.ts'
import type { PgReader } from './driver.ts'
import { rowsOf, valuesOf } from './rows.ts'
import { summary } from './summary.ts'
import { pgText } from './text.ts'
import { auditEvents } from './table.ts'
import { asMs, timeOf } from './times.ts'

// audit_json() comes by a migration: null where the record is no JSON. `->` with a text finds members
// of objects alone, and takes any name.
const member = (of: string, path: MemberPath): SQL =>
  sql`(${sql.raw(`audit_json(${of}.record)`)}${sql.join(
    path.map((name) => sql` -> ${name}::text`),
    sql``,
  )})`

const typed = (value: SQL, type: string, then: SQL): SQL =>
  sql`case jsonb_typeof(${value}) when ${sql.raw(`'${type}'`)} then ${then} end`

const textOf = (value: SQL): SQL => typed(value, 'string', sql`${value} #>> '{}'`)

const listOf = (values: readonly string[]): SQL =>
  sql`(select json_array_elements_text(${JSON.stringify(values)}::json))`

export const words: QueryWords = {
  key: 'id',
  timeOf,
  msOf: asMs,
  first: sql.raw(`'-infinity'::timestamptz`),
  last: sql.raw(`'infinity'::timestamptz`),
  oneOf: (term, values) =>
    values.every((value) => typeof value === 'number')
      ? sql`${term} in (select json_array_elements_text(${JSON.stringify(values)}::json)::numeric)`
      : sql`${term} in ${listOf(values.map(String))}`,
  text: (of, path) => sql`(${textOf(member(of, path))})`,
  number: (of, path) => {
    const value = member(of, path)
    return sql`(${typed(value, 'number', sql`(${value} #>> '{}')::numeric`)})`
  },
  is: (of, path, value) =>
    sql`coalesce(${member(of, path)} = ${JSON.stringify(value)}::jsonb, false)`,
  has: (of, path, name) => {
    const value = member(of, path)
    return typed(value, 'object', sql`jsonb_exists(${value}, ${name})`)
  },
  onBehalfOf: (of, type, ids) => {
    const parties = member(of, ['actor', 'onBehalfOf'])
    const is = (name: string, values: readonly string[]): SQL =>
      sql`${textOf(sql`(party -> ${sql.raw(`'${name}'`)})`)} in ${listOf(values)}`
    const conditions = [
      sql`jsonb_typeof(party) = 'object'`,
      ...(type === undefined ? [] : [is('type', [type])]),
      ...(ids === undefined ? [] : [is('id', ids)]),
    ]
    return sql`exists (select 1 from jsonb_array_elements(${typed(parties, 'array', parties)}) as party
      where ${sql.join(conditions, sql` and `)})`
  },
  // In the collation "C" lower() knows A to Z alone, whatever the language of the database.
  contains: (text, part) => sql`strpos(lower(${text} collate "C"), ${part}) > 0`,
  rare: (condition) => condition,
  unindexed: (column) => sql`(${column} + interval '0')`,
  startsWith: (text, prefix) => sql`starts_with(${text}, ${prefix})`,
  // Of `in` it would make a join, and may walk through all events in the order of time to find the few.
  among: (key, keys) => sql`${key} = any(array(${keys}))`,
  each: (seeks, _, arm) => {
    const [first] = seeks
    const names = first?.values.map((_, place) => `v${place}`) ?? []
    const tenant = typeof first?.tenant === 'string' ? sql.raw('seek.tenant') : first?.tenant
    const values = names.map((name) => sql.raw(`seek.${name}`))
    const columns = ['tenant', ...names].map((name) => `${name} text`).join(', ')
    return sql`select sought.place from json_to_recordset(${JSON.stringify(seeks.map(rowOf))}::json) as seek(${sql.raw(columns)})
      cross join lateral (${arm({ tenant, values })}) as sought`
  },
}

const rowOf = ({ tenant, values }: Seek): Readonly<Record<string, string | null>> => ({
  tenant: tenant ?? null,
  ...Object.fromEntries(values.map((value, place) => [`v${place}`, value])),
})

/** How events are read from PostgreSQL. */
export const pgRunner = (database: PgReader): QueryRunner<StoredRow> => ({
  words,
  summary,
  text: pgText(database),
  rows: (rest, also) => rowsOf(database, auditEvents, rest, also),
  values: (statement, names) => valuesOf(database, statement, names),
})
