/**
 * Routes on which auditors read the trail: lists, one event, counts, views and files, as JSON, NDJSON
 * and more; what is read is itself recorded.
 * @module
 */
import { Hono } from 'hono'
import { idMinter } from '../../src/event/id.ts'
import { ambient } from '../../src/runtime/ambient.ts'
import { bodyOf } from './body.ts'
import { exportFile } from './export.ts'
import { getEvent, listEvents } from './events.ts'
import { mediaTypesOf } from './format.ts'
import { given } from './given.ts'
import { guard } from './guard.ts'
import { counting } from './limits.ts'
import { operations } from './operations.ts'
import { type RoutesOptions, settingsOf } from './options.ts'
import { printReport } from './report.ts'
import { getHistory, listExports, listIssues, listLogins, listProcesses } from './lists.ts'
import { noted } from './parameters.ts'
import { decide } from './resolve.ts'
import { documenting, getExport, getIssue, getProcess, getStats, getSummary } from './things.ts'
import type { RouteEnv, RoutesAudit } from './visit.ts'

export type { Problem, Wrong } from './problem.ts'
export type { ReportPrinter } from './printer.ts'
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
  return app
    .get(operations.events.path, given(operations.events), (c) =>
      listEvents(c, c.req.valid('query')),
    )
    .get(operations.event.path, given(operations.event), (c) =>
      getEvent(c, c.req.valid('param').id),
    )
    .get(operations.summary.path, given(operations.summary), (c) =>
      getSummary(c, c.req.valid('query'), now()),
    )
    .get(operations.history.path, given(operations.history), (c) =>
      getHistory(c, c.req.valid('query')),
    )
    .get(operations.logins.path, given(operations.logins), (c) =>
      listLogins(c, c.req.valid('query'), now()),
    )
    .get(operations.processes.path, given(operations.processes), (c) =>
      listProcesses(c, c.req.valid('query')),
    )
    .get(operations.process.path, given(operations.process), (c) =>
      getProcess(c, c.req.valid('param').id, c.req.valid('query')),
    )
    .get(operations.issues.path, given(operations.issues), (c) =>
      listIssues(c, c.req.valid('query')),
    )
    .get(operations.issue.path, given(operations.issue), (c) =>
      getIssue(c, c.req.valid('param').id, c.req.valid('query')),
    )
    .post(operations.resolve.path, given(operations.resolve), bodyOf(noted), (c) =>
      decide(
        c,
        operations.resolve,
        c.req.valid('param').id,
        c.req.valid('query'),
        c.req.valid('json'),
      ),
    )
    .post(operations.reopen.path, given(operations.reopen), bodyOf(noted), (c) =>
      decide(
        c,
        operations.reopen,
        c.req.valid('param').id,
        c.req.valid('query'),
        c.req.valid('json'),
      ),
    )
    .get(operations.exports.path, given(operations.exports), (c) =>
      listExports(c, c.req.valid('query')),
    )
    .get(operations.exported.path, given(operations.exported), (c) =>
      getExport(c, c.req.valid('param').id, c.req.valid('query')),
    )
    .get(operations.export.path, given(operations.export), (c) =>
      exportFile(c, c.req.valid('query'), settings, () => mint(now())),
    )
    .get(operations.processReport.path, given(operations.processReport), (c) =>
      printReport(c, audit, 'process', c.req.valid('query'), settings),
    )
    .get(operations.activityReport.path, given(operations.activityReport), (c) =>
      printReport(c, audit, 'activity', c.req.valid('query'), settings),
    )
    .get(operations.accessReport.path, given(operations.accessReport), (c) =>
      printReport(c, audit, 'access', c.req.valid('query'), settings),
    )
    .get(operations.loginsReport.path, given(operations.loginsReport), (c) =>
      printReport(c, audit, 'logins', c.req.valid('query'), settings),
    )
    .get(operations.changesReport.path, given(operations.changesReport), (c) =>
      printReport(c, audit, 'changes', c.req.valid('query'), settings),
    )
    .get(operations.systemReport.path, given(operations.systemReport), (c) =>
      printReport(c, audit, 'system', c.req.valid('query'), settings),
    )
    .get(operations.stats.path, given(operations.stats), (c) => getStats(c, audit))
    .get(operations.openapi.path, given(operations.openapi), (c) => getDocument(c))
}
