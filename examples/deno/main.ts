import { createAudit } from 'edge-audit'
import { closeOnShutdown, denoCron } from 'edge-audit/deno'
import { jwtPayload } from 'edge-audit/hono-jwt'
import { libsql } from 'edge-audit/libsql'
import { Hono } from 'hono'
import { jwt } from 'hono/jwt'

const { AUDIT_URL = '', AUDIT_TOKEN, JWT_SECRET = '', PORT = '8000' } = Deno.env.toObject()

const audit = createAudit({
  store: libsql({ url: AUDIT_URL, authToken: AUDIT_TOKEN }),
  actor: jwtPayload(),
})
// `table` is a second one in the same database; with a bucket it is s3() of 'edge-audit/s3'.
denoCron(audit, { schedule: '17 3 * * *', archiveAfter: '90d', to: 'table' })
await audit.migrate()

const app = new Hono()
  .use(audit.middleware())
  .use(jwt({ secret: JWT_SECRET, alg: 'HS256' }))
  .post('/invoices/:id/refund', async (c) => {
    const target = { type: 'invoice', id: c.req.param('id') }
    const { reason } = await c.req.json<{ reason: string }>()
    // Refund it here, then say who did what to which thing, and why.
    audit.record({ action: 'invoice.refund', kind: 'change', target, reason })
    return c.json({ refunded: target.id })
  })

const server = Deno.serve({ port: Number(PORT) }, app.fetch)

closeOnShutdown({
  flush: audit.flush,
  // The server first: what is still being answered is still recorded.
  close: () => server.shutdown().then(audit.close),
})
