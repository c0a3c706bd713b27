import { Hono } from 'hono'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createBursts } from '../../../src/capture/security/burst.ts'
import { createWindow } from '../../../src/capture/security/window.ts'
import { NOW } from '../../support/app.ts'
import { from, guarded } from './guarded.ts'

const PROBE = '/.env'
const countsOf = (events: readonly { data?: unknown }[]): readonly unknown[] =>
  events.map(({ data }) => (data as { count?: unknown }).count)

describe('equal hits within a window', () => {
  it('are one event at once, and one with the count of the rest when the window is over', async () => {
    const { send, pass, told } = guarded()
    for (let i = 0; i < 5; i++) await send(PROBE, { headers: { 'x-request-id': `r-${i}` } })
    expect(countsOf(await told())).toEqual([1])
    pass(59_999)
    await send('/ordinary')
    expect(countsOf(await told())).toEqual([1])
    pass(1)
    await send('/ordinary')
    const [first, rest, ...others] = await told()
    expect(others).toEqual([])
    expect(first).toMatchObject({ action: 'probe.path', request: { id: 'r-0' } })
    expect(rest).toMatchObject({
      action: 'probe.path',
      outcome: 'unknown',
      occurredAt: NOW,
      data: {
        rule: 'path.dotenv',
        count: 4,
        windowMs: 60_000,
        first: { id: 'r-0', at: NOW, method: 'GET', path: PROBE },
        last: { id: 'r-4', at: NOW, method: 'GET', path: PROBE },
      },
    })
  })

  it('begin a new window when the old one is over', async () => {
    const { send, pass, told } = guarded({ security: { window: 1_000 } })
    for (let i = 0; i < 3; i++) {
      await send(PROBE)
      await send(PROBE)
      pass(1_000)
    }
    expect(countsOf(await told())).toEqual([1, 1, 1, 1, 1])
  })

  it('are not equal from two addresses, for two rules or for two tenants', async () => {
    const { send, told } = guarded({
      security: { tenant: (c) => c.req.header('x-tenant') ?? null },
    })
    await send(PROBE)
    await send(PROBE, { ip: '192.0.2.2' })
    await send('/.git/config')
    await send(PROBE, { headers: { 'x-tenant': 'acme' } })
    await send(PROBE, { headers: { 'x-tenant': 'acme' } })
    expect((await told()).map(({ tenant }) => tenant)).toEqual([null, null, null, 'acme'])
  })

  it('are equal from all addresses of one network of IPv6', async () => {
    const { send, told } = guarded()
    await send(PROBE, { ip: '2001:db8:1::1' })
    await send(PROBE, { ip: '2001:db8:1:ffff::2' })
    await send(PROBE, { ip: '2001:db8:2::1' })
    expect((await told()).map(({ request }) => request?.ip)).toEqual([
      '2001:db8:1::1',
      '2001:db8:2::1',
    ])
  })

  it('are told by flush() too, and only once', async () => {
    const { send, told, guard, pass } = guarded()
    await send(PROBE)
    await send(PROBE)
    guard.flush()
    guard.flush()
    pass(60_000)
    await send('/')
    expect(countsOf(await told())).toEqual([1, 1])
  })
})

