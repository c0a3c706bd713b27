import * as fc from 'fast-check'
import {
  type Captured,
  createRedactor,
  type FreeForm,
  type RedactorOptions,
} from '../../../src/event/redact.ts'
import { parseJson } from '../../../src/event/parse.ts'
import type { EventRow } from '../../../src/event/row.ts'

export const REDACTED = '***REDACTED***'

/** A small event that says no more than it must. */
export const eventOf = (more: Partial<Captured> = {}): Captured => ({
  id: '018bcfe5-6800-7000-8000-000000000001',
  kind: 'custom',
  action: 'invoice.refund',
  occurredAt: 1_700_000_000_000,
  outcome: 'success',
  tenant: null,
  actor: { id: 'u1', type: 'user' },
  targets: [],
  ...more,
})

export const rowOf = (more: Partial<Captured>, options: RedactorOptions = {}): EventRow =>
  createRedactor(options).redact(eventOf(more))

/** The record as a reader sees it. */
export const readBack = (row: EventRow): Record<string, unknown> =>
  parseJson(row.record) as Record<string, unknown>

/** What becomes of a value of `metadata`. */
export const stored = (value: unknown, options: RedactorOptions = {}): unknown =>
  (readBack(rowOf({ metadata: { value } }, options))['metadata'] as { value?: unknown }).value

/** What becomes of a whole `metadata`. */
export const storedAll = (metadata: unknown, options: RedactorOptions = {}): unknown =>
  readBack(rowOf({ metadata }, options))['metadata']

/** The text that is stored for a text. */
export const storedText = (text: string, options: RedactorOptions = {}): string =>
  String(stored(text, options))

/** RFC 8785, written a second time: what JSON.parse gave, with its members in order. */
export const canonical = (value: unknown): string => {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  const members = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1))
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join(',')}}`
}

/** Any 16-bit unit, so lone surrogates and NUL too. */
const unit = fc.oneof(
  fc.nat(0xffff),
  fc.constantFrom(0, 1, 0x0a, 0x22, 0x5c, 0x7f, 0x2028, 0xd800, 0xdc00, 0xd83d, 0xde00, 0xfffd),
)
export const anyText = (maxLength = 60): fc.Arbitrary<string> =>
  fc.oneof(
    fc.string({ unit: unit.map((code) => String.fromCharCode(code)), maxLength }),
    fc.string({ maxLength }),
  )

export const anyKey = fc.oneof(
  fc.constantFrom(
    '__proto__',
    'constructor',
    'toString',
    'toJSON',
    'length',
    '',
    '0',
    '10',
    '9',
    'new',
    'old',
  ),
  fc.constantFrom(
    'password',
    'status',
    'Authorization',
    'user[pin]',
    'a.b',
    '\ud800',
    '\0',
    '\u{1f600}',
    '\ufb33',
  ),
  fc.nat(50).map(String),
  anyText(12),
)

const numbers = fc.oneof(
  fc.double(),
  fc.integer(),
  fc.constantFrom(-0, 1e21, 1e-7, 5e-324, 1.7976931348623157e308, Number.NaN, Infinity, -Infinity),
  fc.constantFrom(4_111_111_111_111_111, 9_007_199_254_740_992, 333_333_333.333_333_3),
)

/** Any value of JavaScript, nested at most a little. */
export const anyValue = fc.oneof(
  fc.anything({
    key: anyKey,
    values: [numbers, anyText(), fc.boolean(), fc.constant(null), fc.constant(undefined)],
    withBigInt: true,
    withBoxedValues: true,
    withDate: true,
    withMap: true,
    withNullPrototype: true,
    withObjectString: true,
    withSet: true,
    withSparseArray: true,
    withTypedArray: true,
    maxDepth: 5,
    maxKeys: 8,
  }),
  fc.constantFrom<unknown>(
    Symbol('s'),
    () => 'a function',
    new Error('an error'),
    /a+/,
    new URL('https://example.com/?token=x'),
    new URLSearchParams('a=1&a=2&__proto__=3'),
    new Headers({ cookie: 'a=b' }),
    new Date(Number.NaN),
    Object.create({ inherited: true }),
  ),
)

/** An object of any values, as `changes`, `data` and `metadata` are. */
export const anyObject = fc.dictionary(anyKey, anyValue, { maxKeys: 6, noNullPrototype: false })

export const anyFreeForm: fc.Arbitrary<FreeForm> = fc.record(
  { changes: anyObject, data: anyObject, metadata: anyObject },
  { requiredKeys: [] },
)

const party = fc.record(
  {
    id: anyText(400),
    name: anyText(400),
    role: anyText(),
    type: fc.constantFrom(
      'user' as const,
      'service' as const,
      'system' as const,
      'anonymous' as const,
    ),
    via: anyText(90),
  },
  { requiredKeys: ['id', 'type'] },
)

export const anyEvent: fc.Arbitrary<Captured> = fc
  .tuple(
    fc.record(
      {
        id: fc.uuid({ version: 7 }),
        kind: fc.constantFrom(
          'request' as const,
          'auth' as const,
          'change' as const,
          'custom' as const,
        ),
        action: anyText(150).map((text) => `a${text}`),
        occurredAt: fc.nat(Number.MAX_SAFE_INTEGER),
        outcome: fc.constantFrom(
          'success' as const,
          'failure' as const,
          'denied' as const,
          'unknown' as const,
        ),
        tenant: fc.option(anyText(300)),
        actor: fc
          .tuple(party, fc.array(party, { maxLength: 6 }))
          .map(([one, onBehalfOf]) => ({ ...one, onBehalfOf })),
        targets: fc.array(
          fc.record(
            { id: anyText(300), name: anyText(), type: anyText() },
            { requiredKeys: ['id', 'type'] },
          ),
          { maxLength: 60 },
        ),
        request: fc.record(
          {
            id: anyText(150),
            host: anyText(300),
            ip: anyText(80),
            ipFrom: fc.constantFrom('socket', 'cloudflare'),
            method: anyText(40),
            path: anyText(3_000),
            referrer: anyText(1_500),
            route: anyText(600),
            scheme: fc.constantFrom('http', 'https'),
            userAgent: anyText(700),
            geo: fc.record(
              { asn: fc.nat(), city: anyText(200), country: anyText(4) },
              { requiredKeys: [] },
            ),
          },
          { requiredKeys: ['id'] },
        ),
        reason: anyText(3_000),
        error: fc.record(
          {
            type: anyText(),
            message: anyText(3_000),
            stack: anyText(9_000),
            causes: fc.array(fc.record({ type: anyText(), message: anyText(1_500) }), {
              maxLength: 6,
            }),
          },
          { requiredKeys: ['type', 'message'] },
        ),
      },
      {
        requiredKeys: [
          'id',
          'kind',
          'action',
          'occurredAt',
          'outcome',
          'tenant',
          'actor',
          'targets',
        ],
      },
    ),
    anyFreeForm,
  )
  .map(([event, values]) => ({ ...event, ...values }))

export const utf8 = (text: string): number => new TextEncoder().encode(text).length
