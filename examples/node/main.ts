import process from 'node:process'
import { serve } from '@hono/node-server'
import { createAudit } from 'edge-audit'
import { every } from 'edge-audit/croner'
import { directory } from 'edge-audit/directory'
import { jwtPayload } from 'edge-audit/hono-jwt'
import { libsql } from 'edge-audit/libsql'
import { closeOnShutdown, fileDeadLetter } from 'edge-audit/node'
import { redeliver } from 'edge-audit/redeliver'
import { Hono } from 'hono'
import { jwt } from 'hono/jwt'

const { AUDIT_URL = 'file:audit.db', AUDIT_TOKEN, JWT_SECRET = '', PORT = '3000' } = process.env

const deadLetter = fileDeadLetter('audit-letters')
const audit = createAudit({
  store: libsql({ url: AUDIT_URL, authToken: AUDIT_TOKEN }),
  deadLetter,
  actor: jwtPayload(),
})
await audit.migrate()
// What the database did not take last time.
await redeliver(audit, deadLetter)
// Every day at 3:17 UTC.
const job = every(audit, {
  schedule: '17 3 * * *',
  archiveAfter: '90d',
  to: directory('audit-archive'),
  onError: console.error,
})

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

const server = serve({ fetch: app.fetch, port: Number(PORT) }, ({ port }) => {
  console.log(`Listening on http://localhost:${port}`)
})
// The server first: what is still being answered is still recorded.
const stop = () => new Promise((resolve) => server.close(resolve))
closeOnShutdown({ flush: audit.flush, close: () => stop().then(job.stop).then(audit.close) })
