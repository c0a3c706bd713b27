import { Hono } from 'hono'
import { afterEach, describe, expect, it } from 'vitest'
import type { AuditOptions } from '../../../src/options.ts'
import { eventsOf, trail } from '../../support/app.ts'
import { beWorkers, beYourself, Platform, setGlobal, vercel } from './platform.ts'

afterEach(beYourself)

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
  { name: 'Vercel', put: (at) => setGlobal(vercel, { get: () => at }) },
  {
    name: 'cloudflare:workers',
    put: (at) => beWorkers(at),
  },
  { name: 'EdgeRuntime', put: (at) => setGlobal('EdgeRuntime', at) },
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
    setGlobal('EdgeRuntime', edge)
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
