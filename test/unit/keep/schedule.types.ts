// Compiled, never run: the handlers fit what Cloudflare and Hono call, and know the app's bindings.

import type { D1Database, ExportedHandler, R2Bucket } from '@cloudflare/workers-types'
import { Hono } from 'hono'
import { r2 } from '../../../adapters/archive/r2.ts'
import { d1 } from '../../../adapters/store/d1.ts'
import { createAudit } from '../../../src/audit.ts'
import { cronRoute, scheduled } from '../../../src/keep/start/schedule.ts'

interface Env {
  readonly AUDIT_DB: D1Database
  readonly ARCHIVE: R2Bucket
  readonly CRON_SECRET?: string
}

const audit = createAudit({ store: (env: Env) => d1(env.AUDIT_DB) })
const to = (env: Env) => r2(env.ARCHIVE)

export const worker: ExportedHandler<Env> = {
  scheduled: scheduled(audit, { archiveAfter: '90d', to }),
}

const run = cronRoute(audit, { secret: (env: Env) => env.CRON_SECRET, archiveAfter: '90d', to })
export const app = new Hono<{ Bindings: Env }>().get('/cron/keep', (c) => run(c.req.raw, c.env))

export const refused = (): readonly unknown[] => [
  // @ts-expect-error who may call is said, even if by nothing
  cronRoute(audit, { archiveAfter: '90d', to: 'table' }),
  // @ts-expect-error the bindings come with each run
  scheduled(audit, { archiveAfter: '90d', to: 'table', env: {} }),
  // @ts-expect-error a binding that is not there
  scheduled(audit, { archiveAfter: '90d', to: (env: Env) => r2(env.BUCKET) }),
]
