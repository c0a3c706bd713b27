import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import type { EventInput } from '../../../src/input.ts'
import { NOW, trail } from '../../support/app.ts'

const recordedAs = async (event: EventInput) => {
  const made = trail()
  const id = made.audit.record(event)
  const [stored] = await made.recorded()
  expect(stored?.id).toBe(id)
  return { ...made, event: stored }
}

describe('audit.record', () => {
  it('stores who did what to which thing, and why', async () => {
    const { event } = await recordedAs({
      action: ' Invoice.Refund ',
      kind: 'change',
      target: { type: 'invoice', id: 7, name: 'R-7' },
      targets: [{ type: 'ledger', id: 'main' }],
      reason: 'duplicate',
      changes: { status: { old: 'paid', new: 'refunded' }, password: { old: 'a', new: 'b' } },
      metadata: { amount: 3 },
      actor: { id: 'ada', role: 'clerk' },
      tenant: 'acme',
      occurredAt: new Date(NOW - 5),
    })
    expect(event).toMatchObject({
      kind: 'change',
      action: 'invoice.refund',
      outcome: 'success',
      targets: [
        { type: 'invoice', id: '7', name: 'R-7' },
        { type: 'ledger', id: 'main' },
      ],
      reason: 'duplicate',
      changes: {
        status: { old: 'paid', new: 'refunded' },
        password: { old: '***REDACTED***', new: '***REDACTED***' },
      },
      metadata: { amount: 3 },
      actor: { id: 'ada', type: 'user', role: 'clerk' },
      tenant: 'acme',
      occurredAt: NOW - 5,
    })
    expect(event).not.toHaveProperty('request')
  })

  it('stores what a kind adds, redacted', async () => {
    const { event } = await recordedAs({
      action: 'login',
      kind: 'auth',
      data: { method: 'password', password: 'hunter2' },
    })
    expect(event?.data).toEqual({ method: 'password', password: '***REDACTED***' })
  })

  it('stores what is told of its request, beside the id of the scope', async () => {
    const { audit, recorded } = trail()
    const request = { ip: '192.0.2.7', ipFrom: 'socket', geo: { country: 'NL' } }
    const app = new Hono().use(audit.middleware()).get('/', (c) => {
      audit.record({ action: 'a', request })
      audit.record({ action: 'b', request: { ...request, id: 'another' } })
      return c.text('ok')
    })
    await app.request('/', { headers: { 'x-request-id': 'this-one' } })
    const [a, b] = await recorded()
    expect(a?.request).toEqual({ ...request, id: 'this-one' })
    expect(b?.request).toEqual({ ...request, id: 'another' })
  })

  it('takes no harm from facts of a request that are none', async () => {
    for (const request of [7, null, { ip: 7, path: null, geo: 'NL', method: 'GET' }]) {
      const { event, errors } = await recordedAs({ action: 'a', request: request as never })
      expect(errors).toEqual([])
      expect(JSON.stringify(event?.request ?? {})).not.toContain('7')
    }
  })

  it('takes an error along, and is a failure then unless told otherwise', async () => {
    const error = new RangeError('no funds')
    expect((await recordedAs({ action: 'a.pay', error })).event).toMatchObject({
      outcome: 'failure',
      error: { type: 'RangeError', message: 'no funds' },
    })
    const { event } = await recordedAs({ action: 'a.pay', error, outcome: 'denied' })
    expect(event?.outcome).toBe('denied')
  })

  it('stores two events of two calls, whatever they say', async () => {
    const { audit, recorded } = trail()
    const event = { action: 'a.read', occurredAt: NOW }
    const ids = [audit.record(event), audit.record(event)]
    const app = new Hono().use(audit.middleware()).get('/', (c) => {
      ids.push(audit.record(event), audit.record(event))
      return c.text('ok')
    })
    await app.request('/')
    await audit.runAs({}, () => ids.push(audit.record(event), audit.record(event)))
    expect((await recorded()).map(({ id }) => id).toSorted()).toEqual(ids.toSorted())
    expect(new Set(ids).size).toBe(6)
  })

  it('keeps what was handed over as it was at that moment', async () => {
    const metadata = { step: 1, inner: { note: 'first' } }
    const { audit, recorded } = trail()
    const app = new Hono().use(audit.middleware()).get('/', (c) => {
      audit.record({ action: 'a.read', metadata })
      metadata.step = 2
      metadata.inner.note = 'second'
      return c.text('ok')
    })
    await app.request('/')
    expect((await recorded())[0]?.metadata).toEqual({ step: 1, inner: { note: 'first' } })
  })

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['an empty action', { action: '  ' }],
    ['no action', { metadata: { a: 1 } }],
    ['an action that is no text', { action: 7 }],
    [
      'a getter that throws',
      Object.defineProperty({}, 'action', {
        get: () => {
          throw new Error('trap')
        },
      }),
    ],
  ])('keeps an event that is wrong as `unnamed`, and tells: %s', async (_, wrong) => {
    const { event, errors } = await recordedAs(wrong as EventInput)
    expect(event?.action).toBe('unnamed')
    expect(errors.map(({ where }) => where)).toEqual(['record'])
  })

  it('takes the nearest known word for a kind, an outcome and a time that are none', async () => {
    const wrong = { action: 'a.read', kind: 'x","y":"z', outcome: 'great', occurredAt: Number.NaN }
    const { event } = await recordedAs(wrong as unknown as EventInput)
    expect(event).toMatchObject({ kind: 'custom', outcome: 'unknown', occurredAt: NOW })
  })

  it('keeps every one of many events of one request', async () => {
    const { audit, recorded } = trail({ actor: async () => ({ id: 'ada' }) })
    const app = new Hono().use(audit.middleware()).get('/', (c) => {
      for (let n = 0; n < 1_050; n += 1)
        audit.record({ action: 'n.read', target: { type: 'n', id: n } })
      return c.text('ok')
    })
    await app.request('/')
    const found = await recorded()
    expect(found.map(({ targets }) => Number(targets[0]?.id)).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 1_050 }, (_, n) => n),
    )
    expect(found.every(({ actor }) => actor.id === 'ada')).toBe(true)
  })

  it('keeps the app’s own spelling of actions, and one when that fails', async () => {
    const made = trail({
      normaliseAction: (action) => {
        if (action === 'bad') throw new Error('mine')
        return action.toUpperCase()
      },
    })
    made.audit.record({ action: 'a.read' })
    made.audit.record({ action: 'bad' })
    expect((await made.recorded()).map(({ action }) => action)).toEqual(['A.READ', 'unnamed'])
    expect(made.errors).toEqual([{ where: 'normaliseAction', error: new Error('mine') }])
  })
})
