import { Hono } from 'hono'
import process from 'node:process'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { memory } from '../../../adapters/store/memory.ts'
import type { AuditOptions } from '../../../src/options.ts'
import { eventsOf, trail } from '../../support/app.ts'
import { gate, isSettled } from '../../support/gate.ts'

/** Takes no call that is not made on itself, as Workers do: «Illegal invocation». */
class Platform {
  readonly #name: string
  readonly #log: string[]
  readonly waited: Promise<unknown>[] = []
  constructor(name: string, log: string[]) {
    this.#name = name
    this.#log = log
  }
  waitUntil(promise: Promise<unknown>): void {
    this.#log.push(this.#name)
    this.waited.push(promise)
  }
}

const vercel = Symbol.for('@vercel/request-context')
const { getBuiltinModule } = process
let workers: object | undefined

const set = (name: PropertyKey, value: unknown): void => {
  Object.defineProperty(globalThis, name, { value, configurable: true, writable: true })
}

beforeEach(() => {
  workers = undefined
  process.getBuiltinModule = ((id: string) =>
    // The module is asked for once and then remembered, as on Workers: it tells the current one.
    id === 'cloudflare:workers'
      ? {
          get waitUntil() {
            return (
              workers &&
              ((work: Promise<unknown>) =>
                Reflect.get(workers ?? {}, 'waitUntil').call(workers, work))
            )
          },
          env: { FROM: 'workers' },
        }
      : getBuiltinModule(id))
})
afterEach(() => {
  process.getBuiltinModule = getBuiltinModule
  for (const name of [vercel, 'EdgeRuntime', 'WebSocketPair'])
    Reflect.deleteProperty(globalThis, name)
})

interface Call {
  env?: object
  context?: unknown
  options?: Partial<AuditOptions>
}

/** In the order in which they are asked. */
const places: readonly { name: string; put(platform: Platform, call: Call): void }[] = [
  {
    name: 'the option',
    put: (at, call) => (call.options = { waitUntil: (work) => at.waitUntil(work) }),
  },
  { name: 'c.executionCtx', put: (at, call) => (call.context = at) },
  { name: 'Netlify', put: (at, call) => (call.env = { context: at }) },
  { name: 'Vercel', put: (at) => set(vercel, { get: () => at }) },
  {
    name: 'cloudflare:workers',
    put: (at) => {
      set('WebSocketPair', () => undefined)
      workers = at
    },
  },
  { name: 'EdgeRuntime', put: (at) => set('EdgeRuntime', at) },
]

const ask = async ({ env = {}, context, options = {} }: Call) => {
  const made = trail(options)
  const app = new Hono().use(made.audit.middleware()).get('/', (c) => c.text('ok'))
  const response = await app.request('/', {}, env, context as never)
  expect(await response.text()).toBe('ok')
  return made
}

describe('waitUntil', () => {
  it.each(places.map(({ name }, index) => ({ name, index })))(
    'is $name before all that come after',
    async ({ name, index }) => {
      const log: string[] = []
      const call: Call = {}
      const platforms = places.slice(index).map((place) => {
        const platform = new Platform(place.name, log)
        place.put(platform, call)
        return platform
      })
      const { store } = await ask(call)
      expect(log).toEqual([name])
      await Promise.all(platforms.flatMap(({ waited }) => waited))
      expect(await eventsOf(store)).toHaveLength(1)
    },
  )

  it('keeps a job and an event outside of any request too', async () => {
    const log: string[] = []
    const edge = new Platform('EdgeRuntime', log)
    set('EdgeRuntime', edge)
    const { audit, store } = trail()
    audit.record({ action: 'a.read' })
    await audit.runAs({ source: 'cron' }, ({ record }) => record({ action: 'b.read' }))
    expect(log).toEqual(['EdgeRuntime', 'EdgeRuntime'])
    await Promise.all(edge.waited)
    expect(await eventsOf(store)).toHaveLength(2)
  })

  it.each([
    [
      'throws',
      {
        waitUntil: () => {
          throw new Error('too late')
        },
      },
    ],
    [
      'cannot be read',
      Object.defineProperty({}, 'waitUntil', {
        get: () => {
          throw new Error('gone')
        },
      }),
    ],
    ['is missing, as on next-on-pages', {}],
  ])('that %s costs neither the response nor the event', async (_, context) => {
    const { events } = await ask({ context })
    expect(await events()).toHaveLength(1)
  })

  it('that throws costs nothing as an option either', async () => {
    const { events } = await ask({
      options: {
        waitUntil: () => {
          throw new Error('mine')
        },
      },
    })
    expect(await events()).toHaveLength(1)
  })
})

describe('on Workers', () => {
  const context = () => new Platform('ctx', [])

  it('each request has a store of its own, made of its bindings, and waits for no other', async () => {
    set('WebSocketPair', () => undefined)
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
    set('WebSocketPair', () => undefined)
    const envs: unknown[] = []
    const stored = memory()
    const { audit } = trail({ store: (env: unknown) => (envs.push(env), stored) })
    await audit.runAs({ env: { FROM: 'job' } }, ({ record }) => record({ action: 'a.read' }))
    await audit.runAs({}, ({ record }) => record({ action: 'a.read' }))
    expect(envs).toEqual([{ FROM: 'job' }, { FROM: 'workers' }])
  })

  it('nothing keeps the runtime: the response waits for the store', async () => {
    set('WebSocketPair', () => undefined)
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
