import * as fc from 'fast-check'
import { Pool } from 'pg'
import { drizzle } from 'drizzle-orm/node-postgres'
import { describe, expect, inject, it } from 'vitest'
import { libsql } from '../../../adapters/store/libsql.ts'
import { memory } from '../../../adapters/store/memory.ts'
import { postgres } from '../../../adapters/store/postgres.ts'
import type { AuditStore } from '../../../src/ports/store.ts'
import { createDatabase } from '../../support/postgres.ts'
import { text } from '../../../adapters/render/text.ts'
import type { ReportPrinter } from '../../../adapters/http/printer.ts'
import { report } from '../../../src/read/report/report.ts'
import { desk, may, NOW } from './desk.ts'

// What is asked of the routes is taken from their own document, so that a parameter that is new there is
// asked for here too.

/** Stands in every event of the other tenant, in whatever place. */
const MARK = 'globex-marker'

/** A request, as these tests make them. */
interface Init {
  readonly method?: string
  readonly body?: string
  readonly headers?: Readonly<Record<string, string>>
}

interface Parameter {
  readonly in: 'path' | 'query'
  readonly name: string
}
interface Route {
  readonly path: string
  readonly method: 'get' | 'post'
  readonly parameters: readonly Parameter[]
}
interface Document {
  readonly paths: Readonly<
    Record<string, Readonly<Record<'get' | 'post', { readonly parameters: Parameter[] }>>>
  >
}

const routesOf = ({ paths }: Document): readonly Route[] =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { parameters }]) => ({
      path,
      method: method as 'get' | 'post',
      parameters,
    })),
  )

/** What stands behind `?name=`, as it is sent. */
const encoded = (value: string): string => encodeURIComponent(value)

const million = Array.from({ length: 900 }, (_, index) => index.toString(36)).join(',')

const hostile: readonly string[] = [
  '',
  '%00',
  '%ff%fe',
  '%c3%28',
  '%ed%a0%80',
  '%',
  '%zz',
  '%25',
  '_',
  '__proto__',
  'constructor',
  ...[
    "' OR 1=1 --",
    "'; DROP TABLE audit_events; --",
    '" OR ""="',
    'acme%',
    'g%x',
    'globe_',
    'globex*',
    '*',
    '**',
    'NEAR(globex marker)',
    'globex* AND marker',
    '"globex-marker"',
    '"',
    'actor:globex',
    '{"tenant":"globex"}',
    '{"or":[{"tenant":"globex"},{"tenant":"acme"}]}',
    '{"not":{"tenant":"acme"}}',
    '{"and":"x"}',
    '{"and":[[]]}',
    '{"not":{"not":{"not":{"not":{"not":{"not":{}}}}}}}',
    '[1,2]',
    'null',
    'NaN',
    'Infinity',
    '-1',
    '0',
    '1e309',
    '1.5',
    '9'.repeat(400),
    '-8640000000000001',
    '8640000000000001',
    '2026-02-30',
    '2026-01-01T00:00:00',
    '10.0.0.0/99',
    '::/0',
    '0.0.0.0/0',
    '600',
    '5xx',
    '\ud800',
    '\u202e\u0000x',
    million,
    'x'.repeat(1_001),
    '../../etc/passwd',
    '\r\nset-cookie: a=b',
    '$.metadata',
    'metadata.a"b',
  ].map((text) => encoded(text.toWellFormed())),
]

const value = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...hostile) },
  {
    weight: 2,
    arbitrary: fc.string({ unit: 'grapheme' }).map((text) => encoded(text.toWellFormed())),
  },
  { weight: 1, arbitrary: fc.integer().map(String) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('acme', 'globex', 'newest', 'csv', 'true', 'request', '1'),
  },
)

const nameOf = (name: string): fc.Arbitrary<string> =>
  name === 'metadata'
    ? fc.constantFrom(
        'metadata.plan',
        'metadata.',
        'metadata',
        'metadata.__proto__',
        'metadata.a.b',
        'metadata.%22',
      )
    : fc.constant(name)

/** `.` and `..` are no segment of a URL, however they are written: a client takes them away. */
const segment = (value: string): string => (/^(?:\.|%2e)*$/i.test(value) ? 'x' : value)

/** A request of one route: each of its parameters may be given, once or more, and one that it has not. */
const requestOf = ({ path, method, parameters }: Route): fc.Arbitrary<readonly [string, Init]> => {
  const given = parameters
    .filter((parameter) => parameter.in === 'query')
    .map(({ name }) =>
      fc.option(fc.tuple(nameOf(name), fc.array(value, { minLength: 1, maxLength: 3 })), {
        freq: 6,
        nil: undefined,
      }),
    )
  const query = fc
    .tuple(...given)
    .map((all) =>
      all.flatMap((one) => (one === undefined ? [] : one[1].map((text) => `${one[0]}=${text}`))),
    )
  const extra = fc.option(
    fc.tuple(value, value).map((pair) => pair.join('=')),
    { freq: 8 },
  )
  const body = fc.oneof(
    fc.constantFrom('{}', '{"note":1}', '{"note":"ok"}', '[]', '"', '{"note":"\\ud800"}'),
    fc.json(),
  )
  return fc.tuple(value, query, extra, body).map(([id, all, more, text]) => {
    const asked = [...all, ...(more === null ? [] : [more])].join('&')
    const init: Init =
      method === 'get'
        ? {}
        : { method: 'POST', body: text, headers: { 'content-type': 'application/json' } }
    return [`${path.replace(/\{\w+\}/, segment(id))}?${asked}`, init] as const
  })
}

