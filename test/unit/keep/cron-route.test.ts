import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import { memory } from '../../../adapters/store/memory.ts'
import { createAudit } from '../../../src/audit.ts'
import { AuditError } from '../../../src/errors.ts'
import {
  type CronHandler,
  cronRoute,
  type CronRouteOptions,
} from '../../../src/keep/start/cron-route.ts'
import type { KeptAudit } from '../../../src/keep/tell.ts'
import { memoryObjects } from '../../support/objects.ts'
import { told } from './told.ts'
import { idle } from './outcome.ts'
import { dueStore } from './due-store.ts'
import { took } from './took.ts'

const secret = 'a secret of 24 letters,!'.replaceAll(' ', '-')
const address = 'https://example.com/cron/keep'

const routeOf = async (more: Partial<CronRouteOptions> = {}) => {
  const store = await dueStore()
  const audit = createAudit({ store })
  const { objects, ...to } = memoryObjects()
  const run = cronRoute(audit, { secret, archiveAfter: '90d', to, ...more })
  /** Whether anything ran, and what it left behind. */
  const left = async () => {
    const { rows } = await store.page({ limit: 10 })
    return { objects: objects.size, actions: rows.map(({ action }) => action) }
  }
  return { run, left, audit }
}

const ask = (run: CronHandler, authorization?: string, method = 'GET'): Promise<Response> =>
  run(new Request(address, { method, ...(authorization && { headers: { authorization } }) }))

/** Holds an answer to RFC 9457, and to be kept by nobody. */
const expectProblem = async (response: Response, problem: object): Promise<void> => {
  expect(response.headers.get('cache-control')).toBe('no-store')
  expect(response.headers.get('content-type')).toBe('application/problem+json')
  expect(await response.json()).toEqual({
    type: 'about:blank',
    status: response.status,
    ...problem,
  })
}

const untouched = { objects: 0, actions: ['invoice.refund'] }

