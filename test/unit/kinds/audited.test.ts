import { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { describe, expect, it } from 'vitest'
import { audited } from '../../../src/capture/audited.ts'
import { isAuditError } from '../../../src/errors.ts'
import { trail } from '../../support/app.ts'

const thrower = (error: unknown) => (): never => {
  throw error
}
const status = (code: unknown): Error => Object.assign(new Error('no'), { status: code })

describe('audited', () => {
  it('records each call with what the arguments say of it, and keeps neither them nor the result', async () => {
    const { audit, recorded } = trail()
    const refund = audited(
      audit,
      {
        action: 'invoice.refund',
        target: (id: string, amount: number) => ({ type: 'invoice', id, name: `${amount}` }),
        reason: (_, amount) => `worth ${amount}`,
        metadata: { by: 'desk' },
      },
      (id: string, amount: number) => `${id}-${amount}`,
    )
    expect(refund('7', 12)).toBe('7-12')
    const [event] = await recorded()
    expect(event).toMatchObject({
      action: 'invoice.refund',
      outcome: 'success',
      reason: 'worth 12',
      targets: [{ type: 'invoice', id: '7', name: '12' }],
      metadata: { by: 'desk' },
      data: { durationMs: expect.any(Number) },
    })
    expect(Object.keys(event?.data ?? {})).toEqual(['durationMs'])
  })

  it('keeps arguments and result where it is asked to, redacted', async () => {
    const { audit, recorded } = trail()
    const login = audited(
      audit,
      { action: 'a.call', args: true, result: true, data: { kept: 1 } },
      async (who: { name: string; password: string }) => ({ token: 'hunter2', who: who.name }),
    )
    await login({ name: 'ada', password: 'hunter2' })
    const [event] = await recorded()
    expect(event?.data).toMatchObject({
      kept: 1,
      args: [{ name: 'ada', password: '***REDACTED***' }],
      result: { token: '***REDACTED***', who: 'ada' },
    })
    expect(JSON.stringify(event)).not.toContain('hunter2')
  })

  it.each<[string, unknown, string]>([
    ['an Error', new Error('no'), 'failure'],
    ['401', status(401), 'denied'],
    ['403 of HTTP', new HTTPException(403), 'denied'],
    ['403 by another name', Object.assign(new Error('no'), { statusCode: 403 }), 'denied'],
    ['404', status(404), 'failure'],
    ['a status that is a text', status('403'), 'failure'],
    ['null', null, 'failure'],
    ['undefined', undefined, 'failure'],
    ['a Proxy that refuses', new Proxy({}, { get: thrower(new Error('trap')) }), 'failure'],
  ])('throws %s on as it came, and the outcome tells', async (_, thrown, outcome) => {
    const { audit, recorded } = trail()
    const caught: unknown[] = []
    const note = (error: unknown): unknown => caught.push(error)
    try {
      audited(audit, { action: 'a.call' }, thrower(thrown))()
    } catch (error) {
      note(error)
    }
    await audited(audit, { action: 'a.call' }, async () => thrower(thrown)())().catch(note)
    expect(caught.map((error) => Object.is(error, thrown))).toEqual([true, true])
    expect((await recorded()).map((event) => event.outcome)).toEqual([outcome, outcome])
  })

  it('asks the app for the outcome where the app knows better', async () => {
    const { audit, recorded } = trail()
    const call = audited(
      audit,
      {
        action: 'a.call',
        outcome: ({ result, thrown }) =>
          thrown === undefined && result === 1 ? 'success' : 'denied',
      },
      async (n: number) => (n < 0 ? thrower(new Error('no'))() : n),
    )
    await call(1)
    await call(2)
    await expect(call(-1)).rejects.toThrow('no')
    expect((await recorded()).map(({ outcome }) => outcome)).toEqual([
      'success',
      'denied',
      'denied',
    ])
  })

  it('stays synchronous, and gives back what it was given', () => {
    const { audit } = trail()
    const given = { an: 'object' }
    expect(audited(audit, { action: 'a.call' }, () => given)()).toBe(given)
  })

  it('is an event of the scope that it is called in, or of none', async () => {
    const { audit, recorded } = trail({ actor: () => ({ id: 'ada' }) })
    const call = audited(audit, { action: 'a.call' }, async () => Promise.resolve(1))
    const app = new Hono().use(audit.middleware()).get('/', async (c) => c.json(await call()))
    await app.request('/', { headers: { 'x-request-id': 'r' } })
    await audit.runAs({ source: 'cron' }, call)
    await call()
    expect(
      (await recorded()).map(({ actor, request }) => [actor.id, actor.via, request?.id]),
    ).toEqual([
      ['ada', undefined, 'r'],
      ['system', 'cron', undefined],
      ['system', undefined, undefined],
    ])
  })

  it('does what it does whatever the functions that tell of it do', async () => {
    const { audit, recorded } = trail()
    const trap = thrower(new Error('mine'))
    const call = audited(
      audit,
      { action: 'a.call', target: trap, reason: trap, outcome: trap },
      () => 7,
    )
    expect(call()).toBe(7)
    expect(await recorded()).toMatchObject([{ outcome: 'success', targets: [] }])
  })
})

describe('a reason that is required', () => {
  const required = { require: { reason: ['Invoice.*'] } }

  it('is asked for before the deed: without one nothing is done, and that is on record', async () => {
    const { audit, recorded } = trail(required)
    let deeds = 0
    const refund = audited(
      audit,
      { action: 'invoice.refund', reason: (why: string | undefined) => why },
      (why: string | undefined) => `${(deeds += 1)} ${why}`,
    )
    for (const none of [undefined, '', ' \n']) {
      expect(() => refund(none)).toThrow(expect.objectContaining({ code: 'AUDIT_REASON_REQUIRED' }))
    }
    expect(deeds).toBe(0)
    expect(refund('duplicate')).toBe('1 duplicate')
    const denied = { outcome: 'denied', data: { refused: 'reason', invalid: ['reason'] } }
    expect(await recorded()).toMatchObject([
      denied,
      denied,
      denied,
      { outcome: 'success', reason: 'duplicate' },
    ])
  })

  it('is asked for by demand(), in any spelling, of those actions alone', () => {
    const { audit } = trail(required)
    for (const action of ['invoice.refund', ' Invoice.Refund '])
      expect(() => audit.demand(action, undefined)).toThrow(
        expect.objectContaining({ code: 'AUDIT_REASON_REQUIRED' }),
      )
    audit.demand('invoice.refund', 'duplicate')
    audit.demand('order.refund', undefined)
    audit.demand(undefined as never, 7 as never)
  })

  it('is not asked for by a spelling that throws, for the app must go on', () => {
    const { audit, errors } = trail({
      ...required,
      normaliseAction: (action) => {
        if (!action.endsWith('*')) throw new Error('mine')
        return action
      },
    })
    audit.demand('invoice.refund', undefined)
    expect(audited(audit, { action: 'invoice.refund' }, () => 7)()).toBe(7)
    expect(errors.every(({ where }) => where === 'normaliseAction')).toBe(true)
  })

  it('is not asked for where the kill switch is off', () => {
    const { audit } = trail({ ...required, enabled: false })
    audit.demand('invoice.refund', undefined)
    expect(audited(audit, { action: 'invoice.refund' }, () => 7)()).toBe(7)
  })

  it('is an AuditError, which an app can tell', () => {
    const { audit } = trail(required)
    try {
      audit.demand('invoice.refund', undefined)
      expect.unreachable()
    } catch (error) {
      expect(isAuditError(error)).toBe(true)
    }
  })
})
