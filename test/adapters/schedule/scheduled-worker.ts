// Runs in workerd, driven by workerd.test.ts: an app on Cloudflare that keeps its trail by cron.
import type { D1Database, ExportedHandler, R2Bucket } from '@cloudflare/workers-types'
import { r2 } from '../../../adapters/archive/r2.ts'
import { d1 } from '../../../adapters/store/d1.ts'
import { createAudit } from '../../../src/audit.ts'
import { verifyArchive } from '../../../src/keep/keep.ts'
import { scheduled } from '../../../src/keep/start/schedule.ts'

interface Env {
  readonly DB: D1Database
  readonly ARCHIVE: R2Bucket
}

const audit = createAudit({ store: (env: Env) => d1(env.DB) })
const to = (env: Env) => r2(env.ARCHIVE, { prefix: 'audit/' })

const worker: ExportedHandler<Env> = {
  fetch: async (_request, env) => {
    const verified = await verifyArchive(audit, { archive: to, env })
    const { objects } = await env.ARCHIVE.list({ prefix: 'audit/' })
    // Its Response is that of workerd.
    return new Response(JSON.stringify({ ...verified, objects: objects.length })) as never
  },
  scheduled: scheduled(audit, { archiveAfter: '90d', to }),
}

// oxlint-disable-next-line import/no-default-export -- where workerd looks
export default worker
