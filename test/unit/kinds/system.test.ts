import * as fc from 'fast-check'
import { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { describe, expect, it } from 'vitest'
import type { SystemInput, SystemType } from '../../../src/index.ts'
import { trail } from '../../support/app.ts'

const failing = (message: string): Error => new RangeError(message)

describe('audit.system', () => {
  it.each<[SystemType, string, string]>([
    ['error', 'high', 'failure'],
    ['security', 'high', 'unknown'],
    ['warning', 'medium', 'unknown'],
    ['performance', 'medium', 'unknown'],
    ['info', 'low', 'unknown'],
    ['maintenance', 'low', 'unknown'],
  ])('%s is of severity %s and outcome %s, unless it is said', async (type, severity, outcome) => {
    const { audit, recorded } = trail()
    audit.system(type)
    audit.system(type, { severity: 'critical', outcome: 'denied' })
    expect(await recorded()).toMatchObject([
      { kind: 'system', action: `system.${type}`, outcome, data: { severity, title: type } },
      { outcome: 'denied', data: { severity: 'critical' } },
    ])
  })

  it('tells of an error its type, message and place, and gives the id of its issue', async () => {
    const { audit, recorded } = trail()
    const id = audit.system('error', {
      error: failing('no mail'),
      code: 'E_MAIL',
      description: 'the server is full',
      metadata: { queue: 'out' },
    })
    expect(await recorded()).toMatchObject([
      {
        targets: [{ type: 'issue', id, name: 'RangeError: no mail' }],
        data: {
          title: 'RangeError: no mail',
          code: 'E_MAIL',
          description: 'the server is full',
          fingerprint: id,
          function: 'failing',
          module: expect.stringContaining('system.test.ts'),
          line: expect.any(Number),
        },
        error: { type: 'RangeError', message: 'no mail' },
        metadata: { queue: 'out' },
      },
    ])
  })

  it('is where it was called without an error, or where it is said to be', async () => {
    const { audit, recorded } = trail()
    const sweep = () => audit.system('info', { title: 'swept' })
    sweep()
    audit.system('info', { title: 'swept', function: 'cron', module: 'sweep.ts', line: 3 })
    audit.in(audit.tryScope() as never).system('info')
    expect(await recorded()).toMatchObject([
      { data: { function: 'sweep', module: expect.stringContaining('system.test.ts') } },
      { data: { function: 'cron', module: 'sweep.ts', line: 3 } },
      { data: { module: expect.stringContaining('system.test.ts') } },
    ])
  })

  it('keeps no secret of a message in its title', async () => {
    const { audit, recorded } = trail()
    audit.system('error', { error: failing('login with password=hunter2 failed') })
    const [event] = await recorded()
    expect(event?.data?.['title']).toContain('login with')
    expect(JSON.stringify(event)).not.toContain('hunter2')
  })
})

describe('an issue', () => {
  const { audit } = trail()
  const issue = (input: SystemInput): string => audit.system('error', input)
  const at = (message: string): string => issue({ error: failing(message) })

  it.each([
    ['order 4711 is gone', 'order 12 is gone'],
    ['took 1.5 s', 'took 12 s'],
    ['at 12:30:05, 1,000.50 paid', 'at 01:02:03, 7 paid'],
    ['user 0f9a1c2d is gone', 'user deadbeef is gone'],
    ['file V1StGXR8_Z5jdHi6B-myT is gone', 'file x9 is gone'],
  ])('is the same when only numbers and ids differ: %j, %j', (one, other) => {
    expect(at(one)).toBe(at(other))
  })

  it('is the same for any two UUIDs', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.uuid(), (one, other) => {
        expect(at(`no order ${one}.`)).toBe(at(`no order ${other}.`))
      }),
      { numRuns: 300 },
    )
    expect(at('no abcdefab-cdef-4abc-abcd-abcdefabcdef')).toBe(
      at('no 01234567-0123-4123-8123-012345678901'),
    )
  })

  it('is another for another message, type, code, place or kind of error', () => {
    const error = failing('no mail')
    const elsewhere = (): Error => new RangeError('no mail')
    const ids = [
      issue({ error }),
      issue({ error: failing('no post') }),
      issue({ error, code: 'E_A' }),
      issue({ error, module: 'other.ts' }),
      issue({ error: elsewhere() }),
      issue({ error: Object.assign(failing('no mail'), { name: 'MailError' }) }),
      audit.system('warning', { error }),
    ]
    expect(new Set(ids).size).toBe(ids.length)
    expect(issue({ error })).toBe(ids[0])
  })

  it('is what the app says it is', () => {
    expect(issue({ fingerprint: 'mail' })).toBe('mail')
  })

  it('is the same in another process, for it holds nothing of this one', () => {
    const said = { title: 'no mail', module: 'a.ts', function: 'f' }
    expect(trail().audit.system('error', said)).toBe(trail().audit.system('error', said))
  })
})

