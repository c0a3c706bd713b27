import { Hono } from 'hono'
import process from 'node:process'
import { afterEach, describe, expect, it } from 'vitest'
import { memory } from '../../../adapters/store/memory.ts'
import { eventsOf, executionContext, trail } from '../../support/app.ts'
import { gate, isSettled } from '../../support/gate.ts'

const FREEZERS = ['AWS_LAMBDA_FUNCTION_NAME', 'LAMBDA_TASK_ROOT', 'K_SERVICE', 'VERCEL', 'NETLIFY']

afterEach(() => {
  for (const name of FREEZERS) Reflect.deleteProperty(process.env, name)
})

/** An app whose store does not answer until the gate opens. */
const slowly = (options: Parameters<typeof trail>[0] = {}) => {
  const slow = gate()
  const stored = memory()
  const store = {
    ...stored,
    append: (...call: Parameters<typeof stored.append>) =>
      slow.passed.then(() => stored.append(...call)),
  }
  const made = trail({ store, ...options })
  const app = new Hono().use(made.audit.middleware()).get('/', (c) => {
    made.audit.record({ action: 'a.read' })
    return c.text('ok')
  })
  return { ...made, app, slow, stored }
}

describe('where the process stays', () => {
  it('no response waits for the store, and flush() does', async () => {
    const { app, audit, slow, stored } = slowly()
    expect(await (await app.request('/')).text()).toBe('ok')
    const flushed = audit.flush()
    expect(await isSettled(flushed)).toBe(false)
    expect(audit.stats()).toMatchObject({ captured: 2, pending: 2 })
    slow.open()
    await flushed
    expect(await eventsOf(stored)).toHaveLength(2)
    expect(audit.stats()).toMatchObject({ captured: 2, stored: 2, pending: 0 })
  })
})

describe.each(FREEZERS)('where the platform freezes after the response (%s)', (name) => {
  it('the response waits for the store', async () => {
    process.env[name] = '1'
    const { app, slow, stored } = slowly()
    const response = Promise.resolve(app.request('/'))
    expect(await isSettled(response)).toBe(false)
    slow.open()
    expect(await (await response).text()).toBe('ok')
    expect(await eventsOf(stored)).toHaveLength(2)
  })

  it('the response waits also where the actor is asked for', async () => {
    process.env[name] = '1'
    const { app, slow, stored } = slowly({ actor: async () => ({ id: 'ada' }) })
    const response = Promise.resolve(app.request('/'))
    expect(await isSettled(response)).toBe(false)
    slow.open()
    await response
    expect((await eventsOf(stored)).map(({ actor }) => actor.id)).toEqual(['ada', 'ada'])
  })

  it('no response waits where the platform has waitUntil', async () => {
    process.env[name] = '1'
    const { app, slow, stored } = slowly()
    const context = executionContext()
    expect(await (await app.request('/', {}, {}, context)).text()).toBe('ok')
    slow.open()
    await context.drained()
    expect(await eventsOf(stored)).toHaveLength(2)
  })
})
