import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import type { AuditEvent } from '../../../src/event/schema.ts'
import { trail } from '../../support/app.ts'
import { gate } from '../../support/gate.ts'

/** A clock of which each look is so many ms later than the one before. */
const clock = (step: number): (() => number) => {
  let time = 0
  return () => (time += step)
}

const phases = (events: readonly AuditEvent[]): readonly unknown[] =>
  events.map(({ data, outcome }) => [data?.['phase'], data?.['step'], outcome])

describe('audit.process', () => {
  it('tells what is to come, what came of it, and that it is over, about one target', async () => {
    const { audit, recorded } = trail()
    const order = audit.process('Order.Place', {
      steps: ['pay', { name: 'ship', expects: 2, description: 'by post' }],
      description: 'an order',
      reason: 'ordered by phone',
    })
    order.step('pay').ok('card', 'on the second try')
    order.step('ship').fail('parcel', 'lost', new RangeError('no van'))
    order.end('given up')
    const found = await recorded()
    const target = { type: 'process', id: order.id, name: 'Order.Place' }
    expect(found).toMatchObject([
      {
        outcome: 'unknown',
        reason: 'ordered by phone',
        data: {
          phase: 'started',
          description: 'an order',
          steps: [
            { name: 'pay', expects: 1 },
            { name: 'ship', expects: 2, description: 'by post' },
          ],
        },
      },
      {
        outcome: 'success',
        data: { phase: 'registered', step: 'pay', name: 'card', description: 'on the second try' },
      },
      {
        outcome: 'failure',
        data: { phase: 'registered', step: 'ship', name: 'parcel', description: 'lost' },
        error: { type: 'RangeError', message: 'no van' },
      },
      { outcome: 'unknown', data: { phase: 'ended', description: 'given up' } },
    ])
    for (const { kind, action, targets } of found)
      expect([kind, action, targets]).toEqual(['process', 'order.place', [target]])
  })

  it('needs neither steps nor options, and is never the same twice', async () => {
    const { audit, recorded } = trail()
    const ids = [audit.process('a.run').id, audit.process('a.run').id]
    expect(new Set(ids).size).toBe(2)
    expect((await recorded()).map(({ data }) => data)).toEqual([
      { phase: 'started', steps: [] },
      { phase: 'started', steps: [] },
    ])
  })

  it('has ids of its own for names of any length', async () => {
    const { audit, recorded } = trail()
    const name = '\u{1f4e6}'.repeat(400)
    for (let count = 0; count < 3; count += 1) audit.process(name).step('a').ok()
    const ids = (await recorded()).map(({ targets }) => targets[0]?.id)
    expect(new Set(ids).size).toBe(3)
  })
})

describe('step.run', () => {
  it('registers what a function does and how long it took, and gives back what it gave', async () => {
    const { audit, recorded } = trail({ ambient: { elapsed: clock(12.3456) } })
    const step = audit.process('a.run').step('one')
    const given = { an: 'object' }
    expect(step.run(() => given, 'sync')).toBe(given)
    expect(await step.run(async () => given)).toBe(given)
    expect(step.run(() => undefined)).toBeUndefined()
    const data = { phase: 'registered', step: 'one', durationMs: 12.346 }
    expect((await recorded()).slice(1)).toMatchObject([
      { outcome: 'success', data: { ...data, name: 'sync' } },
      { outcome: 'success', data },
      { outcome: 'success', data },
    ])
  })

  it('throws on what was thrown, as it was, and registers it as a failure', async () => {
    const { audit, recorded } = trail({ ambient: { elapsed: clock(5) } })
    const step = audit.process('a.run').step('one')
    const thrown = new TypeError('no card')
    expect(() =>
      step.run(() => {
        throw thrown
      }),
    ).toThrow(thrown)
    await expect(step.run(() => Promise.reject(thrown), 'later')).rejects.toBe(thrown)
    await expect(step.run(() => Promise.reject(undefined as unknown as Error))).rejects.toBe(
      undefined,
    )
    const failed = {
      outcome: 'failure',
      error: { type: 'TypeError', message: 'no card' },
      data: { durationMs: 5 },
    }
    expect((await recorded()).slice(1)).toMatchObject([
      failed,
      { ...failed, data: { durationMs: 5, name: 'later' } },
      { outcome: 'failure', data: { durationMs: 5 } },
    ])
  })

  it('asks a thenable once, for a query runs again each time it is asked', async () => {
    const { audit, recorded } = trail()
    let runs = 0
    const query = {
      // oxlint-disable-next-line unicorn/no-thenable -- as a query builder is
      then: (resolve: (rows: readonly string[]) => void) => {
        runs += 1
        resolve(['row'])
      },
    }
    const rows: unknown = await audit
      .process('a.run')
      .step('one')
      .run(() => query)
    expect(rows).toEqual(['row'])
    await recorded()
    expect(runs).toBe(1)
  })

  it('registers nothing before the promise is settled', async () => {
    const { audit, recorded } = trail()
    const slow = gate<number>()
    const running = audit
      .process('a.run')
      .step('one')
      .run(() => slow.passed)
    expect(await recorded()).toHaveLength(1)
    slow.open(7)
    expect(await running).toBe(7)
    expect(await recorded()).toHaveLength(2)
  })

  it.each<[string, unknown]>([
    ['a Proxy that refuses', new Proxy({}, { get: () => expect.fail('read') })],
    ['a revoked Proxy', revoked()],
    ['a function', () => 1],
    ['null', null],
    ['a `then` that is no function', JSON.parse('{"then":1}')],
  ])('lets %s through', async (_, given) => {
    const { audit, recorded } = trail()
    // A refusing Proxy may not even be compared by what prints a difference.
    const isSame = Object.is(
      audit
        .process('a.run')
        .step('one')
        .run(() => given),
      given,
    )
    expect(isSame).toBe(true)
    expect(phases(await recorded()).at(-1)).toEqual(['registered', 'one', 'success'])
  })
})

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  return proxy
}

