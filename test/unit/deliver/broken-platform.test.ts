import { Hono } from 'hono'
import { afterEach, expect, it } from 'vitest'
import { trail } from '../../support/app.ts'

const VERCEL = Symbol.for('@vercel/request-context')

afterEach(() => {
  Reflect.deleteProperty(globalThis, VERCEL)
})

it('answers, and records, when the platform breaks at being asked for its context', async () => {
  const made = trail()
  const app = new Hono().use(made.audit.middleware()).get('/', (c) => c.text('fine'))
  Reflect.set(globalThis, VERCEL, {
    get: () => {
      throw new Error('no context here')
    },
  })
  const response = await app.request('/')
  expect(response.status).toBe(200)
  expect(await response.text()).toBe('fine')
  expect(await made.request()).toMatchObject({ kind: 'request', outcome: 'success' })
})