describe('a count', () => {
  const late = async (order: 'below' | 'above', asyncContext: boolean) => {
    const audit = {
      actor: () => ({ id: 'somebody-else' }),
      tenant: () => 'another-tenant',
      // What a runtime without AsyncLocalStorage has: nothing is ever found in it.
      ...(!asyncContext && {
        asyncContext: {
          run: <Result>(_value: unknown, fn: () => Result): Result => fn(),
          getStore: () => undefined,
        },
      }),
    }
    const made = guarded({ order, audit })
    await made.send(PROBE, { headers: { 'x-request-id': 'r-1' } })
    await made.send(PROBE, { headers: { 'x-request-id': 'r-2' } })
    made.pass(60_000)
    await made.send('/ordinary', { ip: '198.51.100.9', headers: { 'x-request-id': 'r-3' } })
    return (await made.told())[1]
  }

  it.each([
    ['below', true],
    ['above', true],
    ['below', false],
    ['above', false],
  ] as const)(
    'takes neither request nor actor nor tenant of the one that carries it (%s, context: %s)',
    async (order, asyncContext) => {
      expect(await late(order, asyncContext)).toMatchObject({
        actor: { id: 'system', type: 'system' },
        tenant: null,
        request: { id: 'r-2', ip: '192.0.2.1' },
        data: { count: 1 },
      })
    },
  )

  it('stays with the tenant that the app names', async () => {
    const { send, told, pass } = guarded({
      security: { tenant: (c) => c.req.header('x-tenant') },
    })
    await send(PROBE, { headers: { 'x-tenant': 'acme' } })
    await send(PROBE, { headers: { 'x-tenant': 'acme' } })
    pass(60_000)
    await send('/', { headers: { 'x-tenant': 'other' } })
    expect((await told()).map(({ tenant }) => tenant)).toEqual(['acme', 'acme'])
  })
})

describe('an attacker', () => {
  it('cannot make it write without bound, and nothing goes uncounted', async () => {
    const { send, told, guard } = guarded({ security: { limits: { windows: 10 } } })
    const sent = 500
    for (let i = 0; i < sent; i++) await send(PROBE, { ip: `10.0.${i >> 7}.${i & 127}` })
    await send('/.git/config', { ip: '192.0.2.200' })
    guard.flush()
    const events = await told()
    expect(events.length).toBe(11)
    const counts = countsOf(events).map(Number)
    expect(counts.reduce((sum, one) => sum + one, 0)).toBe(sent + 1)
    expect(events.at(-1)).toMatchObject({
      action: 'probe.overflow',
      actor: { id: 'system' },
      tenant: null,
      data: {
        rule: 'overflow',
        count: sent + 1 - 10,
        rules: { 'path.dotenv': sent - 10, 'path.repository': 1 },
        first: { path: PROBE },
        last: { path: '/.git/config' },
      },
    })
  })

  it('gets room again in the next window', async () => {
    const { send, pass, told } = guarded({ security: { limits: { windows: 1 } } })
    await send(PROBE)
    await send('/.git/config')
    pass(60_000)
    await send('/.git/config')
    expect((await told()).map(({ data }) => data?.['rule'])).toEqual([
      'path.dotenv',
      'overflow',
      'path.repository',
    ])
  })
})

describe('a window', () => {
  const seen = { at: 0, id: undefined, method: 'GET', path: '/' }

  it('records at most its bound, remembers at most twice that, and loses no hit', () => {
    const step = fc.record({
      key: fc.nat(40),
      wait: fc.nat(30),
      count: fc.integer({ min: 1, max: 3 }),
    })
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 200 }),
        fc.integer({ min: 1, max: 5 }),
        (steps, most) => {
          const window = createWindow<string>(100, most)
          let at = 0
          let sent = 0
          let told = 0
          const opened: number[] = []
          for (const { key, wait, count } of steps) {
            at += wait
            const due = window.due(at)
            expect(due.tallies.length).toBeLessThanOrEqual(2 * most)
            for (const tally of due.tallies) told += tally.count
            told += due.overflow?.count ?? 0
            sent += count
            const hit = { key: String(key), rule: `r${key % 3}`, what: '', seen, count }
            if (!window.add(hit, at)) continue
            told += count
            opened.push(at)
          }
          const rest = window.all()
          for (const tally of rest.tallies) told += tally.count
          told += rest.overflow?.count ?? 0
          expect(told).toBe(sent)
          for (const start of opened) {
            const within = opened.filter((time) => time >= start && time < start + 100)
            expect(within.length).toBeLessThanOrEqual(2 * most)
          }
        },
      ),
    )
  })
})

