import { Hono } from 'hono'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { memory } from '../../adapters/store/memory.ts'
import type { AuditOptions } from '../../src/options.ts'
import { executionContext, trail } from '../support/app.ts'
import { always, faultyStore } from '../support/faulty.ts'
import { until } from '../support/gate.ts'

// A rejection that nobody handles fails the run, so the async hooks below are held to that as well.

const throwing = (): never => {
  throw new Error('mine')
}
const rejecting = (): never => Promise.reject(new Error('mine')) as never
const hooks = [
  ['throws', throwing],
  ['rejects', rejecting],
] as const

const refusing = () => faultyStore(memory(), always({ when: 'before', how: 'refused' }))

const told: unknown[] = []
beforeEach(() => {
  told.length = 0
  for (const level of ['error', 'warn', 'info'] as const) {
    vi.spyOn(console, level).mockImplementation((line) => {
      told.push(typeof line === 'string' ? JSON.parse(line) : line)
    })
  }
})
afterEach(() => {
  vi.restoreAllMocks()
})

const served = async (options: Partial<AuditOptions>) => {
  const made = trail(options)
  const app = new Hono().use(made.audit.middleware()).post('/', async (c) => {
    made.audit.record({ action: '', metadata: { long: 'x'.repeat(10_000) } })
    return c.text(await c.req.text(), 201)
  })
  const response = await app.request(`/?long=${'y'.repeat(9_000)}`, {
    method: 'POST',
    body: 'sent',
  })
  expect([response.status, await response.text()]).toEqual([201, 'sent'])
  await made.audit.flush()
  expect(made.audit.stats().pending).toBe(0)
  return made
}

describe.each(hooks)('a hook of the app that %s', (_, hook) => {
  it('costs neither response nor account as onLoss: the console is told instead', async () => {
    const { audit } = await served({ onLoss: hook, store: refusing() })
    expect(audit.stats()).toMatchObject({ captured: 2, lost: 2 })
    await until(() => told.length === 2)
    expect(told).toEqual([
      expect.objectContaining({ code: 'AUDIT_STORE_REFUSED', count: 1 }),
      expect.objectContaining({ code: 'AUDIT_STORE_REFUSED', count: 1 }),
    ])
  })

  it('costs no event as onError', async () => {
    const { audit } = await served({ onError: hook, actor: throwing })
    expect(audit.stats()).toMatchObject({ captured: 2, stored: 2 })
    await until(() => told.length > 0)
  })

  it('costs no event as onTruncate, and is told', async () => {
    const { audit, errors, events } = await served({ onTruncate: hook })
    expect(audit.stats()).toMatchObject({ captured: 2, stored: 2 })
    expect((await events()).every(({ truncated }) => truncated !== undefined)).toBe(true)
    await until(() => errors.some(({ where }) => where === 'onTruncate'))
  })

  it('costs no response as dryRun: the console shows the event instead', async () => {
    const { audit } = await served({ dryRun: hook })
    expect(audit.stats()).toMatchObject({ captured: 0, dryRun: 2 })
    await until(() => told.length === 2)
  })

  it('costs neither response nor event as waitUntil', async () => {
    const { audit } = await served({ waitUntil: hook })
    expect(audit.stats()).toMatchObject({ captured: 2, stored: 2 })
  })
})

describe('every function of the app', () => {
  const all: Partial<AuditOptions> = {
    actor: throwing,
    tenant: throwing,
    outcome: throwing,
    normaliseAction: throwing,
    address: throwing,
    include: [throwing],
    exclude: [throwing],
    rules: [{ match: throwing }],
    onTruncate: throwing,
  }

  it('may throw at once, and the event is kept with what is left', async () => {
    const { events, errors } = await served(all)
    expect((await events()).map(({ kind, actor }) => [kind, actor.id])).toEqual([
      ['custom', 'anonymous'],
      ['request', 'anonymous'],
    ])
    expect(new Set(errors.map(({ where }) => where))).toEqual(
      new Set(['actor', 'tenant', 'outcome', 'normaliseAction', 'address', 'match', 'onTruncate']),
    )
  })

  it('may throw at once, and nothing holds the runtime', async () => {
    const { audit } = trail(all)
    const context = executionContext()
    await new Hono().use(audit.middleware()).request('/', {}, {}, context)
    await context.drained()
    expect(audit.stats()).toMatchObject({ captured: 1, stored: 1 })
  })
})

describe('what handlers hand over', () => {
  const trap = Object.defineProperty({}, 'x', { enumerable: true, get: throwing })

  it.each([null, undefined, 7, trap])(
    'throws nothing at them and costs no event: %#',
    async (wrong) => {
      const made = trail()
      const app = new Hono()
        .use(made.audit.middleware())
        .get('/', made.audit.route(wrong as never), (c) => {
          made.audit.set(wrong as never)
          made.audit.scope().override(wrong as never)
          made.audit.record(wrong as never)
          return c.text('ok')
        })
      expect((await app.request('/')).status).toBe(200)
      expect(await made.events()).toHaveLength(2)
    },
  )
})
