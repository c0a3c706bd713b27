import { Hono } from 'hono'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { NOW, trail } from '../../support/app.ts'
import { gate, turn } from '../../support/gate.ts'

describe('scope.extra', () => {
  it('is in every event of its scope from then on, and the event’s own keys win', async () => {
    const { audit, recorded, request } = trail()
    const app = new Hono().use(audit.middleware()).get('/', (c) => {
      audit.record({ action: 'a.before' })
      const { extra, set } = audit.scope()
      extra({ region: 'eu', job: 'x' })
      extra({ job: 'y' })
      set({ job: 'mine' })
      audit.record({ action: 'a.after', metadata: { job: 'z', n: 1 } })
      audit.process('a.run')
      return c.text('ok')
    })
    await app.request('/')
    expect((await recorded()).map(({ metadata }) => metadata)).toEqual([
      undefined,
      { region: 'eu', job: 'z', n: 1 },
      { region: 'eu', job: 'y' },
    ])
    expect((await request()).metadata).toEqual({ region: 'eu', job: 'mine' })
  })

  it('is of its own scope alone: not of jobs in it, of other requests, of none', async () => {
    const { audit, recorded } = trail()
    await audit.runAs({}, async ({ extra, record }) => {
      extra({ job: 'outer' })
      await audit.runAs({}, (inner) => {
        inner.extra({ inner: 1 })
        audit.record({ action: 'inner.job' })
      })
      record({ action: 'outer.job' })
    })
    await audit.runAs({}, () => audit.record({ action: 'next.job' }))
    audit.record({ action: 'no.scope' })
    expect(
      Object.fromEntries((await recorded()).map(({ action, metadata }) => [action, metadata])),
    ).toEqual({
      'inner.job': { inner: 1 },
      'outer.job': { job: 'outer' },
      'next.job': undefined,
      'no.scope': undefined,
    })
  })

  it('never is another request’s, however 100 at once take turns', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.nat(2), { minLength: 1, maxLength: 4 }), {
          minLength: 100,
          maxLength: 100,
        }),
        async (plans) => {
          const { audit, events } = trail()
          const start = gate()
          const app = new Hono().use(audit.middleware()).get('/:n', async (c) => {
            const n = Number(c.req.param('n'))
            await start.passed
            for (const [index, way] of (plans[n] ?? []).entries()) {
              if (way === 0) await turn()
              if (way === 1) await Promise.resolve()
              audit.scope().extra({ n, [`${n}-${index}`]: true })
              audit.record({ action: 'n.read', metadata: { own: n } })
            }
            return c.text('ok')
          })
          const requests = plans.map(async (_, n) =>
            app.request(`/${n}`, { headers: { 'x-request-id': `r${n}` } }),
          )
          start.open()
          await Promise.all(requests)
          for (const { kind, metadata, request } of await events()) {
            const n = Number(request?.id.slice(1))
            const { n: found, own, ...marks } = metadata ?? {}
            expect(found).toBe(n)
            if (kind !== 'request') expect(own).toBe(n)
            expect(Object.keys(marks).every((mark) => mark.startsWith(`${n}-`))).toBe(true)
          }
        },
      ),
      { numRuns: 5 },
    )
  })

  it('outlives what cannot be read, and so do the events of its scope', async () => {
    const { audit, recorded, errors } = trail({ redact: { paths: ['metadata.pin'] } })
    const broken = {
      get a(): never {
        throw new Error('trap')
      },
    }
    await audit.runAs({}, ({ extra, record }) => {
      extra({ kept: 1 })
      extra(broken)
      record({
        action: 'a.read',
        metadata: Object.defineProperties({ pin: 'hunter2', b: 2 }, descriptorsOf(broken)),
      })
    })
    expect(await recorded()).toMatchObject([
      {
        action: 'a.read',
        metadata: { a: '[unreadable]', b: 2, kept: 1, pin: '***REDACTED***' },
      },
    ])
    expect(errors.map(({ where }) => where)).toEqual(['extra'])
  })
})

const descriptorsOf = (from: object): PropertyDescriptorMap =>
  Object.getOwnPropertyDescriptors(from)

describe('audit.event', () => {
  it('is an event of now with the metadata of its scope, and is not recorded yet', async () => {
    let now = NOW
    const { audit, recorded } = trail({ ambient: { now: () => now } })
    const event = await audit.runAs({}, ({ extra }) => {
      extra({ region: 'eu', n: 1 })
      return audit.event({ action: 'a.read', metadata: { n: 2 } })
    })
    expect(await recorded()).toEqual([])
    now += 5_000
    audit.record(event)
    audit.record({ ...event, metadata: { ...event.metadata, n: 3 } })
    expect(await recorded()).toMatchObject([
      { action: 'a.read', occurredAt: NOW, metadata: { region: 'eu', n: 2 } },
      { action: 'a.read', occurredAt: NOW, metadata: { region: 'eu', n: 3 } },
    ])
  })

  it('keeps the time that was said', () => {
    const { audit } = trail()
    expect(audit.event({ action: 'a.read', occurredAt: 7 }).occurredAt).toBe(7)
  })
})

describe('audit.fields', () => {
  it('keeps the values of the moment, those of secrets masked', async () => {
    const { audit, recorded } = trail()
    const poll = { question: 'Tea?', votes: 3, password: 'hunter2', other: 'unasked' }
    audit.fields({ type: 'poll', id: 7, name: 'P' }, ['question', 'votes', 'password'], {
      of: poll,
      action: 'poll.publish',
      kind: 'change',
      data: { round: 1 },
      reason: 'due',
    })
    poll.votes = 4
    expect(await recorded()).toMatchObject([
      {
        kind: 'change',
        action: 'poll.publish',
        reason: 'due',
        targets: [{ type: 'poll', id: '7', name: 'P' }],
        data: {
          round: 1,
          fields: { question: 'Tea?', votes: 3, password: '***REDACTED***' },
        },
      },
    ])
  })

  it('reads the thing itself where there is no other', async () => {
    const { audit, recorded } = trail()
    const account = { type: 'account', id: 7, balance: 12n, since: new Date(0) }
    audit.fields(account, ['balance', 'since', 'balance'])
    expect(await recorded()).toMatchObject([
      {
        action: 'snapshot',
        targets: [{ type: 'account', id: '7' }],
        data: { fields: { balance: '12', since: '1970-01-01T00:00:00.000Z' } },
      },
    ])
  })

  it('asks a getter once, outlives one that throws, and knows private fields', async () => {
    const { audit, recorded } = trail()
    let reads = 0
    class Row {
      #secret = 'own'
      get once(): number {
        return (reads += 1)
      }
      get own(): string {
        return this.#secret
      }
      get broken(): string {
        throw new Error('trap')
      }
    }
    audit.fields({ type: 'row', id: 1 }, ['once', 'own', 'broken'], { of: new Row() })
    expect((await recorded())[0]?.data?.['fields']).toEqual({
      broken: '[unreadable]',
      once: 1,
      own: 'own',
    })
    expect(reads).toBe(1)
  })
})
