import { createAudit, type AuditOptions } from 'edge-audit'
import { auth } from 'edge-audit/auth'
import { body } from 'edge-audit/body'
import { auditRoutes, type Authorize } from 'edge-audit/routes'
import { security } from 'edge-audit/security'
import { Hono } from 'hono'
import { streamSSE } from 'hono/streaming'
import { accountRoutes } from './account.ts'
import { createInvoices } from './invoices.ts'
import { issueRoutes, orderRoutes } from './orders.ts'
import { auditPages } from './page.ts'
import { css, icon } from './style.ts'
import { type User, users } from './users.ts'

/** A small invoicing app with an audit trail. What differs by runtime is handed in. */
export const createDemo = (options: Pick<AuditOptions, 'store'>) => {
  const audit = createAudit({
    ...options,
    actor: (c) => c.get('user'),
    tenant: (c) => (c.get('user') as User | undefined)?.tenant,
    requestId: { echo: true },
    auth: auth([
      { path: '/login', action: 'login', method: 'password', user: (c) => c.get('user') },
      { path: '/logout', action: 'logout' },
    ]),
    // What a handler does not catch is an error of the system, until someone resolves it.
    systemErrors: true,
    rules: [
      { match: { path: '/invoices/**', methods: ['POST'] }, body: body({ request: true }) },
      // Who looked at which invoice, and who deleted one without saying why: nobody may.
      { match: { path: '/invoices/*', methods: ['GET'] }, viewed: ofPath },
      { match: { path: '/invoices/*', methods: ['DELETE'] }, reason: 'required' },
      { match: '/ticker', body: body({ until: 'end' }), action: 'ticker.follow' },
      // Looking at the demo's audit trail would fill it with these looks.
      { match: '/audit/**', audit: false },
    ],
  })
  const invoices = createInvoices()

  const app = new Hono<{ Variables: { user?: User } }>()
    .use(audit.middleware())
    // Looks for attacks and slow requests, and blocks nothing.
    .use(security(audit))
    // Any name will do here. An app of yours verifies a session or a token (see edge-audit/jwt).
    .use(async (c, next) => {
      const user = users.get(c.req.header('x-demo-user') ?? '')
      if (user !== undefined) c.set('user', user)
      await next()
    })
    .get('/', (c) => c.redirect('/audit'))
    .get('/style.css', (c) => c.body(css, 200, { 'content-type': 'text/css; charset=utf-8' }))
    .get('/icon.svg', (c) => c.body(icon, 200, { 'content-type': 'image/svg+xml' }))

    .get('/invoices', audit.route({ action: 'invoice.list' }), (c) => {
      const status = c.req.query('status')
      const found = invoices.list(status)
      audit.viewed({ list: 'invoice', count: found.length, filter: { status } })
      audit.set({ found: found.length })
      return c.json(found)
    })
    .get('/invoices/:id', audit.route({ action: 'invoice.read', target: ofPath }), (c) => {
      const invoice = invoices.get(c.req.param('id'))
      return invoice === undefined ? c.json({ error: 'not found' }, 404) : c.json(invoice)
    })
    .post('/invoices', async (c) => {
      const user = c.get('user')
      if (user === undefined) return c.json({ error: 'sign in first' }, 401)
      const { customer, amount } = await c.req.json<{ customer?: string; amount?: number }>()
      if (customer === undefined || amount === undefined || amount <= 0)
        return c.json({ error: 'customer and amount are needed' }, 422)
      const invoice = invoices.create(customer, amount)
      audit.record({
        action: 'invoice.create',
        kind: 'change',
        target: { type: 'invoice', id: invoice.id, name: customer },
        changes: { amount: { new: amount }, status: { new: invoice.status } },
      })
      return c.json(invoice, 201)
    })
    .post('/invoices/:id/refund', audit.route({ target: ofPath }), async (c) => {
      const id = c.req.param('id')
      const invoice = invoices.get(id)
      if (invoice === undefined) return c.json({ error: 'not found' }, 404)
      if (c.get('user')?.role !== 'accountant')
        return c.json({ error: 'only accountants refund' }, 403)
      const { reason } = await c.req.json<{ reason?: string }>()
      invoices.refund(id)
      audit.record({
        action: 'invoice.refund',
        kind: 'change',
        target: { type: 'invoice', id, name: invoice.customer },
        reason,
        changes: { status: { old: invoice.status, new: 'refunded' } },
      })
      return c.json(invoices.get(id))
    })

    .get('/admin/users', audit.route({ action: 'user.list' }), (c) =>
      c.json({ error: 'for administrators only' }, 403),
    )
    .get('/reports/tax', audit.route({ action: 'report.tax' }), () => {
      throw new Error('The tax table is incomplete', { cause: new TypeError('rate is undefined') })
    })
    .get('/ticker', (c) =>
      streamSSE(c, async (stream) => {
        for (const invoice of invoices.list())
          await stream.writeSSE({ event: 'invoice', data: JSON.stringify(invoice) })
      }),
    )
    .delete('/invoices/:id', (c) => c.json({ error: 'invoices are kept' }, 405))
    .route('/', accountRoutes(audit))
    .route('/orders', orderRoutes(audit))
    .route('/issues', issueRoutes(audit))
    // For programs: JSON, files and OpenAPI. Anyone may look, here; only accountants resolve issues.
    .route(
      '/audit/api',
      auditRoutes(audit, { authorize: mayRead, reports: () => import('edge-audit/pdf') }),
    )
    .route('/audit', auditPages(audit))

  app.notFound((c) => c.json({ error: 'not found' }, 404))
  // The caller is told no more than this; the audit trail has the error, its causes and its stack.
  app.onError((_, c) => c.json({ error: 'something went wrong' }, 500))

  return { app, audit }
}

const mayRead: Authorize = (c, action) =>
  action !== 'resolve' || (c.get('user') as User | undefined)?.role === 'accountant'

const ofPath = (c: { readonly req: { readonly path: string } }) => ({
  type: 'invoice',
  id: c.req.path.split('/')[2] ?? '',
})
