import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { faultOf } from '../../../src/event/fault.ts'
import { createRedactor } from '../../../src/event/redact.ts'
import { eventOf } from './sample.ts'

/** 24 characters that nothing else in an event has; its first and last eight must not be seen either. */
const secret = fc
  .string({ unit: fc.constantFrom(...'ghjkmqrtvwxyz'.split('')), minLength: 24, maxLength: 24 })
  .map((text) => `Zq${text.slice(2)}`)

const secretKey = fc.constantFrom(
  'password',
  'Password',
  'NEW_PASSWORD',
  'apiKey',
  'API-KEY',
  'x_api_key',
  'client_secret',
  'access_token',
  'tokens',
  'sessionId',
  'Authorization',
  'cookie',
  'cvv',
  'national_id',
  'userPin',
  'user[pin]',
)

type Make = (key: string, value: string) => unknown

/** Where a secret is first put. */
const bases: readonly Make[] = [
  (key, value) => ({ [key]: value }),
  (key, value) => ({ [key]: [value, { x: value }] }),
  (key, value) => new Map([[key, value]]),
  (key, value) => new URLSearchParams([[key, value]]),
  (key, value) => JSON.stringify({ a: 1, [key]: value, z: 1 }),
  (key, value) => JSON.stringify({ a: 1, [key]: { inner: [value] } }),
  (key, value) => `a=1&${encodeURIComponent(key)}=${value}&z=1`,
  (key, value) => `https://h.example/p?a=1&${encodeURIComponent(key)}=${value}#z`,
  (key, value) => `${key}=${value}`,
  (key, value) => `${key}: ${value}`,
  (key, value) => `${key}: "${value} and ${value}"`,
  (key, value) => `{'${key}': '${value}'}`,
  (key, value) => `{"a":1,"${key}":"${value}","z`,
  (_, value) => `sent Bearer ${value}1`,
  (_, value) => `postgres://ada:${value}@db.example/x`,
  (_, value) => `-----BEGIN PRIVATE KEY-----\n${value}\n-----END PRIVATE KEY-----`,
  (_, value) => `eyJhbGciOiJIUzI1NiJ9.${value}.${value}`,
]

/** What it is put into, again and again. */
const wraps: readonly ((value: unknown) => unknown)[] = [
  (value) => ({ a: value }),
  (value) => Object.assign(Object.create(null), { a: value, b: 1 }),
  (value) => [0, value],
  (value) =>
    new Map<unknown, unknown>([
      ['a', value],
      [1, 2],
    ]),
  (value) => new Set([value]),
  (value) => ({ toJSON: () => value }),
  (value) => (typeof value === 'string' ? new URLSearchParams({ a: value }) : { a: value }),
  (value) => (typeof value === 'string' ? new Error(value) : { a: value }),
  (value) => (typeof value === 'string' ? `said ${value}` : [value]),
  (value) =>
    typeof value === 'string'
      ? `https://h.example/?next=${encodeURIComponent(value)}&z=1`
      : [value],
  (value) => (typeof value === 'string' ? { [value]: 1 } : [value]),
  (value) =>
    typeof value === 'string' || isPlain(value) ? JSON.stringify({ a: value, b: 'x' }) : [value],
  (value) => (typeof value === 'string' || isPlain(value) ? JSON.stringify([value, 1]) : [value]),
  (value) => (typeof value === 'string' ? JSON.stringify(value) : [value]),
]

const isPlain = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype

const hidden = fc
  .tuple(
    secret,
    secretKey,
    fc.nat(bases.length - 1),
    fc.array(fc.nat(wraps.length - 1), { maxLength: 6 }),
  )
  .map(([value, key, base, path]) => {
    const start = bases[base]?.(key, value)
    return {
      secret: value,
      value: path.reduce<unknown>((inner, wrap) => wraps[wrap]?.(inner), start),
    }
  })

const hiddenText = hidden.map(({ secret: value, value: held }) => ({
  secret: value,
  text:
    typeof held === 'string'
      ? held
      : (JSON.stringify(isPlain(held) ? held : { a: 'nothing' }) ?? ''),
}))

const expectGone = (value: string, told: readonly unknown[]): void => {
  const all = told.map((one) => (typeof one === 'string' ? one : JSON.stringify(one))).join('\n')
  expect(all).not.toContain(value.slice(0, 8))
  expect(all).not.toContain(value.slice(-8))
}

const runs = { numRuns: 1_500 }

