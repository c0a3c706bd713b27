/**
 * Counts failed logins, tells of attacks, and lets the app turn them away.
 * @module
 */
import type { AnyContext, EventInput } from '../../input.ts'
import type { Attempt } from '../../seams.ts'
import type { Columns } from '../../event/row.ts'
import type { PageFilter } from '../../ports/store.ts'
import { within } from '../../runtime/within.ts'
import { callable, integer, ms, object } from '../../shape.ts'
import { anonymous } from '../actor.ts'
import type { AttemptWatch } from './counting.ts'

/** Failed logins within the window, counted up to their threshold. */
export interface AttemptCount {
  /** Of the attempted name; 0 where none is known. */
  readonly name: number
  /** From the address; 0 where none is known. */
  readonly ip: number
}

export interface AttemptsOptions {
  /** Ms that count. @default 900_000 */
  readonly window?: number | undefined
  /** So many failed logins of one name are an attack. @default 10 */
  readonly perName?: number | undefined
  /** So many from one address are. @default 50 */
  readonly perIp?: number | undefined
  /**
   * Asked before the handler, on the routes of `auth` with the action `login`, once a threshold is
   * reached: `true` answers 429 until enough of the failures are older than the window, a Response is
   * given as it is. @default nobody is turned away
   */
  readonly block?:
    | ((
        count: AttemptCount,
        c: AnyContext,
      ) => Response | boolean | null | undefined | Promise<Response | boolean | null | undefined>)
    | undefined
}

const check = object({
  window: ms(1),
  perName: integer(1, 1_000),
  perIp: integer(1, 1_000),
  block: callable,
})

/** Ms that a login waits for the counts, whatever the app's deadline. */
const PATIENCE = 1_000
/** Names and addresses of which this process remembers that they were told of. */
const REMEMBERED = 1_000

type By = 'name' | 'ip'

/** What is counted: up to `threshold` failed logins, and when the first of them was. */
interface Counted {
  readonly by: By
  readonly id: string
  readonly count: number
  readonly threshold: number
  readonly since: number
}

const failures = (by: By, id: string, { action, tenant }: Attempt): PageFilter => {
  const failed = { kind: 'auth', action, outcome: 'failure' } as const
  // An address is one client whatever tenant it knocks at; a name is somebody of one tenant.
  return by === 'ip'
    ? { ...failed, ip: id }
    : { ...failed, tenant, targetType: 'account', targetId: id }
}

const targetOf = (by: By, id: string): { readonly type: string; readonly id: string } => ({
  type: by === 'ip' ? 'address' : 'account',
  id,
})

const tooMany = (retryAfter: number): Response =>
  Response.json(
    {
      type: 'about:blank',
      title: 'Too Many Requests',
      status: 429,
      detail: 'Too many failed logins. Try again later.',
    },
    {
      status: 429,
      headers: { 'content-type': 'application/problem+json', 'retry-after': String(retryAfter) },
    },
  )

/**
 * Counts failed logins by name and by address in the store, however they were told: by a route, by
 * `audit.loginFailed()`, by an integration. At a threshold it records one `security` event
 * `auth.bruteforce` for that name or address and window. A store that is down lets everybody through.
 * @throws {AuditError} AUDIT_OPTION_INVALID, naming the first option that is wrong.
 * @example
 * import { createAudit } from 'edge-audit'
 * import { attempts } from 'edge-audit/attempts'
 * import { auth } from 'edge-audit/auth'
 * import { memory } from 'edge-audit/memory'
 * const audit = createAudit({
 *   store: memory(),
 *   auth: auth({
 *     routes: [{ path: '/api/token', action: 'login' }],
 *     attempts: attempts({ perName: 5, block: () => true }),
 *   }),
 * })
 */
export const attempts = (options: AttemptsOptions = {}): AttemptWatch => {
  check(options, 'attempts')
  const { window = 900_000, perName = 10, perIp = 50, block } = options
  /** Until when it is known that this was told. */
  const told = new Map<string, number>()

  const remember = (key: string, until: number): void => {
    const [oldest] = told.keys()
    if (told.size >= REMEMBERED && oldest !== undefined) told.delete(oldest)
    told.set(key, until)
  }

  const countOf = async (
    by: By,
    id: string | undefined,
    threshold: number,
    attempt: Attempt,
  ): Promise<Counted | undefined> => {
    if (id === undefined) return undefined
    const { now, store } = attempt
    const query = { ...failures(by, id, attempt), from: now - window, limit: threshold }
    const { rows } = await store.page(query)
    return { by, id, count: rows.length, threshold, since: rows.at(-1)?.occurredAt ?? now }
  }

  const countsOf = async (attempt: Attempt): Promise<readonly Counted[]> => {
    const counts = await Promise.all([
      countOf('name', attempt.name, perName, attempt),
      countOf('ip', attempt.ip, perIp, attempt),
    ])
    return counts.filter((counted) => counted !== undefined)
  }

  const isOver = ({ count, threshold }: Counted): boolean => count >= threshold

  /** Whether another process, or this one before it forgot, has told of it within the window. */
  const isStored = async (
    { by, id }: Counted,
    { now, store, tenant }: Attempt,
  ): Promise<boolean> => {
    const { id: targetId, type: targetType } = targetOf(by, id)
    const kind: Columns['kind'] = 'security'
    const action = 'auth.bruteforce'
    const found = { tenant, targetType, targetId, kind, action, from: now - window, limit: 1 }
    return (await store.page(found)).rows.length > 0
  }

  const tell = async (
    counted: Counted,
    attempt: Attempt,
    record: (event: EventInput) => Promise<void>,
  ): Promise<void> => {
    const { by, id, count, threshold } = counted
    const { now, tenant } = attempt
    const key = JSON.stringify([tenant, by, id])
    if ((told.get(key) ?? -Infinity) > now) return
    // Noted before anything is waited for: what fails at the same moment tells nothing more.
    remember(key, now + window)
    try {
      if (await isStored(counted, attempt)) return
      await record({
        kind: 'security',
        action: 'auth.bruteforce',
        outcome: 'unknown',
        actor: anonymous,
        tenant,
        target: targetOf(by, id),
        data: { by, count, severity: 'high', threshold, windowMs: window },
      })
    } catch (error) {
      told.delete(key)
      throw error
    }
  }

  const before: AttemptWatch['before'] = async (attempt, c) => {
    const counts = await within(countsOf(attempt), PATIENCE)
    const over = counts.filter(isOver)
    if (block === undefined || over.length === 0) return undefined
    const of = (by: By): number => counts.find((counted) => counted.by === by)?.count ?? 0
    const answer = await block({ name: of('name'), ip: of('ip') }, c)
    if (answer !== true) return answer instanceof Response ? answer : undefined
    // When the first of the failures that were counted leaves the window, there are too few.
    const free = Math.max(...over.map(({ since }) => since + window))
    return tooMany(Math.max(1, Math.ceil((free - attempt.now) / 1_000)))
  }

  return {
    before: block && before,
    after: async (attempt, record) => {
      const counts = await countsOf(attempt)
      for (const counted of counts) if (isOver(counted)) await tell(counted, attempt, record)
    },
  }
}
