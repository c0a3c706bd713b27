import { isIP } from 'node:net'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseJson } from '../../../../src/event/parse.ts'
import { ecs, toEcs } from '../../../../src/read/export/export.ts'
import { anyEvent, recorded } from './events.ts'
import { anyRow, exported, sourceOf } from './rows.ts'

// What ECS 8.17.0 says of each field that is written, in our words:
// https://www.elastic.co/guide/en/ecs/8.17/ecs-field-reference.html

type Type = 'keyword' | 'text' | 'original' | 'date' | 'long' | 'ip' | 'keyword[]' | 'ip[]'

const fields: Readonly<Record<string, Type>> = {
  '@timestamp': 'date',
  message: 'text',
  'ecs.version': 'keyword',
  'error.message': 'text',
  'error.stack_trace': 'text',
  'error.type': 'keyword',
  'event.action': 'keyword',
  'event.category': 'keyword[]',
  'event.code': 'keyword',
  'event.dataset': 'keyword',
  'event.duration': 'long',
  'event.id': 'keyword',
  'event.ingested': 'date',
  'event.kind': 'keyword',
  'event.module': 'keyword',
  // A keyword that is neither indexed nor kept as a doc value: it may have any length.
  'event.original': 'original',
  'event.outcome': 'keyword',
  'event.provider': 'keyword',
  'event.reason': 'keyword',
  'event.severity': 'long',
  'event.type': 'keyword[]',
  'http.request.id': 'keyword',
  'http.request.method': 'keyword',
  'http.request.referrer': 'keyword',
  'http.response.status_code': 'long',
  'organization.id': 'keyword',
  'related.ip': 'ip[]',
  'related.user': 'keyword[]',
  'rule.id': 'keyword',
  'rule.name': 'keyword',
  'service.name': 'keyword',
  'source.address': 'keyword',
  'source.as.number': 'long',
  'source.geo.city_name': 'keyword',
  'source.geo.country_iso_code': 'keyword',
  'source.geo.postal_code': 'keyword',
  'source.geo.region_name': 'keyword',
  'source.geo.timezone': 'keyword',
  'source.ip': 'ip',
  'span.id': 'keyword',
  'trace.id': 'keyword',
  'url.domain': 'keyword',
  'url.path': 'text',
  'url.port': 'long',
  'url.scheme': 'keyword',
  'user.effective.id': 'keyword',
  'user.effective.name': 'keyword',
  'user.effective.roles': 'keyword[]',
  'user.id': 'keyword',
  'user.name': 'keyword',
  'user.roles': 'keyword[]',
  'user.target.id': 'keyword',
  'user.target.name': 'keyword',
  'user.target.roles': 'keyword[]',
  'user_agent.original': 'keyword',
}
const required = ['@timestamp', 'ecs.version']

// Of the values that ECS allows, those that are written; a category with the types that go with it.
const allowed: Readonly<Record<string, readonly string[]>> = {
  'event.kind': ['alert', 'event'],
  'event.outcome': ['failure', 'success', 'unknown'],
}
const typesOf: Readonly<Record<string, readonly string[]>> = {
  api: ['access', 'change', 'creation', 'deletion', 'denied', 'info'],
  authentication: ['start', 'end', 'info'],
  iam: ['change', 'creation', 'user'],
  intrusion_detection: ['allowed', 'denied', 'info'],
  session: ['start', 'end', 'info'],
  web: ['access', 'error', 'info'],
}
const types = new Set([
  'access',
  'change',
  'creation',
  'deletion',
  'denied',
  'end',
  'error',
  'info',
  'start',
  'user',
])

// Lucene refuses a longer term.
const isKeyword = (value: unknown): boolean =>
  typeof value === 'string' && Buffer.byteLength(value) <= 32_766

const fits: Readonly<Record<Type, (value: unknown) => boolean>> = {
  keyword: isKeyword,
  text: (value) => typeof value === 'string',
  original: (value) => typeof value === 'string',
  date: (value) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(String(value)),
  long: Number.isSafeInteger,
  ip: (value) => isIP(String(value)) > 0,
  'keyword[]': (value) => Array.isArray(value) && value.length > 0 && value.every(isKeyword),
  'ip[]': (value) => Array.isArray(value) && value.every((one) => isIP(String(one)) > 0),
}

const leaves = (value: unknown, at = ''): readonly (readonly [string, unknown])[] =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.entries(value).flatMap(([name, member]) =>
        leaves(member, at === '' ? name : `${at}.${name}`),
      )
    : [[at, value]]

const validate = (document: unknown): readonly string[] => {
  const told = new Map(leaves(parseJson(JSON.stringify(document))))
  const categories = (told.get('event.category') ?? []) as readonly string[]
  const written = told.get('event.type') as readonly string[]
  return [
    ...required.filter((name) => !told.has(name)).map((name) => `${name} is missing`),
    ...[...told].flatMap(([name, value]) => {
      if (name.startsWith('labels.')) return isKeyword(value) ? [] : [`${name} is no keyword`]
      const type = fields[name]
      if (type === undefined) return [`${name} is not known`]
      return fits[type](value) ? [] : [`${name} is no ${type}: ${JSON.stringify(value)}`]
    }),
    ...Object.entries(allowed).flatMap(([name, values]) =>
      values.includes(String(told.get(name))) ? [] : [`${name} is ${String(told.get(name))}`],
    ),
    ...categories.filter((one) => !(one in typesOf)).map((one) => `category ${one}`),
    ...written
      .filter((one) =>
        categories.length === 0
          ? !types.has(one)
          : !categories.some((category) => typesOf[category]?.includes(one)),
      )
      .map((one) => `type ${one} of ${categories.join()}`),
  ]
}

