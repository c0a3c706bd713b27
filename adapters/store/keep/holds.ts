import { sql } from 'drizzle-orm'
import type { Hold, Ledger } from '../../../src/ports/ledger.ts'
import type { LedgerMeans } from './words.ts'

const names = [
  'id',
  'any_tenant',
  'tenant',
  'actor_id',
  'target_type',
  'target_id',
  'from_at',
  'to_at',
  'reason',
  'placed_by',
  'placed_at',
  'released_by',
  'released_at',
]

const text = (value: unknown): string | undefined => (value === null ? undefined : String(value))
const time = (value: unknown): number | undefined => (value === null ? undefined : Number(value))

const holdOf = (values: readonly unknown[]): Hold => {
  const [id, anyTenant, tenant, actor, type, targetId, from, to, reason, by, placedAt] = values
  const [releasedBy, releasedAt] = [text(values[11]), time(values[12])]
  return {
    id: String(id),
    tenant: Number(anyTenant) === 1 ? undefined : (text(tenant) ?? null),
    actor: text(actor),
    target: type === null ? undefined : { type: String(type), id: text(targetId) },
    from: time(from),
    to: time(to),
    reason: String(reason),
    by: String(by),
    placedAt: Number(placedAt),
    released:
      releasedBy === undefined || releasedAt === undefined
        ? undefined
        : { by: releasedBy, at: releasedAt },
  }
}

type Holding = Pick<Ledger, 'place' | 'release' | 'holds' | 'holdsSeen'>

export const holdsOf = ({ words, values, write, returning }: LedgerMeans): Holding => {
  const { clock, flag, timeOf, msOf } = words
  const timed = (ms: number | undefined) => (ms === undefined ? sql`null` : timeOf(ms))
  const listed = sql.join(
    names.map((name) => {
      const column = sql.raw(name)
      // Drivers give a boolean as a boolean, as a number or as a letter.
      if (name === 'any_tenant') return sql`case when ${column} then 1 else 0 end as ${column}`
      return name.endsWith('_at') ? sql`${msOf(column)} as ${column}` : column
    }),
    sql`, `,
  )
  return {
    place: ({ id, tenant, actor, target, from, to, reason, by }) =>
      write([
        sql`insert into audit_holds (id, any_tenant, tenant, actor_id, target_type, target_id,
          from_at, to_at, reason, placed_by) values (${id}, ${flag(tenant === undefined)},
          ${tenant ?? null}, ${actor ?? null}, ${target?.type ?? null}, ${target?.id ?? null},
          ${timed(from)}, ${timed(to)}, ${reason}, ${by}) on conflict do nothing`,
      ]),
    release: async (id, by) => {
      const statement = sql`update audit_holds set released_by = ${by}, released_at = ${clock}
        where id = ${id} and released_at is null returning id`
      return (await returning([statement], ['id'])).length > 0
    },
    holds: async ({ all = false, after } = {}) => {
      const wanted = sql.join(
        [
          all ? sql`true` : sql`released_at is null`,
          after === undefined ? sql`true` : sql`id > ${after}`,
        ],
        sql` and `,
      )
      const statement = sql`select ${listed} from audit_holds where ${wanted} order by id limit 1000`
      return (await values(statement, names)).map(holdOf)
    },
    holdsSeen: async () => {
      const [row] = await values(sql`select count(*) as seen from audit_holds`, ['seen'])
      return Number(row?.[0])
    },
  }
}
