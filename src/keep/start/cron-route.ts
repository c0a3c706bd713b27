import { type AuditErrorCode, isAuditError } from '../../errors.ts'
import { invalid, isFunction } from '../../shape.ts'
import { runnerOf, type ScheduleOptions } from './runner.ts'
import { isSame, isSecret } from './secret.ts'
import type { KeptAudit } from '../tell.ts'

export interface CronRouteOptions<Env = unknown> extends ScheduleOptions<Env> {
  /**
   * What the scheduler sends as `Authorization: Bearer <secret>`: 16 characters or more, printable
   * ASCII without spaces. A function of the bindings where it comes late. While there is none, every
   * request is answered 503 and nothing runs.
   */
  readonly secret: string | undefined | ((env: Env) => string | undefined)
  /** Told what a run failed with: the answer has its code alone. @default nobody */
  readonly onError?: ((error: unknown) => void) | undefined
}

/** Answers a request; in Hono: `app.get('/cron/keep', (c) => run(c.req.raw, c.env))`. */
export type CronHandler<Env = unknown> = (request: Request, env?: Env) => Promise<Response>

/** Functions end earlier than scheduled ones: after 30 s where a proxy or a plan is strict. */
const SHORT = 25_000

const titles = {
  401: 'Unauthorized',
  405: 'Method Not Allowed',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
} as const

interface More {
  readonly code?: AuditErrorCode | undefined
  readonly headers?: Readonly<Record<string, string>>
}

const noStore = { 'cache-control': 'no-store' }

/** RFC 9457. */
const problem = (
  status: keyof typeof titles,
  detail: string,
  { code, headers }: More = {},
): Response =>
  Response.json(
    { type: 'about:blank', title: titles[status], status, detail, ...(code && { code }) },
    { status, headers: { 'content-type': 'application/problem+json', ...noStore, ...headers } },
  )

/** RFC 9110, 11.1: the name of a scheme is the same in any case of letters. */
const bearer = /^bearer +(\S+)$/i

/**
 * Answers a scheduler that calls over HTTP, such as Vercel's cron, with a run of `keep`. GET alone,
 * and with the secret alone, which is compared in constant time.
 *
 * 200 with the numbers of the run as JSON, also when another is under way (`state: 'busy'`); 401
 * without the right secret; 405 for other methods; 503 while no secret is configured; 500 when the run
 * failed. Problems are RFC 9457, with the error's code and nothing else of it. Nothing is cached.
 *
 * A run takes 25 s at most unless `budgetMs` says otherwise: stay below what ends your function. One
 * that is cut off loses nothing, and the next goes on.
 * @throws {AuditError} AUDIT_OPTION_INVALID, now, for a wrong option. The handler rejects with what
 * `secret` or `onError` throws, and with nothing else.
 * @see https://vercel.com/docs/cron-jobs/manage-cron-jobs#securing-cron-jobs
 * @example
 * import { createAudit } from 'edge-audit'
 * import { libsql } from 'edge-audit/libsql'
 * import { cronRoute } from 'edge-audit/schedule'
 * const audit = createAudit({ store: libsql({ url: 'file:audit.db' }) })
 * const secret = (env: { CRON_SECRET?: string }) => env.CRON_SECRET
 * const run = cronRoute(audit, { secret, archiveAfter: '90d', to: 'table' })
 * const response = await run(new Request('https://example.com/cron/keep'), {})
 */
export const cronRoute = <Env = unknown>(
  audit: KeptAudit,
  { secret, onError, ...options }: CronRouteOptions<Env>,
): CronHandler<Env> => {
  if (secret !== undefined && typeof secret !== 'string' && !isFunction(secret))
    invalid('secret must be a text, or a function that gives one')
  if (onError !== undefined && !isFunction(onError)) invalid('onError must be a function')
  const run = runnerOf(audit, options, SHORT)

  return async (request, env) => {
    if (request.method !== 'GET')
      return problem(405, 'A run is asked for by GET.', { headers: { allow: 'GET' } })
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- who gives no bindings has a function of none
    const expected = typeof secret === 'function' ? secret(env as Env) : secret
    if (!isSecret(expected))
      return problem(503, 'No secret of 16 characters or more is configured, so nothing runs.')
    const [, given] = bearer.exec(request.headers.get('authorization') ?? '') ?? []
    if (given === undefined || !(await isSame(given, expected)))
      return problem(401, 'This needs the secret of the scheduler.', {
        headers: { 'www-authenticate': 'Bearer' },
      })
    try {
      return Response.json(await run(env), { headers: noStore })
    } catch (error) {
      onError?.(error)
      const code = isAuditError(error) ? error.code : undefined
      return problem(500, 'The run failed. Nothing is lost: the next one goes on.', { code })
    }
  }
}