describe('a secret under a secret name', () => {
  it('is nowhere in the record, in the columns or in what onTruncate is told, however deep it lies', () => {
    fc.assert(
      fc.property(
        hidden,
        fc.constantFrom('data', 'changes', 'metadata'),
        ({ secret: value, value: held }, field) => {
          const told: unknown[] = []
          const redactor = createRedactor({ onTruncate: (cut) => told.push(cut) })
          told.push(redactor.redact(eventOf({ [field]: { field: { old: held, new: held } } })))
          told.push(redactor.redact(eventOf({ [field]: { field: held } })))
          expectGone(value, told)
        },
      ),
      runs,
    )
  })

  it('is nowhere when a limit cuts the text, wherever the cut falls', () => {
    fc.assert(
      fc.property(
        hiddenText,
        fc.integer({ min: 1, max: 400 }),
        fc.nat(500),
        ({ secret: value, text }, limit, padding) => {
          const told: unknown[] = []
          const redactor = createRedactor({
            limits: { text: limit, stack: limit, depth: 3, entries: 2 },
            onTruncate: (cut) => told.push(cut),
          })
          const padded = `${'word '.repeat(padding / 5)}${text}${' word'.repeat(100)}`
          told.push(redactor.redact(eventOf({ metadata: { a: padded, b: [text] } })))
          expectGone(value, told)
        },
      ),
      runs,
    )
  })

  it('is nowhere when masked text before it brings more of the text into the limit', () => {
    fc.assert(
      fc.property(
        hiddenText,
        fc.integer({ min: 20, max: 900 }),
        fc.nat(120),
        ({ secret: value, text }, limit, gap) => {
          const told: unknown[] = []
          const redactor = createRedactor({
            limits: { text: limit },
            onTruncate: (cut) => told.push(cut),
          })
          const jwt = `eyJ${'a'.repeat(limit - 15)}`
          told.push(
            redactor.redact(
              eventOf({
                metadata: { a: `${jwt} ${'w '.repeat(gap / 2)}${text}${' word'.repeat(100)}` },
              }),
            ),
          )
          expectGone(value, told)
        },
      ),
      runs,
    )
  })

  it('is nowhere when it stands in a fixed field', () => {
    fc.assert(
      fc.property(hiddenText, fc.nat(2_500), ({ secret: value, text: held }, padding) => {
        const told: unknown[] = []
        const redactor = createRedactor({ onTruncate: (cut) => told.push(cut) })
        for (const text of [held, `${'word '.repeat(padding / 5)}${held}`]) {
          const party = { id: text, name: text, role: text, via: text, type: 'user' as const }
          told.push(
            redactor.redact(
              eventOf({
                action: text,
                tenant: text,
                reason: text,
                actor: { ...party, onBehalfOf: [party] },
                targets: [{ id: text, name: text, type: text }],
                request: {
                  id: text,
                  host: text,
                  ip: text,
                  method: text,
                  path: text,
                  referrer: text,
                  route: text,
                  userAgent: text,
                },
                error: faultOf(new Error(text, { cause: new TypeError(text) }), true),
              }),
            ),
          )
        }
        expectGone(value, told)
      }),
      { numRuns: 400 },
    )
  })

  it('is nowhere when it is thrown, as an error, as a text or as an object', () => {
    fc.assert(
      fc.property(hidden, ({ secret: value, value: held }) => {
        const told: unknown[] = []
        const redactor = createRedactor({ onTruncate: (cut) => told.push(cut) })
        for (const thrown of [
          held,
          new Error(typeof held === 'string' ? held : 'x', { cause: held }),
        ]) {
          told.push(redactor.redact(eventOf({ error: faultOf(thrown, true) })))
        }
        expectGone(value, told)
      }),
      runs,
    )
  })

  it('is nowhere when it is the name of a value that was cut', () => {
    const told: unknown[] = []
    const redactor = createRedactor({ limits: { text: 10 }, onTruncate: (cut) => told.push(cut) })
    const value = 'Zqmarkermarkermarkermark'
    told.push(
      redactor.redact(eventOf({ metadata: { [`password=${value}`]: 'long '.repeat(100) } })),
    )
    expectGone(value, told)
  })

  it('shows no head of a card number that masking drew into the limit, but not as a whole', () => {
    const limit = 200
    for (let digits = 6; digits < 16; digits++) {
      const jwt = `eyJ${'a'.repeat(limit - 20)}`
      const before = `${jwt} ${'w '.repeat(100)}`.slice(0, limit + 64 - digits)
      const text = `${before}4111111111111111${' word'.repeat(100)}`
      const redactor = createRedactor({ limits: { text: limit } })
      const { record } = redactor.redact(eventOf({ metadata: { a: text } }))
      expect(record).not.toContain('411111')
    }
  })

  it.each(['4111111111111111', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIi', 'Bearer abc123def'])(
    '%s is masked as a name too',
    (name) => {
      const { record } = createRedactor({}).redact(
        eventOf({ metadata: { [name]: 1, deep: new Map([[name, 2]]) } }),
      )
      expect(record).not.toContain(name.slice(-6))
    },
  )
})
