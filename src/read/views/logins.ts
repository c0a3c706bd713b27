import type { Condition } from '../../event/condition.ts'
import { eventOf } from '../event.ts'
import { loginTally, type LoginView } from '../fold/login.ts'
import { checkParameters, text, textOrNull, time, type Wanted, wholeFrom } from '../parameters.ts'
import type { Reading } from '../reading.ts'
import { endsOf } from '../span.ts'
import { upTo } from '../pages.ts'

export interface LoginsOptions {
  /** Earliest `occurredAt`, included; ms since 1970 UTC, or a Date. */
  readonly from: number | Date
  /** Latest `occurredAt`, not included; after `from`, by 366 days at most. */
  readonly to: number | Date
  /** null for logins of no tenant. A user of two tenants is two users. @default those of all tenants */
  readonly tenant?: string | null | undefined
  /** This user alone: the name that was tried, as it is kept, or the id of an actor of whom none is known. */
  readonly user?: string | undefined
  /** Most users, from 1 to 1,000. @default 50 */
  readonly limit?: number | undefined
  /** Most events that are read, the newest, from 1 to 1,000,000. @default 100_000 */
  readonly most?: number | undefined
}

export interface LoginList {
  readonly users: readonly LoginView[]
  /** How many more users there are. */
  readonly others: number
  /** There when the span has more events than `most`: the newest were counted. */
  readonly partial?: true
  /** Some events of the span lie in the archive, and are not counted. See `withArchive` of `edge-audit/archive`. */
  readonly archived?: true
}

const parameters: Readonly<Record<keyof LoginsOptions, Wanted>> = {
  from: time,
  to: time,
  tenant: textOrNull,
  user: text,
  limit: wholeFrom(1, 1_000),
  most: wholeFrom(1, 1_000_000),
}

const done: Condition = { column: 'action', in: ['login', 'logout'] }

/** Whatever may be of this user; the fold has the last word, by the name. */
const ofUser = (user: string, audit: Reading): Condition => ({
  or: [
    { some: 'targets', type: 'account', ids: [user] },
    { column: 'actorId', in: [user] },
    ...(audit.shows?.('data.name') === false
      ? []
      : [{ member: ['data', 'name'], in: [user] } as const]),
  ],
})

/**
 * Counts the logins of a span of time by user: the name that was tried or, where none is known, the
 * actor. Those with most logins that failed or were denied stand first; of as many, those that were seen
 * last. Logouts are counted too; one that tells no name is its actor's. Events are read a thousand at a
 * time, and no more of them are kept than the counts.
 * @throws {AuditError} AUDIT_QUERY_INVALID, naming the parameter; else what the store rejects with.
 * @example
 * import { logins } from 'edge-audit/views'
 * const to = Date.now()
 * const { users, others } = await logins(audit, { tenant: 'acme', from: to - 86_400_000, to, limit: 10 })
 * const attacked = users.filter(({ failures, successes }) => failures > 10 && successes > 0)
 */
export const logins = async (
  audit: Reading,
  options: LoginsOptions,
  env?: unknown,
): Promise<LoginList> => {
  checkParameters(options, parameters)
  const { from, to } = endsOf(options)
  const { tenant, user, limit = 50, most = 100_000 } = options
  const where: Condition = user === undefined ? done : { and: [done, ofUser(user, audit)] }
  const tally = loginTally()
  const source = audit.store(env)
  const asked = { kind: 'auth', tenant, from, to, where } as const
  const [rest, isArchived] = await Promise.all([
    upTo(source, asked, most, (row) => tally.add(eventOf(row), row.ip)),
    source.isArchived({ tenant, from, to }),
  ])
  return {
    ...tally.first(limit, (one) => user === undefined || one === user),
    ...(rest !== undefined && { partial: true }),
    ...(isArchived && { archived: true }),
  }
}