describe('refusals from one address', () => {
  const burst = { count: 3 }

  it('are a burst from the threshold on, told once and then counted', async () => {
    const { send, pass, told } = guarded({ security: { burst } })
    await send('/status/401')
    await send('/status/403')
    expect(await told()).toEqual([])
    await send('/missing/1')
    await send('/missing/2')
    await send('/missing/3')
    pass(60_000)
    await send('/')
    expect(await told()).toMatchObject([
      { kind: 'security', action: 'burst.denied', outcome: 'unknown', data: { count: 3 } },
      { action: 'burst.denied', request: { ip: '192.0.2.1' }, data: { count: 2 } },
    ])
  })

  it('are counted for each address, and for an unknown one not at all', async () => {
    const { app, send, told } = guarded({ security: { burst } })
    for (let i = 0; i < 6; i++) {
      await send('/missing/x', { ip: `192.0.2.${i}` })
      await app.request('/missing/x')
    }
    expect(await told()).toEqual([])
  })

  it('are forgotten when a window is over', async () => {
    const { send, pass, told } = guarded({ security: { burst } })
    for (let i = 0; i < 4; i++) {
      await send('/missing/x')
      pass(30_000)
    }
    expect(await told()).toEqual([])
  })

  it('are those of the statuses that the app names', async () => {
    const { send, told } = guarded({ security: { burst: { count: 2, statuses: [418] } } })
    for (const code of [401, 404, 418, 200, 418]) await send(`/status/${code}`)
    expect(countsOf(await told())).toEqual([2])
  })

  it('are not counted when that is switched off', async () => {
    const { send, told } = guarded({ security: { burst: false } })
    for (let i = 0; i < 40; i++) await send('/missing/x')
    expect(await told()).toEqual([])
  })

  it('are counted for a bounded number of addresses: the oldest is forgotten', () => {
    const bursts = createBursts(2, 1_000, 2)
    expect([bursts.note('a', 0), bursts.note('b', 1), bursts.note('c', 2)]).toEqual([0, 0, 0])
    expect([bursts.note('a', 3), bursts.note('c', 4)]).toEqual([0, 2])
    expect([bursts.running('c', 5), bursts.running('c', 1_002)]).toEqual([true, false])
  })
})

describe('slow requests', () => {
  it('are an issue of performance, by their route', async () => {
    const { send, told, pass } = guarded()
    await send('/slow/4999')
    expect(await told()).toEqual([])
    await send('/slow/5000')
    await send('/slow/9000')
    pass(60_000)
    await send('/')
    const target = { type: 'issue', id: 'slow-request GET /slow/:ms' }
    expect(await told()).toMatchObject([
      {
        kind: 'system',
        action: 'system.performance',
        outcome: 'unknown',
        targets: [target],
        data: {
          title: 'Slow request: GET /slow/:ms',
          severity: 'medium',
          fingerprint: 'slow-request GET /slow/:ms',
          durationMs: 5_000,
          thresholdMs: 5_000,
          count: 1,
        },
      },
      { action: 'system.performance', targets: [target], data: { count: 1, durationMs: 9_000 } },
    ])
  })

  it('have a threshold for each route, the last that fits, or none', async () => {
    const routes = [
      { match: '/slow/**', after: 100 },
      { match: '/slow/7000', after: false },
    ] as const
    const { send, told } = guarded({ security: { slow: { after: 1, routes } } })
    await send('/slow/99')
    await send('/slow/7000')
    expect(await told()).toEqual([])
    await send('/slow/100')
    expect(await told()).toMatchObject([{ data: { thresholdMs: 100 } }])
  })

  it('are not looked for when that is switched off', async () => {
    const { send, told } = guarded({ security: { slow: false } })
    await send('/slow/100000')
    expect(await told()).toEqual([])
  })

  it('are one issue where no route answered, whatever the client asked for', async () => {
    let elapsed = 0
    const made = guarded({ order: 'alone' })
    const { security } = await import('../../../src/capture/security/middleware.ts')
    const guard = security(made.audit, {
      burst: false,
      ambient: { elapsed: () => (elapsed += 6_000), now: () => NOW },
    })
    const app = new Hono().use(guard)
    await app.request('/a', undefined, from('192.0.2.1'))
    await app.request('/b', undefined, from('192.0.2.1'))
    guard.flush()
    const ids = (await made.told()).map(({ targets }) => targets[0]?.id)
    expect(new Set(ids)).toEqual(new Set(['slow-request GET (no route)']))
  })
})
