import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import type { AuditOptions } from '../../../src/options.ts'
import type { ActorInput, ActorResolver } from '../../../src/input.ts'
import { executionContext, trail } from '../../support/app.ts'
import { gate, isSettled } from '../../support/gate.ts'

type Env = { Variables: { user?: { id: number; name: string; role: string } } }

/** The actors of a handler's event and of its request event. */
const actors = async (
  options: Partial<AuditOptions>,
  handler: (made: ReturnType<typeof trail>) => void = () => undefined,
) => {
  const made = trail(options)
  const app = new Hono().use(made.audit.middleware()).get('/', (c) => {
    made.audit.record({ action: 'a.read' })
    handler(made)
    return c.text('ok')
  })
  expect((await app.request('/')).status).toBe(200)
  return { ...made, actors: (await made.events()).map(({ actor }) => actor) }
}

const user = (id: string): ActorInput => ({ id })
const throwing: ActorResolver = () => {
  throw new Error('mine')
}
const rejecting: ActorResolver = () => Promise.reject(new Error('mine'))

describe('the actor', () => {
  it('is named after auth middleware below has set its variables, as a snapshot', async () => {
    const row = { id: 7, name: 'Ada', role: 'auditor', email: 'ada@example.org' }
    const made = trail({ actor: (c) => (c.var as Env['Variables']).user })
    const app = new Hono<Env>()
      .use(made.audit.middleware())
      .use(async (c, next) => {
        c.set('user', row)
        await next()
      })
      .get('/', (c) => {
        made.audit.record({ action: 'a.read' })
        return c.text('ok')
      })
    await app.request('/')
    row.name = 'Eve'
    const snapshot = { type: 'user', id: '7', name: 'Ada', role: 'auditor' }
    expect((await made.events()).map(({ actor }) => actor)).toEqual([snapshot, snapshot])
  })

  it('is anonymous in a request where nobody is named, and system outside of one', async () => {
    const { actors: found } = await actors({ actor: () => null })
    expect(found).toEqual(Array.from({ length: 2 }, () => ({ id: 'anonymous', type: 'anonymous' })))
    const { audit, recorded } = trail()
    audit.record({ action: 'a.read' })
    await audit.runAs({}, () => audit.record({ action: 'b.read' }))
    expect((await recorded()).map(({ actor }) => actor)).toEqual(
      Array.from({ length: 2 }, () => ({ id: 'system', type: 'system' })),
    )
  })

  it('is the explicit one before the scope’s, and the scope’s before the resolver’s', async () => {
    const made = trail({ actor: () => user('resolver') })
    const app = new Hono().use(made.audit.middleware()).get('/:who', (c) => {
      const { record, override } = made.audit.scope()
      if (c.req.param('who') === 'scope') override({ actor: user('scope') })
      record({ action: 'a.read' })
      record({ action: 'b.read', actor: user('explicit') })
      return c.text('ok')
    })
    await app.request('/scope')
    await app.request('/resolver')
    expect((await made.events()).map(({ actor }) => actor.id)).toEqual([
      'scope',
      'explicit',
      'scope',
      'resolver',
      'explicit',
      'resolver',
    ])
  })

  it.each<[string, ActorResolver | readonly ActorResolver[], string, number]>([
    ['the first that names one', [() => null, () => user('two'), () => user('three')], 'two', 0],
    ['an async one', async () => user('one'), 'one', 0],
    ['after one that throws', [throwing, () => user('two')], 'two', 1],
    ['after one that rejects', [rejecting, () => user('two')], 'two', 1],
    ['after async ones that name nobody', [async () => null, async () => user('two')], 'two', 0],
    ['nobody when all fail', [throwing, rejecting], 'anonymous', 2],
    ['nobody without an id', () => ({ id: '' }), 'anonymous', 0],
  ])('is found by the resolvers in turn: %s', async (_, actor, id, failures) => {
    const { actors: found, errors } = await actors({ actor })
    expect(found.map((one) => one.id)).toEqual([id, id])
    expect(errors).toEqual(
      Array.from({ length: failures }, () => ({ where: 'actor', error: new Error('mine') })),
    )
  })

  it('may come from what is awaitable and no Promise, such as a query builder', async () => {
    const query = {
      // oxlint-disable-next-line unicorn/no-thenable -- what Drizzle's queries are
      then: (use: (value: ActorInput) => unknown) => Promise.resolve(user('row')).then(use),
    }
    const { actors: found } = await actors({ actor: () => query as unknown as Promise<ActorInput> })
    expect(found.map(({ id }) => id)).toEqual(['row', 'row'])
  })

  it('carries what it acts through and for whom', async () => {
    const { actors: found } = await actors({
      actor: () => ({
        id: 1,
        type: 'service',
        name: 'Desk',
        role: null,
        via: 'api-key',
        onBehalfOf: [{ id: 2, name: 'Ada' }, { id: 3 }],
      }),
    })
    expect(found[0]).toEqual({
      id: '1',
      type: 'service',
      name: 'Desk',
      via: 'api-key',
      onBehalfOf: [
        { id: '2', type: 'user', name: 'Ada' },
        { id: '3', type: 'user' },
      ],
    })
  })

  it.each([
    ['a text', 'ada'],
    ['an id without text', { id: Object.create(null) }],
    [
      'a getter that throws',
      Object.defineProperty({}, 'id', {
        get: () => {
          throw new Error('trap')
        },
      }),
    ],
  ])('is anonymous where what was named is none, and no event is lost: %s', async (_, wrong) => {
    for (const actor of [() => wrong as ActorInput, async () => wrong as ActorInput]) {
      expect((await actors({ actor })).actors.map(({ id }) => id)).toEqual([
        'anonymous',
        'anonymous',
      ])
    }
    const { actors: told } = await actors({}, ({ audit }) => {
      audit.scope().override({ actor: wrong as ActorInput })
    })
    expect(told.map(({ id }) => id)).toEqual(['anonymous', 'anonymous'])
  })

  it('keeps its id where the rest of what was named is wrong', async () => {
    const odd = { id: 7, type: 'root', name: 5, onBehalfOf: { id: 8 } } as unknown as ActorInput
    const { actors: found } = await actors({ actor: async () => odd })
    expect(found[0]).toEqual({ id: '7', type: 'user', name: '5' })
  })

  it('that is slow to be named delays no response, and flush waits for it', async () => {
    const asked = gate<ActorInput>()
    const made = trail({ actor: () => asked.passed })
    const app = new Hono().use(made.audit.middleware()).get('/', (c) => c.text('ok'))
    expect(await (await app.request('/')).text()).toBe('ok')
    const flushed = made.audit.flush()
    expect(await isSettled(flushed)).toBe(false)
    asked.open(user('late'))
    await flushed
    expect((await made.request()).actor.id).toBe('late')
  })

  it('that is slow to be named keeps the runtime until the event is stored', async () => {
    const asked = gate<ActorInput>()
    const stored = gate()
    const made = trail({ actor: () => asked.passed })
    const { append } = made.store
    Object.assign(made.store, {
      append: async (...call: Parameters<typeof append>) => {
        await stored.passed
        await append(...call)
      },
    })
    const context = executionContext()
    const app = new Hono().use(made.audit.middleware()).get('/', (c) => c.text('ok'))
    await app.request('/', {}, {}, context)
    const drained = context.drained()
    expect(await isSettled(drained)).toBe(false)
    asked.open(user('late'))
    expect(await isSettled(drained)).toBe(false)
    stored.open()
    await drained
    expect(made.audit.stats()).toMatchObject({ captured: 1, stored: 1 })
  })

  it('that never comes is waited for no longer than a quarter of the deadline', async () => {
    const { actors: found, errors } = await actors({
      actor: [() => new Promise(() => undefined), () => user('two')],
      deadline: 8,
    })
    expect(found.map(({ id }) => id)).toEqual(['two', 'two'])
    expect(errors).toHaveLength(1)
    expect(errors[0]).toMatchObject({ where: 'actor', error: { code: 'AUDIT_DEADLINE' } })
  })
})
