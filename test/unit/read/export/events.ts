import * as fc from 'fast-check'
import { memory } from '../../../../adapters/store/memory.ts'
import { Hono } from 'hono'
import { KINDS } from '../../../../src/event/kind.ts'
import { type AuditStore, createAudit } from '../../../../src/index.ts'
import { anyText } from '../../event/sample.ts'

/** An event of every kind, as the library records it. */
export const recorded = async (): Promise<readonly Record<string, unknown>[]> => {
  const records: string[] = []
  const store: AuditStore = {
    ...memory(),
    append: async (rows) => {
      records.push(...rows.map(({ record }) => record))
    },
  }
  const audit = createAudit({
    store,
    actor: () => ({
      id: 'u1',
      name: 'Ada',
      role: 'admin',
      onBehalfOf: [{ id: 'u2', name: 'Bob' }],
    }),
    tenant: () => 'acme',
    address: () => '203.0.113.7',
  })
  const app = new Hono()
  app.use(audit.middleware())
  app.all('/invoices/:id', (c) => {
    audit.login({ actor: { id: 'u1', name: 'Ada' }, method: 'oauth' })
    audit.login({ actor: { id: 'u1' }, method: 'password' })
    audit.loginFailed({ name: 'bob', failure: 'wrong-password', method: 'saml' })
    audit.logout()
    for (const action of ['password.change', 'password.reset', 'signup', 'impersonation.start'])
      audit.auth(action, { target: { type: 'user', id: 'u7', name: 'Eve' } })
    audit.auth('mfa.verify', { outcome: 'denied' })
    const order = audit.process('order', { steps: ['pay'] })
    order.step('pay').ok('a')
    order.step('pay').fail('b', 'why', new Error('declined'))
    order.end()
    audit.viewed({ type: 'patient', id: 7 })
    audit.viewed({ list: 'patient', count: 3 })
    audit.exported({ type: 'invoices', format: 'csv', records: 3 }).downloaded()
    const types = ['error', 'warning', 'info', 'security', 'performance', 'maintenance'] as const
    for (const type of types) audit.resolve(audit.system(type, { error: new TypeError('boom') }))
    for (const verb of ['create', 'read', 'update', 'delete', 'refund'])
      audit.record({
        kind: 'change',
        action: `invoice.${verb}`,
        target: { type: 'invoice', id: 7 },
      })
    audit.record({
      kind: 'security',
      action: 'probe.sql',
      outcome: 'denied',
      data: { rule: 'sql-1', severity: 'high' },
    })
    for (const action of ['audit.start', 'audit.stop', 'audit.configure'])
      audit.record({ kind: 'system', action })
    audit.record({ action: 'a.b', metadata: { a: { b: 1 } }, reason: 'because', outcome: 'denied' })
    return c.json({}, c.req.method === 'DELETE' ? 500 : 200)
  })
  for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'PROPFIND']) {
    const headers = { 'user-agent': 'UA', referer: 'https://r.example/' }
    await app.request('http://app.example:8443/invoices/7', { method, headers })
  }
  await audit.flush()
  return records.map((record) => ({ ...JSON.parse(record), recordedAt: 1_767_225_600_000 }))
}

const words = [
  'user',
  'service',
  'a.update',
  'login',
  'signup',
  'system.error',
  'high',
  'constructor',
  '203.0.113.7',
  '::1',
  '2001:db8::1',
  '::ffff:1.2.3.4',
  'fe80::1%eth0',
  '1.2.3',
  '999.1.1.1',
  'GET',
  'PATCH',
  'PROPFIND',
  'DE',
  'de',
  'app:99999',
  '[::1]:80',
  'app.example:443',
  '',
  '\0',
]
const text = fc.oneof(fc.constantFrom(...words), anyText(20))
const any = fc.oneof(
  { weight: 6, arbitrary: text },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
)
const number = fc.oneof(fc.double(), fc.integer(), fc.maxSafeInteger(), any)

const partial = (members: Readonly<Record<string, fc.Arbitrary<unknown>>>) =>
  fc.oneof(
    { weight: 8, arbitrary: fc.record(members, { requiredKeys: [] }) },
    { weight: 1, arbitrary: any },
  )

const all = (...names: readonly string[]): Readonly<Record<string, fc.Arbitrary<unknown>>> =>
  Object.fromEntries(names.map((name) => [name, any]))

const actions = [
  'login',
  'logout',
  'signup',
  'password.change',
  'impersonation.start',
  'system.error',
  'system.warning',
  'audit.start',
  'a.update',
  'a.delete',
  'export',
  'constructor',
]
const thing = partial(all('type', 'id', 'name', 'role', 'via'))

/** What a record may hold that somebody else wrote, as JSON gives it back. */
export const anyEvent: fc.Arbitrary<unknown> = partial({
  ...all('id', 'tenant', 'reason', 'changes', 'metadata'),
  kind: fc.oneof(fc.constantFrom(...KINDS), any),
  action: fc.oneof(fc.constantFrom(...actions), any),
  outcome: fc.oneof(fc.constantFrom('success', 'failure', 'denied', 'unknown'), any),
  occurredAt: number,
  recordedAt: number,
  actor: partial({
    ...all('type', 'id', 'name', 'role'),
    onBehalfOf: fc.oneof(fc.array(thing, { maxLength: 3 }), any),
  }),
  targets: fc.oneof(fc.array(thing, { maxLength: 3 }), any),
  error: partial(all('type', 'message', 'stack')),
  request: partial({
    ...all('id', 'ip', 'method', 'path', 'host', 'scheme', 'route', 'userAgent', 'referrer'),
    ...all('traceId', 'spanId'),
    geo: partial({ ...all('city', 'country', 'postalCode', 'region', 'timezone'), asn: number }),
  }),
  data: partial({
    ...all('rule', 'method', 'name', 'sessionHash', 'title', 'description', 'code', 'phase'),
    ...all('failure'),
    status: number,
    durationMs: number,
    severity: fc.oneof(fc.constantFrom('low', 'medium', 'high', 'critical'), any),
  }),
}).map((event) => JSON.parse(JSON.stringify(event) ?? 'null'))
