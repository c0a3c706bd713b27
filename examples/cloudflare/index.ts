import { createAudit } from 'edge-audit'
import { d1, type D1Binding } from 'edge-audit/d1'
import { jwtPayload } from 'edge-audit/hono-jwt'
import { type ObjectBucket, r2 } from 'edge-audit/r2'
import { scheduled } from 'edge-audit/schedule'
import { Hono } from 'hono'
import { jwt } from 'hono/jwt'

interface Env {
  readonly AUDIT_DB: D1Binding
  readonly ARCHIVE: ObjectBucket
  readonly JWT_SECRET: string
}

const audit = createAudit({
  // With Turso: libsql({ url: env.AUDIT_URL, authToken: env.AUDIT_TOKEN }) of 'edge-audit/libsql'.
  store: (env: Env) => d1(env.AUDIT_DB),
  actor: jwtPayload(),
})

const app = new Hono<{ Bindings: Env }>()
  .use(audit.middleware())
  .use((c, next) => jwt({ secret: c.env.JWT_SECRET, alg: 'HS256' })(c, next))
  .post('/invoices/:id/refund', async (c) => {
    const target = { type: 'invoice', id: c.req.param('id') }
    const { reason } = await c.req.json<{ reason: string }>()
    // Refund it here, then say who did what to which thing, and why.
    audit.record({ action: 'invoice.refund', kind: 'change', target, reason })
    return c.json({ refunded: target.id })
  })

export default {
  fetch: app.fetch,
  scheduled: scheduled(audit, { archiveAfter: '90d', to: (env: Env) => r2(env.ARCHIVE) }),
}
