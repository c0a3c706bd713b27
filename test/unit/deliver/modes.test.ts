import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import { memory } from '../../../adapters/store/memory.ts'
import type { AuditOptions } from '../../../src/options.ts'
import { trail } from '../../support/app.ts'
import { always, faultyStore, memoryLetters } from '../../support/faulty.ts'
import { gate, isSettled } from '../../support/gate.ts'

const down = () => faultyStore(memory(), always({ when: 'before', how: 'refused' }))

const gated = (options: Partial<AuditOptions>) => {
  const slow = gate()
  const stored = memory()
  const store = {
    ...stored,
    append: (...call: Parameters<typeof stored.append>) =>
      slow.passed.then(() => stored.append(...call)),
  }
  return { ...trail({ store, ...options }), slow }
}

describe('await', () => {
  it.each<[string, Partial<AuditOptions>, string, boolean]>([
    ['the app', { delivery: 'await' }, '/', true],
    ['a rule', { rules: [{ match: '/rule', delivery: 'await' }] }, '/rule', true],
    ['no rule', { rules: [{ match: '/rule', delivery: 'await' }] }, '/', false],
    [
      'a rule back',
      { delivery: 'await', rules: [{ match: '/rule', delivery: 'defer' }] },
      '/rule',
      false,
    ],
    ['a route', {}, '/route', true],
  ])('is asked for by %s', async (_, options, path, waits) => {
    const { audit, slow } = gated(options)
    const app = new Hono()
      .use(audit.middleware())
      .use('/route', audit.route({ delivery: 'await' }))
      .get('*', (c) => c.text('ok'))
    const response = Promise.resolve(app.request(path))
    expect(await isSettled(response)).toBe(!waits)
    slow.open()
    expect((await response).status).toBe(200)
    await audit.flush()
    expect(audit.stats()).toMatchObject({ captured: 1, stored: 1 })
  })

  it('is asked for by an event: it is stored when its promise resolves', async () => {
    const { audit, store } = trail()
    const app = new Hono().use(audit.middleware()).get('/', async (c) => {
      const id = await audit.record({ action: 'a.read' }, { delivery: 'await' })
      return c.json((await store.get(id))?.action)
    })
    expect(await (await app.request('/')).json()).toBe('a.read')
  })

  it('lets the response go when nothing could be stored, by default', async () => {
    const { audit, losses } = trail({ delivery: 'await', store: down() })
    const app = new Hono().use(audit.middleware()).get('/', (c) => c.text('ok'))
    const response = await app.request('/')
    expect([response.status, await response.text()]).toEqual([200, 'ok'])
    expect(losses).toHaveLength(1)
  })

  it('answers 503 with problem details when nothing may go unrecorded', async () => {
    const { audit } = trail({ delivery: 'await', onFailure: 'closed', store: down() })
    const app = new Hono().use(audit.middleware()).get('/', (c) => {
      c.header('set-cookie', 'session=secret')
      return c.json({ balance: 7 })
    })
    const response = await app.request('/')
    expect(response.status).toBe(503)
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    expect(response.headers.get('set-cookie')).toBeNull()
    expect(await response.json()).toEqual({
      type: 'about:blank',
      title: 'Service Unavailable',
      status: 503,
      detail: expect.stringContaining('could not be recorded'),
      code: 'AUDIT_STORE_UNAVAILABLE',
    })
  })

  it('answers 503 also when the event went to the dead letter: it is not in the store', async () => {
    const letters = memoryLetters()
    const { audit } = trail({
      delivery: 'await',
      onFailure: 'closed',
      store: down(),
      deadLetter: letters,
    })
    const app = new Hono().use(audit.middleware()).get('/', (c) => c.text('ok'))
    expect((await app.request('/')).status).toBe(503)
    expect(letters.ids()).toHaveLength(1)
  })

  it('answers 503 to nobody whose own event was stored, whatever was written with it', async () => {
    const stored = memory()
    const slow = gate()
    const { audit } = trail({
      delivery: 'await',
      onFailure: 'closed',
      store: {
        ...stored,
        append: async (rows, options) => {
          await slow.passed
          // A database that refuses one value refuses the whole statement.
          if (rows.some(({ record }) => record.includes('poison'))) {
            return faultyStore(stored, always({ when: 'before', how: 'refused' })).append(rows)
          }
          await stored.append(rows, options)
        },
      },
    })
    const app = new Hono().use(audit.middleware()).get('/:what', (c) => c.text('ok'))
    const first = app.request('/first')
    const paths = ['/a', '/b', '/poison', '/c']
    const rest = paths.map((path) => Promise.resolve(app.request(path)))
    slow.open()
    expect((await first).status).toBe(200)
    expect((await Promise.all(rest)).map(({ status }) => status)).toEqual([200, 200, 503, 200])
  })

  it('rejects an awaited event that was not stored only when nothing may go unrecorded', async () => {
    const open = trail({ store: down() })
    expect(await open.audit.record({ action: 'a.read' }, { delivery: 'await' })).toBeTypeOf(
      'string',
    )
    const closed = trail({ store: down(), onFailure: 'closed' })
    await expect(
      closed.audit.record({ action: 'a.read' }, { delivery: 'await' }),
    ).rejects.toMatchObject({
      code: 'AUDIT_STORE_UNAVAILABLE',
    })
    expect(closed.losses).toHaveLength(1)
  })

  it('throws on what the handler threw, stored or not', async () => {
    for (const store of [memory(), down()]) {
      const { audit } = trail({ delivery: 'await', onFailure: 'closed', store })
      const app = new Hono().use(audit.middleware()).get('/', () => Promise.reject('mine'))
      await expect(app.request('/')).rejects.toBe('mine')
    }
  })
})

describe('defer', () => {
  it('answers as it would have, whatever becomes of the event', async () => {
    const { audit, losses } = trail({ onFailure: 'closed', store: down() })
    const app = new Hono().use(audit.middleware()).get('/', (c) => c.text('ok'))
    expect((await app.request('/')).status).toBe(200)
    await audit.flush()
    expect(losses).toHaveLength(1)
  })
})
