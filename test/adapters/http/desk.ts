import { type Context, Hono } from 'hono'
import { memory } from '../../../adapters/store/memory.ts'
import { auditRoutes, type RoutesOptions } from '../../../adapters/http/routes.ts'
import { type AuditEvent, eventSchema } from '../../../src/event/schema.ts'
import type { EventInput } from '../../../src/input.ts'
import type { AuditOptions } from '../../../src/options.ts'
import { NOW, trail } from '../../support/app.ts'

export { NOW } from '../../support/app.ts'

/** What `authorize` answers, for each request by a header: the tests say who is who, the routes do not. */
const said = (c: Context): boolean => JSON.parse(c.req.header('x-may') ?? 'true')

export const may = (fence: unknown): Record<string, string> => ({ 'x-may': JSON.stringify(fence) })

/** Far more than a test asks for. */
const unlimited = { requests: 1_000_000, exports: 1_000_000 }

/** An app of several tenants whose auditors have a desk at `/audit`. The actor is who `x-user` says. */
export const desk = (
  options: Partial<RoutesOptions> = {},
  more: Partial<AuditOptions> = {},
  around: (app: Hono) => Hono = (app) => app,
) => {
  const made = trail({
    store: memory({ now: () => NOW + 5 }),
    actor: (c) => {
      const id = c.req.header('x-user')
      return id === undefined ? undefined : { id, name: id.toUpperCase() }
    },
    tenant: () => 'house',
    // As an app might do that does not want to see auditors in its trail.
    rules: [{ match: '/audit/**', audit: false }],
    ...more,
  })
  const routes = auditRoutes(made.audit, {
    authorize: said,
    now: () => NOW,
    ...options,
    limits: { ...unlimited, ...options.limits },
  })
  const app = around(new Hono()).use(made.audit.middleware()).route('/audit', routes)
  const ask = (path: string, init: RequestInit = {}): Promise<Response> =>
    Promise.resolve(app.request(`/audit${path}`, init))
  return {
    ...made,
    app,
    routes,
    ask,
    /** The answer, which must have this status, as JSON. */
    get: async <Body = Readonly<Record<string, unknown>>>(
      path: string,
      init: RequestInit = {},
      status = 200,
    ): Promise<Body> => {
      const response = await ask(path, init)
      if (response.status !== status)
        throw new Error(`${path}: ${response.status} ${await response.text()}`)
      return (await response.json()) as Body
    },
    /** Records events in a job of each one's tenant. */
    put: async (...events: readonly EventInput[]): Promise<void> => {
      await made.audit.runAs({ source: 'test', tenant: 'acme' }, () => {
        for (const event of events) made.audit.record(event)
      })
    },
    /** What the routes told of themselves, oldest first, each held to the published schema. */
    told: async (): Promise<readonly AuditEvent[]> => {
      await made.audit.flush()
      const { rows } = await made.store.page({ limit: 1_000 })
      const parsed = rows.map(({ record }): AuditEvent => JSON.parse(record)).toReversed()
      return parsed.filter(isOwn).map((event) => eventSchema.parse(event))
    },
  }
}

const isOwn = ({ targets }: Partial<AuditEvent>): boolean =>
  targets?.some(({ type, name }) => type.startsWith('audit.') || name === 'audit-trail') === true
