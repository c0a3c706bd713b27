import type { SQL } from 'drizzle-orm'
import { sql } from 'drizzle-orm'
import { tenantsIn } from '../../../src/event/bounds.ts'
import type { EntryQuery } from '../../../src/ports/ledger.ts'
import type { EventSelection } from '../../../src/ports/store.ts'
import type { LedgerWords } from './words.ts'

const states: Readonly<Record<NonNullable<EntryQuery['state']>, SQL>> = {
  kept: sql`expired_at is null`,
  filled: sql`emptied_at is null and expired_at is null`,
  expired: sql`expired_at is not null and removed_at is null`,
}

type Words = Pick<LedgerWords, 'timeOf' | 'oneOf'>

const ofTenants = (tenants: readonly (string | null)[], { oneOf }: Words): SQL => {
  const named = tenants.filter((tenant) => tenant !== null)
  const terms = [
    ...(named.length === 1 ? [sql`tenant = ${named[0]}`] : []),
    ...(named.length > 1 ? [oneOf(sql.raw('tenant'), named)] : []),
    ...(tenants.includes(null) ? [sql`tenant is null`] : []),
  ]
  return terms.length === 0 ? sql`false` : sql`(${sql.join(terms, sql` or `)})`
}

type Behind = Pick<EntryQuery, 'behind' | 'order'>

/** What comes behind an entry in the order of time. */
const behindOf = ({ behind, order }: Behind, { timeOf }: Words): readonly SQL[] => {
  if (behind === undefined) return []
  const { number } = behind
  const [first, last] = [timeOf(behind.firstAt), timeOf(behind.lastAt)]
  return order === 'newest'
    ? [sql`(last_at < ${last} or (last_at = ${last} and number < ${number}))`]
    : [sql`(first_at > ${first} or (first_at = ${first} and number > ${number}))`]
}

/** Which manifests are asked for, as a condition on `audit_archive_manifests`. */
export const entriesWhere = (query: Omit<EntryQuery, 'limit'>, words: Words): SQL => {
  const { from, to, tenants, state, after } = query
  const { timeOf } = words
  const conditions = [
    ...(from === undefined ? [] : [sql`last_at >= ${timeOf(from)}`]),
    ...(to === undefined ? [] : [sql`first_at < ${timeOf(to)}`]),
    ...(tenants === undefined ? [] : [ofTenants(tenants, words)]),
    ...(state === undefined ? [] : [states[state]]),
    ...(after === undefined ? [] : [sql`number > ${after}`]),
    ...behindOf(query, words),
  ]
  return conditions.length === 0 ? sql`true` : sql.join(conditions, sql` and `)
}

/** Whether some events of the time and the tenants of a question lie in the archive: 1 or 0. */
export const archivedIn = ({ from, to, ...query }: EventSelection, words: Words): SQL => {
  const asked = { from, to, tenants: tenantsIn(query), state: 'kept' } as const
  return sql`(select count(*) from (select 1 from audit_archive_manifests
    where ${entriesWhere(asked, words)} limit 1) as kept)`
}
