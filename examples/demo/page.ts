import { type Audit, isAuditError, type Kind, type Outcome } from 'edge-audit'
import { type EventQuery, get, page } from 'edge-audit/query'
import { summary } from 'edge-audit/summary'
import { processView } from 'edge-audit/views'
import { Hono } from 'hono'
import { html } from 'hono/html'
import { overview, processPage } from './overview.ts'
import { detail, document, listing, type Markup, type Wanted } from './view.ts'

const queryOf = ({ outcome, kind, actor, request, next }: Wanted): EventQuery => ({
  // Not in the list of outcomes or kinds: `page` refuses it, and names it.
  outcome: outcome as Outcome | undefined,
  kind: kind as Kind | undefined,
  actor,
  requestId: request,
  next,
  limit: 20,
})

const DAYS = 30

const notFound = (what: string): Markup =>
  document(
    'Not found',
    html`<h1>Not found</h1>
      <p>There is no ${what} of this id.</p>`,
  )

/** The pages on which an auditor reads the trail. Anyone may, here: ask who it is before you mount them. */
export const auditPages = (audit: Audit) => {
  const names = new Set(['outcome', 'kind', 'actor', 'request', 'next'])
  const app = new Hono()
    .use(async (c, next) => {
      await next()
      c.header(
        'content-security-policy',
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'",
      )
      c.header('cache-control', 'no-store')
      c.header('referrer-policy', 'no-referrer')
      c.header('x-content-type-options', 'nosniff')
    })
    .get('/', async (c) => {
      const given = Object.entries(c.req.query()).filter(
        ([name, value]) => names.has(name) && value !== '',
      )
      const wanted = Object.fromEntries(given)
      const found = await page(audit, queryOf(wanted), c.env)
      return c.html(document('Audit trail', listing(wanted, found)))
    })
    .get('/summary', async (c) => {
      const to = Date.now() + 1
      const counted = await summary(audit, { from: to - DAYS * 86_400_000, to }, c.env)
      return c.html(document('Summary', overview(DAYS, counted)))
    })
    .get('/processes', async (c) => {
      const view = await processView(audit, c.req.query('id') ?? '', {}, c.env)
      return view === undefined
        ? c.html(notFound('process'), 404)
        : c.html(document(view.name, processPage(view)))
    })
    .get('/:id', async (c) => {
      const event = await get(audit, c.req.param('id'), c.env)
      if (event === undefined) return c.html(notFound('event'), 404)
      return c.html(document(event.action, detail(event)))
    })
  app.onError((error, c) => {
    const wrong = isAuditError(error) && error.code === 'AUDIT_QUERY_INVALID'
    if (!wrong) throw error
    return c.html(
      document(
        'Wrong query',
        html`<h1>Wrong query</h1>
          <p>${error.message}</p>`,
      ),
      400,
    )
  })
  return app
}
