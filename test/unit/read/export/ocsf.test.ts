import { isIP } from 'node:net'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ocsf, toOcsf } from '../../../../src/read/export/export.ts'
import { anyEvent, recorded } from './events.ts'
import { anyRow, exported, sourceOf } from './rows.ts'

// What OCSF 1.6.0 says of all that is written, in our words: https://schema.ocsf.io/1.6.0/classes and
// /objects. Attributes of 1.6.0 that are not written are not here: a new one does not pass unseen.

type Enum = Readonly<Record<number | string, string>>
/** `s` text, `i` whole number, `b` boolean, `ip`, `any`; the name of an object, `[]` a list of it; an enum. */
type Type = string | Enum
interface Shape {
  readonly required?: readonly string[]
  readonly oneOf?: readonly string[]
  readonly has: Readonly<Record<string, Type>>
}

const objects: Readonly<Record<string, Shape>> = {
  actor: { oneOf: ['user'], has: { user: 'user' } },
  user: {
    oneOf: ['uid', 'name'],
    has: {
      uid: 's',
      name: 's',
      type: 's',
      type_id: { 0: 'Unknown', 1: 'User', 2: 'Admin', 3: 'System', 4: 'Service', 99: 'Other' },
    },
  },
  api: {
    required: ['operation'],
    has: { operation: 's', request: 'request', response: 'response', service: 'service' },
  },
  request: { required: ['uid'], has: { uid: 's' } },
  response: { has: { code: 'i', error: 's', error_message: 's' } },
  service: { oneOf: ['name', 'uid'], has: { name: 's' } },
  endpoint: { oneOf: ['ip', 'name', 'svc_name'], has: { ip: 'ip', name: 's', svc_name: 's' } },
  http_request: {
    has: {
      http_method: Object.fromEntries(
        ['CONNECT', 'DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT', 'TRACE'].map(
          (method) => [method, method],
        ),
      ),
      referrer: 's',
      uid: 's',
      url: 'url',
      user_agent: 's',
    },
  },
  url: { oneOf: ['path'], has: { hostname: 's', path: 's', port: 'i', scheme: 's' } },
  http_response: { required: ['code'], has: { code: 'i' } },
  resource: { oneOf: ['name', 'uid'], has: { type: 's', uid: 's', name: 's' } },
  session: { has: { uid: 's' } },
  finding: {
    required: ['uid', 'title'],
    has: { uid: 's', title: 's', desc: 's', types: 's[]', analytic: 'analytic' },
  },
  analytic: {
    required: ['type_id'],
    has: { name: 's', uid: 's', type: 's', type_id: { 1: 'Rule' } },
  },
  evidence: {
    oneOf: ['actor', 'api'],
    has: { actor: 'actor', api: 'api', src_endpoint: 'endpoint' },
  },
  product: { oneOf: ['name', 'uid'], has: { name: 's', vendor_name: 's' } },
  metadata: {
    required: ['version', 'product'],
    has: {
      version: 's',
      product: 'product',
      log_name: 's',
      log_version: 's',
      uid: 's',
      event_code: 's',
      tenant_uid: 's',
      correlation_uid: 's',
      logged_time: 'i',
      profiles: 's[]',
    },
  },
}

const succeeded: Enum = { 0: 'Unknown', 1: 'Success', 2: 'Failure', 99: 'Other' }
const base: Shape = {
  required: [
    'activity_id',
    'category_uid',
    'class_uid',
    'metadata',
    'severity_id',
    'time',
    'type_uid',
  ],
  has: {
    activity_id: 'i',
    activity_name: 's',
    category_uid: 'i',
    category_name: 's',
    class_uid: 'i',
    class_name: 's',
    type_uid: 'i',
    type_name: 's',
    severity_id: {
      1: 'Informational',
      2: 'Low',
      3: 'Medium',
      4: 'High',
      5: 'Critical',
    },
    severity: 's',
    status_id: succeeded,
    status: 's',
    status_code: 's',
    status_detail: 's',
    duration: 'i',
    message: 's',
    time: 'i',
    metadata: 'metadata',
    unmapped: 'any',
    action_id: { 2: 'Denied' },
    action: 's',
  },
}