/** Draws what a report is made of as text, which can be looked through; its cover repeats the question. */
const printer: ReportPrinter = {
  report,
  pdf: async (made) =>
    new TextEncoder().encode(await text({ ...made, cover: () => Promise.resolve([]) })),
}

const ALLOWED = new Set([200, 400, 404, 406, 413, 414, 429])

interface Told {
  readonly errors?: readonly { readonly parameter: string; readonly detail: string }[]
}

const opened = async (store: AuditStore) => {
  await store.migrate()
  const options = { secret: 'a-secret-of-the-tests', reports: () => Promise.resolve(printer) }
  const made = desk(options, { store, retry: { base: 0, attempts: 1 } })
  for (const tenant of ['acme', 'globex']) {
    const metadata = { plan: 'pro', mark: tenant === 'globex' ? MARK : 'acme-marker' }
    const name = `${tenant}-marker`
    await made.audit.runAs({ source: 'test', tenant, actor: { id: name } }, () => {
      const { audit } = made
      audit.record({ action: `${name}.do`, metadata, target: { type: 'invoice', id: name } })
      audit.system('error', { error: new Error(name), metadata })
      audit
        .process(name, { steps: ['pay'] })
        .step('pay')
        .ok(name)
      audit.login({ actor: { id: name }, name, method: 'password' })
      audit.exported({ type: name, format: 'csv', records: 1 })
      audit.record({
        action: 'change',
        kind: 'change',
        changes: { [name]: { new: name } },
        metadata,
      })
    })
  }
  const document = await made.get<Document>('/openapi.json')
  // What is shown to the other tenant, or to whoever sees all, is worth nothing here.
  const foreign: string[] = []
  for (const fence of [true, { tenant: 'globex' }, { tenants: ['acme', 'globex'] }]) {
    const found = await made.get<{ next: string; events: { id: string }[] }>('/events?limit=1', {
      headers: may(fence),
    })
    foreign.push(
      found.next,
      ...found.events.filter((one) => JSON.stringify(one).includes('globex')).map(({ id }) => id),
    )
  }
  return { ...made, document, foreign }
}

const headers = { ...may({ tenant: 'acme' }), 'x-user': 'ada' }

const hold = async (
  { ask }: Pick<Awaited<ReturnType<typeof opened>>, 'ask'>,
  path: string,
  init: Init,
): Promise<void> => {
  const response = await ask(path, { ...init, headers: { ...headers, ...init.headers } })
  const text = await response.text()
  if (!ALLOWED.has(response.status)) throw new Error(`${path} → ${response.status} ${text}`)
  // The caller may read his own question back, and nothing else of the other tenant.
  if (response.status === 200) expect(text).not.toContain(MARK)
  if (response.status !== 400) return
  const { errors = [] }: Told = JSON.parse(text)
  expect(errors).not.toEqual([])
  const asked = new URL(`http://x${path}`)
  const names = new Set([...asked.searchParams.keys(), 'id', 'note', 'body', ...required])
  for (const { parameter, detail } of errors) {
    expect(detail).not.toBe('')
    // Of a body it may be any member.
    if (init.body === undefined) expect([...names]).toContain(parameter)
  }
}

const required = ['targetType', 'targetId', 'to']

const stores: readonly (readonly [string, number, () => Promise<AuditStore>])[] = [
  ['memory', 60, async () => memory({ now: () => NOW })],
  ['libSQL', 20, async () => libsql({ url: ':memory:' })],
  [
    'PostgreSQL',
    8,
    async () => {
      const pool = new Pool({ connectionString: await createDatabase(inject('postgresUrl')) })
      return postgres(drizzle(pool))
    },
  ],
]

describe.each(stores)('whatever is asked, on %s', (_, numRuns, open) => {
  it('is a 400 that names the parameter or an answer of this tenant alone, never a 500', async () => {
    const made = await opened(await open())
    for (const route of routesOf(made.document)) {
      await fc.assert(
        fc.asyncProperty(requestOf(route), ([path, init]) => hold(made, path, init)),
        { numRuns: route.path.startsWith('/reports/') ? Math.ceil(numRuns / 4) : numRuns },
      )
      // What reports of events take they take by one code.
      if (/\/reports\/(access|logins|changes)/.test(route.path)) continue
      // Each parameter alone with each hostile value, and what was made for others.
      for (const { in: place, name } of route.parameters) {
        for (const text of [...hostile, ...made.foreign.map(encoded)]) {
          const path =
            place === 'path'
              ? route.path.replace(/\{\w+\}/, segment(text))
              : route.path.replace(/\{\w+\}/, 'x')
          const init =
            route.method === 'get'
              ? {}
              : { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } }
          await hold(
            made,
            place === 'path'
              ? path
              : `${path}?${name === 'metadata' ? 'metadata.mark' : name}=${text}`,
            init,
          )
        }
      }
    }
    expect(made.errors).toEqual([])
  }, 240_000)
})
