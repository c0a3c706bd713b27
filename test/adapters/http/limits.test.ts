import { describe, expect, it } from 'vitest'
import { counting } from '../../../adapters/http/limits.ts'
import { desk, NOW } from './desk.ts'

const clock = () => {
  let time = NOW
  return {
    now: () => time,
    pass: (ms: number): void => {
      time += ms
    },
  }
}

describe('the limits', () => {
  it('turn away who asks too often, and say when to come again', async () => {
    const { now, pass } = clock()
    const { ask } = desk({ now, limits: { requests: 2, per: 10_000 } })
    const status = async (): Promise<number> => (await ask('/events')).status
    expect([await status(), await status(), await status()]).toEqual([200, 200, 429])
    pass(4_500)
    const response = await ask('/events')
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '6'])
    expect(await response.json()).toMatchObject({ status: 429, title: 'Too Many Requests' })
    pass(5_500)
    expect(await status()).toBe(200)
  })

  it('tell of a flood once in each window', async () => {
    const { now, pass } = clock()
    const { ask, told } = desk({ now, limits: { requests: 1, per: 1_000 } })
    for (let index = 0; index < 5; index++) await ask('/events')
    pass(1_000)
    for (let index = 0; index < 5; index++) await ask('/events')
    expect((await told()).map(({ outcome }) => outcome)).toEqual([
      'success',
      'denied',
      'success',
      'denied',
    ])
  })

  it('count by actor, and who is nobody by address', async () => {
    const addresses = {
      address: (c: { req: { header(name: string): string | undefined } }) => c.req.header('x-ip'),
    }
    const { ask } = desk({ limits: { requests: 1 } }, addresses)
    const status = async (headers: Record<string, string>): Promise<number> =>
      (await ask('/events', { headers })).status
    expect(await status({ 'x-user': 'ada', 'x-ip': '10.0.0.1' })).toBe(200)
    expect(await status({ 'x-user': 'ada', 'x-ip': '10.0.0.2' })).toBe(429)
    expect(await status({ 'x-user': 'bob', 'x-ip': '10.0.0.1' })).toBe(200)
    expect(await status({ 'x-ip': '10.0.0.1' })).toBe(200)
    expect(await status({ 'x-ip': '10.0.0.1' })).toBe(429)
    expect(await status({ 'x-ip': '10.0.0.2' })).toBe(200)
  })

  it('count exports by themselves', async () => {
    const { ask, told } = desk({ limits: { exports: 1 } })
    expect((await ask('/export')).status).toBe(200)
    expect((await ask('/export')).status).toBe(429)
    expect((await ask('/events')).status).toBe(200)
    expect((await told()).filter(({ kind }) => kind === 'export')).toMatchObject([
      { action: 'export.start', outcome: 'success' },
      { action: 'export.start', outcome: 'denied', data: { refused: 'limit' } },
    ])
  })

  it('hold before the app is asked', async () => {
    let asked = 0
    const { ask } = desk({ limits: { requests: 1 }, authorize: () => (asked += 1) > 0 })
    for (let index = 0; index < 5; index++) await ask('/events')
    expect(asked).toBe(1)
  })

  it('refuse a URL that is too long before anything else', async () => {
    const { ask } = desk({ limits: { url: 256 } })
    expect((await ask(`/events?text=${'x'.repeat(256)}`)).status).toBe(414)
  })

  it('name the parameter that makes a URL too long', async () => {
    const { ask } = desk()
    const ids = Array.from({ length: 1_000_000 }, (_, index) => `actor=${index}`).join('&')
    const refused = await ask(`/events?kind=auth&${ids}&status=200`)
    expect(refused.status).toBe(414)
    expect(await refused.json()).toMatchObject({ errors: [{ parameter: 'actor' }] })
  })
})

describe('the windows', () => {
  it('are forgotten when they are over, or when there are too many', () => {
    const count = counting(1, 1_000)
    for (let caller = 0; caller < 25_000; caller++) count(`c${caller}`, 0)
    expect(count('c24999', 1)).toEqual({ wait: 999, isFirst: true })
    expect(count('c0', 1)).toBeUndefined()
  })

  it('begin anew when the clock goes back', () => {
    const count = counting(1, 1_000)
    expect(count('ada', 5_000)).toBeUndefined()
    expect(count('ada', 100)).toBeUndefined()
    expect(count('ada', 101)).toMatchObject({ wait: 999 })
  })
})