describe('a process in a request', () => {
  it('carries its request and its actor, and outlives a handler that throws', async () => {
    const { audit, events } = trail({ actor: () => ({ id: 'ada' }) })
    const app = new Hono().use(audit.middleware()).get('/', async () => {
      const step = audit.process('a.run', { steps: ['one'] }).step('one')
      step.ok()
      await step.run(() => Promise.reject(new Error('down')))
      throw new Error('never reached')
    })
    app.onError((_, c) => c.text('down', 500))
    expect((await app.request('/', { headers: { 'x-request-id': 'r' } })).status).toBe(500)
    const found = await events()
    expect(phases(found)).toEqual([
      ['started', undefined, 'unknown'],
      ['registered', 'one', 'success'],
      ['registered', 'one', 'failure'],
      [undefined, undefined, 'failure'],
    ])
    for (const { actor, request } of found) expect([actor.id, request?.id]).toEqual(['ada', 'r'])
  })

  it('is one of many there, and may hold others, which name it', async () => {
    const { audit, recorded } = trail()
    const ids: string[] = []
    const app = new Hono().use(audit.middleware()).get('/', (c) => {
      const one = audit.process('one.run')
      const two = audit.process('two.run', { parent: 'elsewhere' })
      const inner = one.process('inner.run', { steps: ['a'] })
      const innermost = inner.process('innermost.run')
      inner.step('a').ok()
      two.end()
      ids.push(one.id, two.id, inner.id, innermost.id)
      return c.text('ok')
    })
    await app.request('/')
    const [one, two, inner, innermost] = ids
    expect(
      (await recorded()).map(({ action, targets, data }) => [
        action,
        targets[0]?.id,
        data?.['parent'],
      ]),
    ).toEqual([
      ['one.run', one, undefined],
      ['two.run', two, 'elsewhere'],
      ['inner.run', inner, one],
      ['innermost.run', innermost, inner],
      ['inner.run', inner, undefined],
      ['two.run', two, undefined],
    ])
  })

  it('goes on in later requests, in jobs and outside of both, by its id', async () => {
    const { audit, recorded } = trail({ actor: (c) => ({ id: c.req.path.slice(1) }) })
    let id = ''
    const app = new Hono()
      .use(audit.middleware())
      .get('/ada', (c) => c.text((id = audit.process('order.place', { steps: ['pay'] }).id)))
      .get('/bob', (c) => c.text(audit.process.resume<'pay'>(id).step('pay').ok()))
    await app.request('/ada', { headers: { 'x-request-id': 'r1' } })
    await app.request('/bob', { headers: { 'x-request-id': 'r2' } })
    await audit.runAs({ source: 'queue' }, () => audit.process.resume(id).step('pay').ok())
    audit.process.resume(id).end()
    const found = await recorded()
    const target = { type: 'process', id, name: 'order.place' }
    for (const { action, targets } of found)
      expect([action, targets]).toEqual(['order.place', [target]])
    expect(found.map(({ actor, request }) => [actor.id, actor.via, request?.id])).toEqual([
      ['ada', undefined, 'r1'],
      ['bob', undefined, 'r2'],
      ['system', 'queue', undefined],
      ['system', undefined, undefined],
    ])
  })

  it('may have an id of the app’s, and is then named when it is resumed', async () => {
    const { audit, recorded } = trail()
    audit.process('order.place', { id: 'order-7' })
    audit.process.resume('order-7', { name: 'order.place' }).end()
    audit.process.resume('order-7').end()
    expect((await recorded()).map(({ action, targets }) => [action, targets[0]?.id])).toEqual([
      ['order.place', 'order-7'],
      ['order.place', 'order-7'],
      ['process', 'order-7'],
    ])
  })

  it('stays in the tenant that it was given, for it is looked for there', async () => {
    const { audit, recorded } = trail({ tenant: () => 'scope' })
    const app = new Hono().use(audit.middleware()).get('/', (c) => {
      const outer = audit.process('a.run', { tenant: 'acme' })
      outer.step('one').ok()
      outer.process('b.run').end()
      outer.process('c.run', { tenant: 'other' }).end()
      audit.process.resume(outer.id, { tenant: 'acme' }).end()
      audit.process('d.run').end()
      return c.text('ok')
    })
    await app.request('/')
    expect((await recorded()).map(({ action, tenant }) => `${action} ${tenant}`)).toEqual([
      'a.run acme',
      'a.run acme',
      'b.run acme',
      'b.run acme',
      'c.run other',
      'c.run other',
      'a.run acme',
      'd.run scope',
      'd.run scope',
    ])
  })
})
