/**
 * Routes on which auditors read the trail: lists, one event, counts, views and files, as JSON, NDJSON
 * and more; what is read is itself recorded.
 * @module
 */
import { Hono } from 'hono'
import { idMinter } from '../../src/event/id.ts'
import { ambient } from '../../src/runtime/ambient.ts'
import { bodyOf } from './body.ts'
import { exportEvents } from './export.ts'
import { getEvent, listEvents } from './events.ts'
import { mediaTypesOf } from './format.ts'
import { given } from './given.ts'
import { guard } from './guard.ts'
import { counting } from './limits.ts'
import { operations } from './operations.ts'
import { type RoutesOptions, settingsOf } from './options.ts'
import { noted } from './parameters.ts'
import { decide } from './resolve.ts'
import { documenting, getExport, getIssue, getProcess, getStats, getSummary } from './things.ts'
import type { RouteEnv, RoutesAudit } from './visit.ts'

export type { Problem, Wrong } from './problem.ts'
export type { Authorize, RouteAction, RouteLimits, RoutesOptions } from './options.ts'

/**
 * Makes the routes, to be mounted in an app: lists and counts of events, one of them, views of processes,
 * issues and exports, and files. `hc<ReturnType<typeof auditRoutes>>` is their client, `/openapi.json`
 * their description.
 *
 * What is read, exported or refused is an event of kind `access` or `export`, with who asked and what
 * for. No rule of the app leaves it out (`skip`, `pause()` and `enabled` do, as ever), and nothing in a
 * request does. Answers are JSON, lists NDJSON too; they are never cached, and name no other origin.
 * Errors are problem details (RFC 9457) that name each wrong parameter.
 * @throws {AuditError} AUDIT_OPTION_INVALID for every wrong option, and without `authorize`.
 * @example
 * import { Hono } from 'hono'
 * import { createAudit } from 'edge-audit'
 * import { memory } from 'edge-audit/memory'
 * import { auditRoutes } from 'edge-audit/routes'
 * const audit = createAudit({ store: memory() })
 * const app = new Hono().route(
 *   '/audit',
 *   auditRoutes(audit, { authorize: (c) => c.get('user')?.role === 'auditor' && { tenant: 'acme' } }),
 * )
 */
export const auditRoutes = (audit: RoutesAudit, options: RoutesOptions) => {
  const settings = settingsOf(audit, options)
  const { limits, now } = settings
  const counters = {
    requests: counting(limits.requests, limits.per),
    exports: counting(limits.exports, limits.per),
  }
  const getDocument = documenting(() => mediaTypesOf(settings.formats))
  const app = new Hono<RouteEnv>()
  for (const operation of Object.values(operations))
    app.use(operation.path, audit.middleware(), guard(audit, operation, settings, counters))
  const mint = idMinter(ambient.random)
  const {
    event,
    events,
    export: file,
    exported,
    issue,
    openapi,
    process,
    reopen,
    resolve,
    stats,
    summary,
  } = operations
  return app
    .get(events.path, given(events), (c) => listEvents(c, c.req.valid('query')))
    .get(event.path, given(event), (c) => getEvent(c, c.req.valid('param').id))
    .get(summary.path, given(summary), (c) => getSummary(c, c.req.valid('query'), now()))
    .get(process.path, given(process), (c) =>
      getProcess(c, c.req.valid('param').id, c.req.valid('query')),
    )
    .get(issue.path, given(issue), (c) =>
      getIssue(c, c.req.valid('param').id, c.req.valid('query')),
    )
    .post(resolve.path, given(resolve), bodyOf(noted), (c) => {
      const { id } = c.req.valid('param')
      return decide(c, resolve, 'resolve', id, c.req.valid('query'), c.req.valid('json').note)
    })
    .post(reopen.path, given(reopen), bodyOf(noted), (c) => {
      const { id } = c.req.valid('param')
      return decide(c, reopen, 'reopen', id, c.req.valid('query'), c.req.valid('json').note)
    })
    .get(exported.path, given(exported), (c) =>
      getExport(c, c.req.valid('param').id, c.req.valid('query')),
    )
    .get(file.path, given(file), (c) =>
      exportEvents(c, c.req.valid('query'), settings, () => mint(now())),
    )
    .get(stats.path, given(stats), (c) => getStats(c, audit))
    .get(openapi.path, given(openapi), (c) => getDocument(c))
}
