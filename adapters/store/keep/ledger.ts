import type { SQL } from 'drizzle-orm'
import { sql } from 'drizzle-orm'
import type { ArchivedRow } from '../../../src/ports/archive.ts'
import type { Ledger } from '../../../src/ports/ledger.ts'
import { entriesOf } from './entries.ts'
import { isFree } from './held.ts'
import { holdsOf } from './holds.ts'
import { isHolder, leaseOf } from './lease.ts'
import { nameOf, written } from '../../../src/event/columns.ts'
import type { LedgerMeans, Rows } from './words.ts'

// UTF-16 units of the records of one statement: D1 takes values of 2 MB, Neon requests of 10 MiB.
const mostUnits = 500_000
const mostRows = 1_000

/** The rows in portions that one statement can take. */
const portionsOf = function* (rows: readonly ArchivedRow[]): Generator<readonly ArchivedRow[]> {
  let start = 0
  let units = 0
  for (const [place, { record }] of rows.entries()) {
    if (place > start && (units + record.length > mostUnits || place - start >= mostRows)) {
      yield rows.slice(start, place)
      start = place
      units = 0
    }
    units += record.length
  }
  if (start < rows.length) yield rows.slice(start)
}

const times: ReadonlySet<string> = new Set(['occurredAt', 'recordedAt'])

const columns = [...written, 'recordedAt' as const].map(
  (column) =>
    [column, times.has(column) ? 'time' : column === 'status' ? 'integer' : 'text'] as const,
)

const names = columns.map(([column]) => nameOf(column))

/** `where true`, or SQLite would read ON as part of a join (https://www.sqlite.org/lang_upsert.html). */
const insert = (into: string, { terms, from }: Rows, listed: readonly string[]): SQL =>
  sql`insert into ${sql.raw(`${into} (${listed.join(', ')})`)} select ${terms} from ${from}
    where true on conflict do nothing`

/** The books of the archive, in the words of a dialect. */
export const ledgerOf = (runner: LedgerMeans): Ledger => {
  const { words, values, write, returning } = runner
  /** Deletes while a row stands in `audit_archive_pass`, which nobody else ever sees. */
  const passing = (pass: string, statement: SQL) => [
    sql`insert into audit_archive_pass (id) values (${pass})`,
    statement,
    sql`delete from audit_archive_pass where id = ${pass}`,
  ]
  return {
    oneWriter: words.oneWriter,
    ...leaseOf(runner),
    ...entriesOf(runner),
    ...holdsOf(runner),
    remove: async (ids, because) => {
      const [first] = ids
      if (first === undefined) return []
      const may =
        'entries' in because
          ? sql`(select count(*) from audit_archive_manifests as entry where entry.expired_at is null
              and ${words.oneOf(sql.raw('entry.id'), because.entries)}) = ${new Set(because.entries).size}`
          : isHolder(because.holder, words)
      const among = words.oneOf(sql.raw('audit_events.id'), ids)
      const statement = sql`delete from audit_events where ${among} and ${may} and ${isFree} returning id`
      const gone = await returning([...words.stopHolds, ...passing(first, statement)], ['id'])
      if (gone.length === ids.length) return []
      // Others may have been deleted before: what is still there stayed.
      const left = await values(sql`select audit_events.id from audit_events where ${among}`, [
        'id',
      ])
      return left.map(([id]) => String(id))
    },
    tenants: async ({ where, from, to }) => {
      const { condition, timeOf } = words
      const statement = sql`select distinct audit_events.tenant as tenant from audit_events
        where audit_events.occurred_at >= ${timeOf(from)} and audit_events.occurred_at < ${timeOf(to)}
          and ${condition(where)}`
      const found = await values(statement, ['tenant'])
      return found.map(([tenant]) => (tenant === null ? null : String(tenant)))
    },
    restore: async (rows) => {
      for (const portion of portionsOf(rows))
        await write([insert('audit_events', words.rows(portion, columns), names)])
    },
    table: {
      write: (segment, rows) => {
        const into = (portion: readonly ArchivedRow[]) => {
          const placed = portion.map((row) => ({ ...row, segment }))
          const listed = words.rows(placed, [
            ...columns,
            ['archivedAt', 'time'],
            ['segment', 'text'],
          ])
          return insert('audit_archived_events', listed, [...names, 'archived_at', 'segment'])
        }
        return write([...portionsOf(rows)].map(into))
      },
      read: (segment, after) => {
        const beyond =
          after === undefined
            ? sql``
            : sql` and (occurred_at, id) > (${words.timeOf(after.occurredAt)}, ${after.id})`
        return runner.archived(
          sql`where segment = ${segment}${beyond} order by occurred_at, id limit ${mostRows}`,
        )
      },
      remove: (segment) =>
        write(passing(segment, sql`delete from audit_archived_events where segment = ${segment}`)),
    },
  }
}