describe('toEcs', () => {
  it('would not pass for valid with a wrong field', () => {
    const event = { kind: 'event', outcome: 'denied', category: ['web'], type: ['start'] }
    const problems = validate({ '@timestamp': 'x', event, source: { ip: 'a' }, foo: 1 })
    expect(problems).toHaveLength(6)
  })

  it('makes a valid document of every kind', async () => {
    const events = await recorded()
    expect(events.flatMap((event) => validate(toEcs(event, { service: 'billing' })))).toEqual([])
  })

  it('makes a valid document of whatever a record holds', () => {
    fc.assert(
      fc.property(anyEvent, (event) => {
        expect(validate(toEcs(event))).toEqual([])
      }),
      { numRuns: 1_000 },
    )
  })

  it.each([null, undefined, 7, 'text', [], {}])('makes one of %j too', (event) => {
    expect(validate(toEcs(event))).toEqual([])
  })

  it('cuts a keyword to what can be indexed, and keeps all of it in the original', () => {
    const long = '😀'.repeat(10_000)
    const document = toEcs({ action: long, actor: { id: long }, targets: [{ id: long }] })
    expect(validate(document)).toEqual([])
    expect(document.event['original']).toContain(long)
  })

  it.each([
    ['request', 'http.get', 'success', ['web'], ['access']],
    ['request', 'http.get', 'failure', ['web'], ['access', 'error']],
    ['auth', 'login', 'failure', ['authentication', 'session'], ['start']],
    ['auth', 'logout', 'success', ['authentication', 'session'], ['end']],
    ['auth', 'password.change', 'success', ['iam'], ['user', 'change']],
    ['auth', 'mfa.verify', 'success', ['authentication'], ['info']],
    ['change', 'invoice.create', 'success', ['api'], ['creation']],
    ['change', 'invoice.pay', 'denied', ['api'], ['change', 'denied']],
    ['access', 'view', 'success', ['api'], ['access']],
    ['export', 'export.download', 'success', ['api'], ['access']],
    ['custom', 'a.delete', 'success', ['api'], ['deletion']],
    ['custom', 'constructor', 'success', ['api'], ['info']],
    ['security', 'probe.sql', 'denied', ['intrusion_detection'], ['info', 'denied']],
    ['system', 'system.error', 'failure', undefined, ['error']],
    ['process', 'order', 'unknown', undefined, ['info']],
  ])('tells what %s %s (%s) is', (kind, action, outcome, category, type) => {
    const { event } = toEcs({ kind, action, outcome })
    expect(event['category']).toEqual(category)
    expect(event['type']).toEqual(type)
  })

  it('tells who did what, for whom, from where, and how it ended', () => {
    const event = {
      id: 'e1',
      tenant: 'acme',
      kind: 'request',
      action: 'http.post',
      outcome: 'denied',
      occurredAt: 1_767_225_600_000,
      recordedAt: 1_767_225_600_005,
      actor: { id: 'u1', name: 'Ada', role: 'admin', onBehalfOf: [{ id: 'u2' }] },
      targets: [{ type: 'user', id: 'u3', name: 'Eve' }],
      request: {
        id: 'r1',
        ip: '203.0.113.7',
        method: 'POST',
        host: 'app.example:8443',
        path: '/a',
        traceId: 't',
        geo: { asn: 64_500, city: 'Graz', country: 'AT' },
      },
      data: { status: 403, durationMs: 1.5 },
    }
    expect(toEcs(event, { service: 'billing' })).toMatchObject({
      '@timestamp': '2026-01-01T00:00:00.000Z',
      event: {
        id: 'e1',
        outcome: 'failure',
        duration: 1_500_000,
        ingested: '2026-01-01T00:00:00.005Z',
        original: JSON.stringify(event),
      },
      user: { id: 'u1', roles: ['admin'], effective: { id: 'u2' }, target: { id: 'u3' } },
      source: {
        ip: '203.0.113.7',
        address: '203.0.113.7',
        as: { number: 64_500 },
        geo: { city_name: 'Graz', country_iso_code: 'AT' },
      },
      url: { domain: 'app.example', port: 8443, path: '/a' },
      http: { request: { method: 'POST', id: 'r1' }, response: { status_code: 403 } },
      related: { ip: ['203.0.113.7'], user: ['u1', 'Ada', 'u2', 'u3', 'Eve'] },
      organization: { id: 'acme' },
      trace: { id: 't' },
      service: { name: 'billing' },
    })
  })

  it('keeps a time beyond the years that Elasticsearch reads at their end', () => {
    expect(toEcs({ occurredAt: 8.64e15 })['@timestamp']).toBe('9999-12-31T23:59:59.999Z')
    expect(toEcs({ occurredAt: -8.64e15 })['@timestamp']).toBe('0000-01-01T00:00:00.000Z')
  })
})

describe('ecs', () => {
  it('writes one document a line and nothing else, whatever the records hold', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyRow, { maxLength: 20 }), async (rows) => {
        const { text } = await exported(ecs(), sourceOf(rows))
        const lines = text.split('\n').slice(0, -1)
        expect(lines).toHaveLength(rows.length)
        expect(lines.flatMap((line) => validate(JSON.parse(line)))).toEqual([])
      }),
      { numRuns: 25 },
    )
  })

  it('tells nothing of an event that may not be shown', async () => {
    const [row] = fc.sample(anyRow, 1)
    const source = sourceOf(row === undefined ? [] : [row], { show: () => undefined })
    const { text } = await exported(ecs(), source)
    expect(validate(JSON.parse(text))).toEqual([])
    expect(text).not.toContain(row?.id)
  })
})
