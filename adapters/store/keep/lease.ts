import type { SQL } from 'drizzle-orm'
import { sql } from 'drizzle-orm'
import type { Ledger } from '../../../src/ports/ledger.ts'
import { changed } from './changed.ts'
import type { LedgerMeans, LedgerWords } from './words.ts'

const name = sql.raw(`'keep'`)

/** Whether somebody holds the lease now. */
export const isHolder = (holder: string, { clock }: LedgerWords): SQL =>
  sql`exists (select 1 from audit_leases as lease where lease.name = ${name}
    and lease.holder = ${holder} and lease.expires_at > ${clock})`

/** Keeps the lease as it is until the transaction ends. */
export const lockLease = sql`update audit_leases set expires_at = expires_at where name = ${name}`

type Leasing = Pick<Ledger, 'now' | 'lease' | 'renew' | 'leave' | 'intend' | 'intents' | 'forget'>

/** Who may archive, and where somebody is writing to. */
export const leaseOf = (runner: LedgerMeans): Leasing => {
  const { words, values, write } = runner
  const { clock, later, msOf } = words
  const leased = (holder: string, statement: SQL): Promise<boolean> =>
    changed(runner, [statement], isHolder(holder, words))
  return {
    now: async () => {
      const [row] = await values(sql`select ${msOf(clock)} as now`, ['now'])
      return Number(row?.[0])
    },
    lease: (holder, ms) =>
      leased(
        holder,
        sql`insert into audit_leases (name, holder, expires_at)
          values (${name}, ${holder}, ${later(ms)})
          on conflict (name) do update set holder = excluded.holder, expires_at = excluded.expires_at
          where audit_leases.holder = excluded.holder or audit_leases.expires_at <= ${clock}`,
      ),
    renew: (holder, ms) =>
      leased(
        holder,
        sql`update audit_leases set expires_at = ${later(ms)}
          where name = ${name} and holder = ${holder} and expires_at > ${clock}`,
      ),
    leave: (holder) =>
      write([
        sql`update audit_leases set expires_at = ${clock}
          where name = ${name} and holder = ${holder} and expires_at > ${clock}`,
      ]),
    intend: async (intents) => {
      if (intents.length === 0) return
      const { terms, from } = words.rows(intents, [
        ['id', 'text'],
        ['place', 'text'],
        ['holder', 'text'],
      ])
      await write([
        sql`insert into audit_archive_intents (id, place, holder) select ${terms} from ${from}
          where true on conflict do nothing`,
      ])
    },
    intents: async () => {
      const names = ['id', 'place', 'holder', 'opened_at']
      const opened = sql.raw('opened_at')
      const found = await values(
        sql`select id, place, holder, ${msOf(opened)} as opened_at from audit_archive_intents
          order by audit_archive_intents.opened_at, id limit 1000`,
        names,
      )
      return found.map(([id, place, holder, openedAt]) => ({
        id: String(id),
        place: String(place),
        holder: String(holder),
        openedAt: Number(openedAt),
      }))
    },
    forget: (id) => write([sql`delete from audit_archive_intents where id = ${id}`]),
  }
}