interface Class extends Shape {
  readonly name: string
  readonly category: readonly [uid: number, name: string]
  readonly activities: Enum
  /** The profiles without which an attribute is none of the class. */
  readonly by?: Readonly<Record<string, string>>
}

const application = [6, 'Application Activity'] as const
const identity = [3, 'Identity & Access Management'] as const
const http = { http_request: 'http_request', http_response: 'http_response' } as const
const other = { 0: 'Unknown', 99: 'Other' }

const classes: Readonly<Record<number, Class>> = {
  6003: {
    name: 'API Activity',
    category: application,
    activities: { ...other, 1: 'Create', 2: 'Read', 3: 'Update', 4: 'Delete' },
    required: ['actor', 'api', 'src_endpoint'],
    has: { actor: 'actor', api: 'api', src_endpoint: 'endpoint', resources: 'resource[]', ...http },
  },
  6002: {
    name: 'Application Lifecycle',
    category: application,
    activities: { ...other, 3: 'Start', 4: 'Stop', 8: 'Update' },
    required: ['app'],
    has: { actor: 'actor', app: 'product' },
    by: { actor: 'host' },
  },
  6008: {
    name: 'Application Error',
    category: application,
    activities: { ...other, 1: 'General Error' },
    has: { actor: 'actor' },
    by: { actor: 'host' },
  },
  3001: {
    name: 'Account Change',
    category: identity,
    activities: { ...other, 1: 'Create', 3: 'Password Change', 4: 'Password Reset' },
    required: ['user'],
    has: { actor: 'actor', src_endpoint: 'endpoint', user: 'user', ...http },
  },
  3002: {
    name: 'Authentication',
    category: identity,
    activities: { ...other, 1: 'Logon', 2: 'Logoff', 7: 'Account Switch' },
    required: ['user'],
    oneOf: ['service', 'dst_endpoint'],
    has: {
      actor: 'actor',
      src_endpoint: 'endpoint',
      user: 'user',
      service: 'service',
      session: 'session',
      auth_protocol: 's',
      auth_protocol_id: {
        4: 'OpenID',
        5: 'SAML',
        6: 'OAUTH 2.0',
        11: 'Basic Authentication',
        99: 'Other',
      },
      account_switch_type: 's',
      account_switch_type_id: { 2: 'Impersonate' },
      ...http,
    },
  },
  2004: {
    name: 'Detection Finding',
    category: [2, 'Findings'],
    activities: { ...other, 1: 'Create' },
    required: ['finding_info'],
    has: {
      finding_info: 'finding',
      evidences: 'evidence[]',
      resources: 'resource[]',
      is_alert: 'b',
      status_id: { 1: 'New' },
    },
  },
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const fits: Readonly<Record<string, (value: unknown) => boolean>> = {
  s: (value) => typeof value === 'string',
  i: Number.isSafeInteger,
  b: (value) => typeof value === 'boolean',
  ip: (value) => typeof value === 'string' && isIP(value) > 0 && value.length <= 40,
  any: isObject,
}

const problemsOf = (value: unknown, type: Type, at: string): readonly string[] => {
  if (typeof type !== 'string') return String(value) in type ? [] : [`${at} is ${String(value)}`]
  if (type.endsWith('[]')) {
    if (!Array.isArray(value)) return [`${at} is no list`]
    return value.flatMap((one, index) => problemsOf(one, type.slice(0, -2), `${at}[${index}]`))
  }
  const shape = objects[type]
  if (shape !== undefined) return problemsIn(value, shape, at)
  return fits[type]?.(value) === true ? [] : [`${at} is no ${type}: ${JSON.stringify(value)}`]
}

const problemsIn = (
  value: unknown,
  { required = [], oneOf, has }: Shape,
  at: string,
): readonly string[] => {
  if (!isObject(value)) return [`${at} is no object`]
  const missing = required.filter((name) => value[name] === undefined)
  const none = oneOf !== undefined && !oneOf.some((name) => value[name] !== undefined)
  return [
    ...missing.map((name) => `${at}.${name} is missing`),
    ...(none ? [`${at} has none of ${oneOf.join(', ')}`] : []),
    ...Object.entries(value).flatMap(([name, member]) => {
      const type = has[name]
      return type === undefined
        ? [`${at}.${name} is not known`]
        : problemsOf(member, type, `${at}.${name}`)
    }),
  ]
}

const validate = (event: unknown): readonly string[] => {
  const told: unknown = JSON.parse(JSON.stringify(event))
  if (!isObject(told)) return ['no object']
  const known = classes[Number(told['class_uid'])]
  if (known === undefined) return [`class ${String(told['class_uid'])}`]
  const { activities, category, name, by = {} } = known
  const activity = Number(told['activity_id'])
  const metadata = told['metadata']
  const profiles = isObject(metadata) ? ((metadata['profiles'] ?? []) as readonly string[]) : []
  const profiled = { ...by, action_id: 'security_control', action: 'security_control' }
  const wrong = (what: string, is: unknown, should: unknown): readonly string[] =>
    is === should ? [] : [`${what} is ${String(is)}, not ${String(should)}`]
  return [
    ...problemsIn(
      told,
      {
        required: [...(base.required ?? []), ...(known.required ?? [])],
        ...(known.oneOf && { oneOf: known.oneOf }),
        has: { ...base.has, ...known.has },
      },
      name,
    ),
    ...wrong('class_name', told['class_name'], name),
    ...wrong('category_uid', told['category_uid'], category[0]),
    ...wrong('category_name', told['category_name'], category[1]),
    ...wrong('type_uid', told['type_uid'], Number(told['class_uid']) * 100 + activity),
    ...wrong('type_name', told['type_name'], `${name}: ${activities[activity]}`),
    ...(activity === 99 ? [] : wrong('activity', told['activity_name'], activities[activity])),
    ...Object.entries(profiled).flatMap(([attribute, profile]) =>
      told[attribute] === undefined || profiles.includes(profile)
        ? []
        : [`${attribute} is of the profile ${profile}`],
    ),
  ]
}

describe('toOcsf', () => {
  it('would not pass for valid with a wrong attribute', () => {
    const made = toOcsf({ kind: 'auth', action: 'login' })
    const wrong = { ...made, severity_id: 'x', foo: 1, type_uid: 1, user: {}, is_alert: true }
    expect(validate({ ...wrong, metadata: {} })).toHaveLength(7)
  })

  it('makes a valid event of every kind', async () => {
    const events = await recorded()
    const made = events.map((event) => toOcsf(event, { service: 'billing' }))
    expect(made.flatMap(validate)).toEqual([])
    expect(new Set(made.map(({ class_uid }) => String(class_uid)))).toEqual(
      new Set(Object.keys(classes)),
    )
    expect(made.map(({ metadata }) => metadata['version'])).toContain('1.6.0')
  })

  it('makes a valid event of whatever a record holds', () => {
    fc.assert(
      fc.property(anyEvent, (event) => {
        expect(validate(toOcsf(event))).toEqual([])
      }),
      { numRuns: 1_000 },
    )
  })

  it.each([null, undefined, 7, 'text', [], {}])('makes one of %j too', (event) => {
    expect(validate(toOcsf(event))).toEqual([])
  })

  it.each([
    ['request', 'http.get', { request: { id: 'r', method: 'GET' } }, 6003, 'Read'],
    ['request', 'http.post', { request: { id: 'r', method: 'POST' } }, 6003, 'http.post'],
    ['change', 'invoice.create', {}, 6003, 'Create'],
    ['change', 'invoice.update', {}, 6003, 'Update'],
    ['change', 'invoice.delete', {}, 6003, 'Delete'],
    ['access', 'view', {}, 6003, 'Read'],
    ['export', 'export', {}, 6003, 'export'],
    ['process', 'order', {}, 6003, 'order'],
    ['custom', 'constructor', {}, 6003, 'constructor'],
    ['auth', 'login', {}, 3002, 'Logon'],
    ['auth', 'logout', {}, 3002, 'Logoff'],
    ['auth', 'impersonation.start', {}, 3002, 'Account Switch'],
    ['auth', 'mfa.verify', {}, 3002, 'mfa.verify'],
    ['auth', 'signup', {}, 3001, 'Create'],
    ['auth', 'password.reset', {}, 3001, 'Password Reset'],
    ['security', 'probe.sql', {}, 2004, 'Create'],
    ['system', 'system.error', {}, 6008, 'General Error'],
    ['system', 'system.warning', {}, 6008, 'system.warning'],
    ['system', 'audit.start', {}, 6002, 'Start'],
    ['system', 'system.resolve', {}, 6002, 'system.resolve'],
  ])('takes %s %s for its class and activity', (kind, action, more, class_uid, activity_name) => {
    expect(toOcsf({ kind, action, ...more })).toMatchObject({ class_uid, activity_name })
  })

  it('tells who did what to which thing, from where, and how it ended', () => {
    const event = {
      id: 'e1',
      tenant: 'acme',
      kind: 'change',
      action: 'invoice.update',
      outcome: 'denied',
      occurredAt: 1_767_225_600_000,
      actor: { id: 'u1', name: 'Ada', type: 'user' },
      targets: [{ type: 'invoice', id: '7', name: 'No. 7' }],
      request: { id: 'r1', ip: '2001:db8::7' },
      reason: 'duplicate',
      changes: { paid: { old: true, new: false } },
    }
    expect(toOcsf(event)).toMatchObject({
      time: event.occurredAt,
      status: 'Failure',
      action: 'Denied',
      message: 'duplicate',
      actor: { user: { uid: 'u1', name: 'Ada', type: 'User' } },
      api: { operation: 'invoice.update', request: { uid: 'r1' } },
      src_endpoint: { ip: '2001:db8::7' },
      resources: [{ type: 'invoice', uid: '7', name: 'No. 7' }],
      metadata: { uid: 'e1', tenant_uid: 'acme', profiles: ['security_control'] },
      unmapped: { changes: event.changes },
    })
  })

  it('names whose login failed, not nobody', () => {
    const event = { kind: 'auth', action: 'login', actor: { id: 'anonymous', type: 'anonymous' } }
    expect(toOcsf({ ...event, data: { name: 'bob' } })).toMatchObject({ user: { name: 'bob' } })
    expect(
      toOcsf({ ...event, targets: [{ type: 'account', id: 'carol' }], data: { name: 'bob' } }),
    ).toMatchObject({ user: { uid: 'carol' } })
  })
})

describe('ocsf', () => {
  it('writes one event a line and nothing else, whatever the records hold', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyRow, { maxLength: 20 }), async (rows) => {
        const { text, outcome } = await exported(ocsf({ service: 'billing' }), sourceOf(rows))
        const lines = text.split('\n').slice(0, -1)
        expect(lines).toHaveLength(rows.length)
        expect(lines.flatMap((line) => validate(JSON.parse(line)))).toEqual([])
        expect(outcome.rows).toBe(rows.length)
      }),
      { numRuns: 25 },
    )
  })

  it('has a trailer where it is asked for', async () => {
    const { text } = await exported(ocsf({ trailer: true }), sourceOf([]))
    expect(JSON.parse(text)).toHaveProperty('trailer.rows', 0)
  })

  it('tells nothing of an event that may not be shown', async () => {
    const [row] = fc.sample(anyRow, 1)
    const source = sourceOf(row === undefined ? [] : [row], { show: () => ({ id: 'only' }) })
    const { text } = await exported(ocsf(), source)
    expect(validate(JSON.parse(text))).toEqual([])
    expect(text).not.toContain(row?.id)
    expect(text).not.toContain('acme')
  })

  it.each([{ service: '' }, { service: 7 }, { servcie: 'a' }])('refuses %j', (options) => {
    expect(() => ocsf(options as object)).toThrow(
      expect.objectContaining({ code: 'AUDIT_QUERY_INVALID' }),
    )
  })
})