describe('resolve and reopen', () => {
  it('tell who did it to each issue, and why', async () => {
    const { audit, recorded } = trail({ actor: () => ({ id: 'ada' }) })
    const app = new Hono().use(audit.middleware()).get('/', (c) => {
      audit.resolve('one', { note: 'server was full' })
      audit.reopen(['one', 'two'], { by: { id: 'bob' }, note: 'again', tenant: 'acme' })
      audit.resolve([])
      return c.text('ok')
    })
    await app.request('/')
    const base = { kind: 'system', outcome: 'success' }
    const again = {
      ...base,
      action: 'system.reopen',
      actor: { id: 'bob' },
      tenant: 'acme',
      data: { note: 'again' },
    }
    expect(await recorded()).toMatchObject([
      {
        ...base,
        action: 'system.resolve',
        actor: { id: 'ada' },
        tenant: null,
        targets: [{ type: 'issue', id: 'one' }],
        data: { note: 'server was full' },
      },
      { ...again, targets: [{ type: 'issue', id: 'one' }] },
      { ...again, targets: [{ type: 'issue', id: 'two' }] },
    ])
  })
})

describe('systemErrors', () => {
  const answer = async (thrown: unknown, systemErrors = true) => {
    const made = trail({ systemErrors, actor: () => ({ id: 'ada' }) })
    const app = new Hono().use(made.audit.middleware()).get('/', () => {
      made.audit.record({ action: 'a.begin' })
      throw thrown
    })
    app.onError((error, c) =>
      error instanceof HTTPException ? error.getResponse() : c.text('', 500),
    )
    await Promise.resolve(app.request('/', { headers: { 'x-request-id': 'r' } })).catch(
      () => undefined,
    )
    return { ...made, found: await made.events() }
  }
  const refusing = new Proxy(
    {},
    {
      get: () => {
        throw new Error('trap')
      },
    },
  )

  it.each<[string, unknown, string]>([
    ['an Error', failing('down'), 'RangeError: down'],
    ['an HTTPException of 503', new HTTPException(503, { message: 'busy' }), 'busy'],
    ['a text', 'down', 'string: down'],
    ['null', null, 'null: null'],
    ['undefined', undefined, 'string: undefined'],
    ['a Proxy that refuses', refusing, 'object: '],
  ])('makes one event of %s, beside that of the request', async (_, thrown, title) => {
    const { found } = await answer(thrown)
    expect(found.map(({ action }) => action)).toEqual(['a.begin', 'system.error', 'http.get'])
    expect(found[1]).toMatchObject({
      outcome: 'failure',
      actor: { id: 'ada' },
      request: { id: 'r' },
      data: { title: expect.stringContaining(title), severity: 'high' },
    })
    expect(found[2]?.outcome).toBe('failure')
  })

  it.each([400, 401, 404] as const)('makes none of an HTTPException of %i', async (status) => {
    const { found } = await answer(new HTTPException(status))
    expect(found.map(({ action }) => action)).toEqual(['a.begin', 'http.get'])
  })

  it('is off unless it is asked for', async () => {
    const { found } = await answer(failing('down'), false)
    expect(found.map(({ action }) => action)).toEqual(['a.begin', 'http.get'])
  })

  it('makes none of an error that the app answered with less than 500', async () => {
    const { audit, events } = trail({ systemErrors: true })
    const app = new Hono().use(audit.middleware()).get('/', () => {
      throw new RangeError('no such page')
    })
    app.onError((error, c) => c.text(error.message, error instanceof RangeError ? 404 : 500))
    await app.request('/')
    expect((await events()).map(({ kind }) => kind)).toEqual(['request'])
  })

  it('makes none of a request that succeeds', async () => {
    const { audit, events } = trail({ systemErrors: true })
    await new Hono()
      .use(audit.middleware())
      .get('/', (c) => c.text('ok'))
      .request('/')
    expect(await events()).toHaveLength(1)
  })
})