describe('a cron route', () => {
  it('runs for who has the secret, and answers with the numbers', async () => {
    const { run, left } = await routeOf()
    const response = await ask(run, `Bearer ${secret}`)
    expect(response.status).toBe(200)
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(await response.json()).toEqual({ ...idle, moved: 1, segments: 1 })
    expect((await left()).objects).toBe(2)
  })

  it('takes the name of the scheme in any case of letters', async () => {
    const { run } = await routeOf()
    expect((await ask(run, `bearer ${secret}`)).status).toBe(200)
  })

  it.each([
    ['nothing', undefined],
    ['another scheme', `Basic ${secret}`],
    ['the secret alone', secret],
    ['another secret of that length', `Bearer ${'x'.repeat(secret.length)}`],
    ['one that ends differently', `Bearer ${secret.slice(0, -1)}?`],
    ['one that begins differently', `Bearer ?${secret.slice(1)}`],
    ['its beginning', `Bearer ${secret.slice(0, 20)}`],
    ['more than it', `Bearer ${secret}!`],
    ['it twice', `Bearer ${secret}, Bearer ${secret}`],
    ['no secret', 'Bearer '],
    ['undefined, as text', 'Bearer undefined'],
  ])('answers 401 to %s, and does nothing', async (_, authorization) => {
    const { run, left } = await routeOf()
    const response = await ask(run, authorization)
    expect(response.status).toBe(401)
    expect(response.headers.get('www-authenticate')).toBe('Bearer')
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    const problem = await response.text()
    expect(JSON.parse(problem)).toMatchObject({ type: 'about:blank', status: 401 })
    expect(problem).not.toContain(secret)
    expect(await left()).toEqual(untouched)
  })

  it.each([
    ['unset', undefined],
    ['empty', ''],
    ['of 15 characters', 'x'.repeat(15)],
    ['one that no header can carry', `${secret}\n`],
    ['a function that knows none', () => undefined],
    ['a function that gives a short one', () => 'short'],
  ])('answers 503 while the secret is %s, whatever it is asked with', async (_, secret) => {
    const { run, left } = await routeOf({ secret })
    const shown = typeof secret === 'function' ? secret() : secret
    for (const authorization of [undefined, 'Bearer ', `Bearer ${shown?.trim()}`]) {
      const response = await ask(run, authorization)
      expect(response.status).toBe(503)
      await expectProblem(response, {
        title: 'Service Unavailable',
        detail: 'No secret of 16 characters or more is configured, so nothing runs.',
      })
    }
    expect(await left()).toEqual(untouched)
  })

  it.each(['POST', 'HEAD', 'PUT', 'DELETE', 'OPTIONS'])(
    'answers 405 to %s, also with the secret',
    async (method) => {
      const { run, left } = await routeOf()
      const response = await ask(run, `Bearer ${secret}`, method)
      expect(response.status).toBe(405)
      expect(response.headers.get('allow')).toBe('GET')
      expect(response.headers.get('cache-control')).toBe('no-store')
      expect(await left()).toEqual(untouched)
    },
  )

  it('answers 200 when another run is under way', async () => {
    const { run, audit } = await routeOf()
    await (await audit.store().ledger()).lease('another', 60_000)
    const response = await ask(run, `Bearer ${secret}`)
    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject({ state: 'busy', moved: 0 })
  })

  it('answers 500 with the code of what went wrong and nothing else of it', async () => {
    const errors: unknown[] = []
    const failing = { ...memoryObjects(), put: () => Promise.reject(broken) }
    const broken = new AuditError('AUDIT_ARCHIVE_REFUSED', 'S3 403 AccessDenied')
    const { run } = await routeOf({ to: failing, onError: (error) => errors.push(error) })
    const response = await ask(run, `Bearer ${secret}`)
    expect(response.status).toBe(500)
    await expectProblem(response, {
      title: 'Internal Server Error',
      detail: 'The run failed. Nothing is lost: the next one goes on.',
      code: 'AUDIT_ARCHIVE_REFUSED',
    })
    expect(errors).toEqual([broken])
  })

  it('answers 500 without a code to an error that is none of the audit', async () => {
    const audit: KeptAudit = {
      store: () => {
        throw new TypeError('postgres://u:s3cret@db')
      },
      runAs: () => Promise.reject(new Error('never')),
    }
    const response = await ask(cronRoute(audit, { secret }), `Bearer ${secret}`)
    const text = await response.text()
    expect(response.status).toBe(500)
    expect(JSON.parse(text)).not.toHaveProperty('code')
    expect(text).not.toContain('s3cret')
  })

  it('is a route of Hono, and hands the bindings to what is a function of them', async () => {
    interface Env {
      readonly CRON_SECRET: string
      readonly ARCHIVE: ReturnType<typeof memoryObjects>
    }
    const audit = createAudit({ store: await dueStore() })
    const run = cronRoute(audit, {
      secret: (env: Env) => env.CRON_SECRET,
      archiveAfter: '90d',
      to: (env: Env) => env.ARCHIVE,
    })
    const app = new Hono<{ Bindings: Env }>()
      .use(audit.middleware())
      .get('/cron/keep', (c) => run(c.req.raw, c.env))
    const env: Env = { CRON_SECRET: secret, ARCHIVE: memoryObjects() }
    const headers = { authorization: `Bearer ${secret}` }
    expect((await app.request('/cron/keep', {}, env)).status).toBe(401)
    const response = await app.request('/cron/keep', { headers }, env)
    expect(await response.json()).toMatchObject({ state: 'done', moved: 1 })
    expect(env.ARCHIVE.objects.size).toBe(2)
  })

  it.each([
    ['25 s', undefined, 24_999, 'done'],
    ['25 s', undefined, 25_000, 'stopped'],
    ['what it is told', 600_000, 599_999, 'done'],
  ])('has a budget of %s', async (_, budgetMs, ms, state) => {
    const { run } = await routeOf({ budgetMs, ambient: { elapsed: took(ms) } })
    expect(await (await ask(run, `Bearer ${secret}`)).json()).toMatchObject({ state })
  })

  it.each<[string, object, string]>([
    ['a secret', { secret: 7 }, 'secret must be a text, or a function that gives one'],
    ['an onError', { secret, onError: 'log' }, 'onError must be a function'],
    ['an archiveAfter', { secret, archiveAfter: '90' }, 'archiveAfter must be'],
    ['an option', { secret, retries: 3 }, 'retries is not an option'],
  ])('tells of %s that is wrong when the app starts', (_, options, detail) => {
    const audit = createAudit({ store: memory() })
    expect(told(() => cronRoute(audit, options as CronRouteOptions))).toContain(detail)
  })
})
