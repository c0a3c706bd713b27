import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hmac } from '../../../src/capture/hash.ts'
import { basic, form, guarded, json, login, multipart } from './auth-app.ts'

/** 24 characters that nothing else in an event has. */
const secret = fc
  .string({ unit: fc.constantFrom(...'ghjkmqrtvwxyz'.split('')), minLength: 22, maxLength: 22 })
  .map((text) => `Zq${text}`)

const passwordField = fc.constantFrom(
  'password',
  'Password',
  'pwd',
  'passwd',
  'pass',
  'user_password',
  'pin',
  'otp',
)
const nameField = fc.constantFrom('username', 'email', 'login', 'user', 'identifier', 'name')

/** What stands where a name is looked for, the password among it. */
const oddNames: readonly ((field: string, password: string) => unknown)[] = [
  () => 'ada',
  () => '',
  () => 7,
  () => null,
  (field, password) => ({ [field]: password }),
  (_, password) => [password],
  (_, password) => ({ username: { $ne: password } }),
  (field, password) => JSON.stringify({ [field]: password }),
  (field, password) => `ada&${field}=${password}`,
  (field, password) => `ada ${field}: ${password}`,
  (field, password) => `ada ${field}="${password}"`,
  (_, password) => `https://ada:${password}@example.org`,
  (_, password) => `Bearer ${password}`,
  (_, password) => `eyJhbGciOiJIUzI1NiJ9.${password}.${password}`,
]

type Send = (fields: Readonly<Record<string, unknown>>, password: string) => RequestInit

const flat = (fields: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : (JSON.stringify(value) ?? ''),
    ]),
  )

const sends: readonly Send[] = [
  (fields) => json(fields),
  (fields) => json({ user: fields }),
  (fields) => json(JSON.stringify(fields).slice(0, -1)),
  (fields) => form(flat(fields)),
  (fields) => multipart(flat(fields)),
  (_, password) => basic(`ada:${password}`),
  (_, password) => basic(password),
  (_, password) => ({ method: 'POST', headers: { authorization: `Bearer ${password}` } }),
]

describe('a password', () => {
  it('reaches no stored record, whatever is sent to log in and however it ends', async () => {
    await fc.assert(
      fc.asyncProperty(
        secret,
        passwordField,
        nameField,
        fc.constantFrom(...oddNames),
        fc.constantFrom(...sends),
        fc.constantFrom('ok', 'refused', 'thrown', 'told'),
        fc.constantFrom<'plain' | 'hash'>('plain', 'hash'),
        async (password, passwordName, name, odd, send, ending, attempted) => {
          const fields = { [name]: odd(passwordName, password), [passwordName]: password }
          const { app, audit, store } = guarded(
            { routes: [{ ...login, session: () => password }], attempted },
            (c) => {
              if (ending === 'thrown') throw new Error(`no entry, password=${password}`)
              if (ending === 'told') audit.loginFailed({ name: 'ada', session: password })
              return c.json({ token: password }, ending === 'ok' ? 200 : 401)
            },
            { redact: { hash: hmac('sixteen characters') }, headers: ['authorization'] },
          )
          await app.request('/login', send(fields, password))
          await audit.flush()
          const { rows } = await store.page({ limit: 100 })
          expect(rows.length).toBeGreaterThan(1)
          expect(JSON.stringify(rows)).not.toContain(password)
          expect(JSON.stringify(rows)).not.toContain(btoa(password))
        },
      ),
      { numRuns: 500 },
    )
  })
})
