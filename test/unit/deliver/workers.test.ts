import { Hono } from 'hono'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { memory } from '../../../adapters/store/memory.ts'
import { eventsOf, trail } from '../../support/app.ts'
import { gate, isSettled } from '../../support/gate.ts'
import { beWorkers, beYourself, Platform } from './platform.ts'

beforeEach(() => beWorkers())
afterEach(beYourself)

describe('on Workers', () => {
  const context = () => new Platform('ctx', [])

  it('each request has a store of its own, made of its bindings, and waits for no other', async () => {
    const hanging = gate()
    const made: unknown[] = []
    const stored = memory()
    const { audit } = trail({
      store: (env: { N: number }) => {
        made.push(env.N)
        return {
          ...stored,
          append: async (rows, options) => {
            if (env.N === 1) await hanging.passed
            await stored.append(rows, options)
          },
        }
      },
    })
    const app = new Hono().use(audit.middleware()).get('/', (c) => c.text('ok'))
    const [one, two] = [context(), context()]
    await app.request('/', {}, { N: 1 }, one as never)
    await app.request('/', {}, { N: 2 }, two as never)
    await Promise.all(two.waited)
    expect(made).toEqual([1, 2])
    expect(await eventsOf(stored)).toHaveLength(1)
    expect(await isSettled(Promise.all(one.waited))).toBe(false)
    hanging.open()
    await Promise.all(one.waited)
    expect(await eventsOf(stored)).toHaveLength(2)
  })

  it('a job takes the bindings it is given, or those of cloudflare:workers', async () => {
    const envs: unknown[] = []
    const stored = memory()
    const { audit } = trail({ store: (env: unknown) => (envs.push(env), stored) })
    await audit.runAs({ env: { FROM: 'job' } }, ({ record }) => record({ action: 'a.read' }))
    await audit.runAs({}, ({ record }) => record({ action: 'a.read' }))
    expect(envs).toEqual([{ FROM: 'job' }, { FROM: 'workers' }])
  })

  it('nothing keeps the runtime: the response waits for the store', async () => {
    const slow = gate()
    const stored = memory()
    const { audit } = trail({
      store: { ...stored, append: (...call) => slow.passed.then(() => stored.append(...call)) },
    })
    const app = new Hono().use(audit.middleware()).get('/', (c) => c.text('ok'))
    const response = Promise.resolve(app.request('/'))
    expect(await isSettled(response)).toBe(false)
    slow.open()
    expect((await response).status).toBe(200)
    expect(await eventsOf(stored)).toHaveLength(1)
  })
})
