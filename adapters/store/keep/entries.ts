import type { SQL } from 'drizzle-orm'
import { sql } from 'drizzle-orm'
import type { Entry, EntryQuery, Ledger, NewEntry } from '../../../src/ports/ledger.ts'
import { nameOf } from '../../../src/event/columns.ts'
import { changed } from './changed.ts'
import { isHolder, lockLease } from './lease.ts'
import { entriesWhere } from './where.ts'
import type { Columns, LedgerMeans } from './words.ts'

const names = [
  'id',
  'number',
  'place',
  'tenant',
  'first_at',
  'last_at',
  'count',
  'manifest',
  'emptied_at',
  'expired_at',
  'removed_at',
  'memo',
] as const

const times: ReadonlySet<string> = new Set([
  'first_at',
  'last_at',
  'emptied_at',
  'expired_at',
  'removed_at',
])

const columns: Columns<NewEntry> = [
  ['id', 'text'],
  ['number', 'integer'],
  ['place', 'text'],
  ['tenant', 'text'],
  ['firstAt', 'time'],
  ['lastAt', 'time'],
  ['count', 'integer'],
  ['manifest', 'text'],
]

const textOrNull = (value: unknown): string | null => (value === null ? null : String(value))
const timeOrNull = (value: unknown): number | null => (value === null ? null : Number(value))

const entryOf = (values: readonly unknown[]): Entry => {
  const [id, number, place, tenant, firstAt, lastAt, count, manifest, emptied, expired] = values
  return {
    id: String(id),
    number: Number(number),
    place: String(place),
    tenant: textOrNull(tenant),
    firstAt: Number(firstAt),
    lastAt: Number(lastAt),
    count: Number(count),
    manifest: String(manifest),
    emptiedAt: timeOrNull(emptied),
    expiredAt: timeOrNull(expired),
    removedAt: timeOrNull(values[10]),
    memo: textOrNull(values[11]),
  }
}

const orders: Readonly<Record<NonNullable<EntryQuery['order']>, SQL>> = {
  ascending: sql.raw('number asc'),
  descending: sql.raw('number desc'),
  oldest: sql.raw('audit_archive_manifests.first_at asc, number asc'),
  newest: sql.raw('audit_archive_manifests.last_at desc, number desc'),
}

type Entries = Pick<Ledger, 'commit' | 'entries' | 'emptied' | 'expire' | 'removed' | 'memo'>

/** The manifests, and what became of their events. */
export const entriesOf = (runner: LedgerMeans): Entries => {
  const { words, values, write } = runner
  const { clock, msOf } = words
  const listed = sql.join(
    names.map((name) => {
      const column = sql.raw(name)
      return times.has(name) ? sql`${msOf(column)} as ${column}` : column
    }),
    sql`, `,
  )
  return {
    commit: async (entries, holder) => {
      const [first] = entries
      if (first === undefined) return true
      const ids = entries.map(({ id }) => id)
      const { terms, from } = words.rows(entries, columns)
      const among = words.oneOf(sql.raw('id'), ids)
      const all = sql`(select count(*) from audit_archive_manifests where ${among}) = ${ids.length}`
      const statements = [
        // Nobody else takes the lease, or commits, until this is through.
        lockLease,
        sql`insert into audit_archive_manifests (${sql.raw(columns.map(([name]) => nameOf(name)).join(', '))})
          select ${terms} from ${from} where ${isHolder(holder, words)}
            and (select coalesce(max(number), 0) from audit_archive_manifests) = cast(${first.number - 1} as integer)`,
        sql`delete from audit_archive_intents where ${among} and ${all}`,
      ]
      return changed(runner, statements, all)
    },
    entries: async (query) => {
      const statement = sql`select ${listed} from audit_archive_manifests
        where ${entriesWhere(query, words)} order by ${orders[query.order ?? 'ascending']} limit ${query.limit}`
      return (await values(statement, names)).map(entryOf)
    },
    emptied: (ids, yes) =>
      ids.length === 0
        ? Promise.resolve()
        : write([
            sql`update audit_archive_manifests set emptied_at = ${yes ? clock : sql`null`}
              where ${words.oneOf(sql.raw('id'), ids)}`,
          ]),
    expire: (id, holder, holdsSeen) => {
      const statements = [
        ...words.stopHolds,
        sql`update audit_archive_manifests set expired_at = ${clock}
          where id = ${id} and expired_at is null and ${isHolder(holder, words)}
            and (select count(*) from audit_holds) = ${holdsSeen}`,
      ]
      const isExpired = sql`exists (select 1 from audit_archive_manifests
        where id = ${id} and expired_at is not null)`
      return changed(runner, statements, isExpired)
    },
    removed: (id) =>
      write([sql`update audit_archive_manifests set removed_at = ${clock} where id = ${id}`]),
    memo: (id, text) =>
      write([sql`update audit_archive_manifests set memo = ${text} where id = ${id}`]),
  }
}
