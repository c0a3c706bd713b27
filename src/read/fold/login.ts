import { textOf } from '../../event/data.ts'
import { byTime } from '../../event/order.ts'
import type { Actor, AuditEvent } from '../../event/schema.ts'

export interface LoginAddress {
  readonly ip: string
  /** Logins from there, however they ended. */
  readonly count: number
}

/** What is known of the logins of one user. */
export interface LoginView {
  /** The name that was tried, as it is kept; where none is known, the id of the actor. */
  readonly user: string
  readonly tenant: string | null
  /** Who got in last by that name; where no name is known, who it was. Undefined while nobody got in. */
  readonly actor: Actor | undefined
  readonly successes: number
  readonly failures: number
  /** Those that were turned away, whatever the password. */
  readonly denied: number
  /** Those of which nobody said how they ended. */
  readonly unknown: number
  readonly logouts: number
  readonly lastSuccess: number | undefined
  /** The last that failed or was denied. */
  readonly lastFailure: number | undefined
  readonly firstAt: number
  readonly lastAt: number
  /** Where logins came from, most first: no more than 20. */
  readonly addresses: readonly LoginAddress[]
  /** How many addresses there are. */
  readonly addressCount: number
  /** `password`, `oauth` …, as they were recorded, by name: no more than 20 of them. */
  readonly methods: readonly string[]
}

const MOST_LISTED = 20

type Who = Pick<AuditEvent, 'actor' | 'occurredAt' | 'id'>

interface Tally {
  readonly key: string
  readonly user: string
  readonly tenant: string | null
  /** Not the event: one for each user is more than a Worker holds. */
  last: Who | undefined
  readonly outcomes: Record<AuditEvent['outcome'], number>
  logouts: number
  lastSuccess: number | undefined
  lastFailure: number | undefined
  firstAt: number
  lastAt: number
  readonly addresses: Map<string, number>
  methods: readonly string[]
}

/** The name that was tried; an app that names the target itself may have said it in `data` alone. */
const nameOf = ({ data, targets: [target] }: AuditEvent): string | undefined =>
  textOf(data?.['name']) ?? (target?.type === 'account' ? target.id : undefined)

const begin = ({ tenant, occurredAt }: AuditEvent, user: string, key: string): Tally => ({
  key,
  user,
  tenant,
  last: undefined,
  outcomes: { success: 0, failure: 0, denied: 0, unknown: 0 },
  logouts: 0,
  lastSuccess: undefined,
  lastFailure: undefined,
  firstAt: occurredAt,
  lastAt: occurredAt,
  addresses: new Map(),
  methods: [],
})

const later = (at: number, before: number | undefined): number => Math.max(at, before ?? at)

const addLogin = (tally: Tally, event: AuditEvent, ip: string | null): void => {
  const { outcome, occurredAt, data } = event
  tally.outcomes[outcome] += 1
  if (outcome === 'success') tally.lastSuccess = later(occurredAt, tally.lastSuccess)
  if (outcome === 'failure' || outcome === 'denied')
    tally.lastFailure = later(occurredAt, tally.lastFailure)
  if (ip !== null) tally.addresses.set(ip, (tally.addresses.get(ip) ?? 0) + 1)
  const method = textOf(data?.['method'])
  const isNew = method !== undefined && !tally.methods.includes(method)
  if (isNew && tally.methods.length < MOST_LISTED) tally.methods = [...tally.methods, method]
}

const viewOf = (tally: Tally): LoginView => {
  const { user, tenant, outcomes, logouts, lastSuccess, lastFailure, firstAt, lastAt } = tally
  const addresses = [...tally.addresses].map(([ip, count]) => ({ ip, count }))
  return {
    user,
    tenant,
    actor: tally.last?.actor,
    successes: outcomes.success,
    failures: outcomes.failure,
    denied: outcomes.denied,
    unknown: outcomes.unknown,
    logouts,
    lastSuccess,
    lastFailure,
    firstAt,
    lastAt,
    addresses: addresses
      .toSorted((one, other) => other.count - one.count || (one.ip < other.ip ? -1 : 1))
      .slice(0, MOST_LISTED),
    addressCount: addresses.length,
    methods: tally.methods.toSorted(),
  }
}

/** Who was attacked, or forgot a password, stands first; of as many, who was seen last. */
const bySuspicion = (one: Tally, other: Tally): number => {
  const failed = ({ outcomes }: Tally): number => outcomes.failure + outcomes.denied
  if (failed(one) !== failed(other)) return failed(other) - failed(one)
  if (one.lastAt !== other.lastAt) return other.lastAt - one.lastAt
  if (one.user !== other.user) return one.user < other.user ? -1 : 1
  return one.key < other.key ? -1 : 1
}

export interface LoginTally {
  /** An event `login` or `logout`, and the address that it came from. */
  add(event: AuditEvent, ip: string | null): void
  /** The first of the users, and how many others there are; `isWanted` says which count. */
  first(
    limit: number,
    isWanted: (user: string) => boolean,
  ): { readonly users: readonly LoginView[]; readonly others: number }
}

/** Counts logins and logouts by user, in whatever order they come. */
export const loginTally = (): LoginTally => {
  const tallies = new Map<string, Tally>()
  return {
    add: (event, ip) => {
      const { actor, action, outcome, occurredAt, tenant } = event
      const name = nameOf(event)
      const user = name ?? actor.id
      const key = JSON.stringify([tenant, name === undefined ? actor.type : '', user])
      const tally = tallies.get(key) ?? begin(event, user, key)
      tallies.set(key, tally)
      tally.firstAt = Math.min(tally.firstAt, occurredAt)
      tally.lastAt = Math.max(tally.lastAt, occurredAt)
      const isWho = name === undefined || (action === 'login' && outcome === 'success')
      if (isWho && (tally.last === undefined || byTime(event, tally.last) > 0))
        tally.last = { actor, occurredAt, id: event.id }
      if (action === 'login') addLogin(tally, event, ip)
      else tally.logouts += 1
    },
    first: (limit, isWanted) => {
      const all = [...tallies.values()].filter(({ user }) => isWanted(user)).toSorted(bySuspicion)
      return { users: all.slice(0, limit).map(viewOf), others: Math.max(0, all.length - limit) }
    },
  }
}
