import { createAudit } from 'edge-audit'
import { jwtPayload } from 'edge-audit/hono-jwt'
import { neon } from 'edge-audit/neon'
import { cronRoute } from 'edge-audit/schedule'
import { Hono } from 'hono'
import { jwt } from 'hono/jwt'

const { DATABASE_URL = '', JWT_SECRET = '', CRON_SECRET } = process.env

const audit = createAudit({
  store: neon({ connectionString: DATABASE_URL }),
  actor: jwtPayload(),
})

// Vercel calls it as vercel.json says, with the secret. `table` is a second one in the same database;
// with a bucket it is s3() of 'edge-audit/s3'.
const keepEvents = cronRoute(audit, { secret: CRON_SECRET, archiveAfter: '90d', to: 'table' })

// Events are written after the response: Vercel's waitUntil is found by itself, here and on the edge
// (`export const config = { runtime: 'edge' }`, where this file need not change).
const app = new Hono()
  .use(audit.middleware())
  .get('/cron/keep', (c) => keepEvents(c.req.raw))
  .use(jwt({ secret: JWT_SECRET, alg: 'HS256' }))
  .post('/invoices/:id/refund', async (c) => {
    const target = { type: 'invoice', id: c.req.param('id') }
    const { reason } = await c.req.json<{ reason: string }>()
    // Refund it here, then say who did what to which thing, and why.
    audit.record({ action: 'invoice.refund', kind: 'change', target, reason })
    return c.json({ refunded: target.id })
  })

export default app
