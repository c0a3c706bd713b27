import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import type { Rule } from '../../../src/options.ts'
import { trail } from '../../support/app.ts'

describe('audit.viewed', () => {
  it('tells of one thing, of some, and of a list', async () => {
    const { audit, recorded } = trail()
    audit.viewed({ type: 'patient', id: 7, name: 'Ada' })
    audit.viewed([
      { type: 'patient', id: 7 },
      { type: 'patient', id: 8 },
    ])
    audit.viewed(
      { list: 'patient', count: 50, filter: { ward: 'B', password: 'hunter2' } },
      { outcome: 'denied', reason: 'round', metadata: { by: 'phone' } },
    )
    audit.viewed({ list: 'patient' })
    expect(await recorded()).toMatchObject([
      {
        kind: 'access',
        action: 'view',
        outcome: 'success',
        targets: [{ type: 'patient', id: '7', name: 'Ada' }],
      },
      { kind: 'access', action: 'view', targets: [{ id: '7' }, { id: '8' }] },
      {
        kind: 'access',
        action: 'list',
        outcome: 'denied',
        reason: 'round',
        targets: [{ type: 'patient', id: '*' }],
        data: { count: 50, filter: { ward: 'B', password: '***REDACTED***' } },
        metadata: { by: 'phone' },
      },
      { action: 'list', targets: [{ type: 'patient', id: '*' }] },
    ])
  })

  it('takes a thing with a length or a list of its own for a thing', async () => {
    const { audit, recorded } = trail()
    const film = { type: 'film', id: 1, length: 120 }
    const todo = { type: 'todo', id: 2, list: ['milk'] }
    audit.viewed(film)
    audit.viewed(todo)
    expect(await recorded()).toMatchObject([
      { action: 'view', targets: [{ type: 'film', id: '1' }] },
      { action: 'view', targets: [{ type: 'todo', id: '2' }] },
    ])
  })
})

describe('a rule with `viewed`', () => {
  const visit = async (viewed: NonNullable<Rule['viewed']>, status = 200) => {
    const made = trail({
      actor: () => ({ id: 'ada' }),
      rules: [{ match: '/patients/*', viewed }],
    })
    const app = new Hono()
      .use(made.audit.middleware())
      .get('/patients/:id', (c) => new Response(c.req.path, { status }))
      .get('/other', (c) => c.text('ok'))
    const response = await app.request('/patients/7', { headers: { 'x-request-id': 'r' } })
    expect(response.status).toBe(status)
    await app.request('/other')
    return { ...made, recorded: await made.recorded() }
  }

  it.each([
    [200, 'success'],
    [403, 'denied'],
    [404, 'failure'],
  ])('tells what a request read, which came out as %i', async (status, outcome) => {
    const { recorded } = await visit(
      (c) => ({ type: 'patient', id: c.req.param('id') ?? '' }),
      status,
    )
    expect(recorded).toMatchObject([
      {
        kind: 'access',
        action: 'view',
        outcome,
        actor: { id: 'ada' },
        request: { id: 'r' },
        targets: [{ type: 'patient', id: '7' }],
      },
    ])
  })

  it('may name several things, or none', async () => {
    const two = await visit(() => [
      { type: 'a', id: 1 },
      { type: 'b', id: 2 },
    ])
    expect(two.recorded).toMatchObject([{ targets: [{ id: '1' }, { id: '2' }] }])
    for (const none of [[], null, undefined]) expect((await visit(() => none)).recorded).toEqual([])
  })

  it.each<[string, () => never]>([
    [
      'throws',
      () => {
        throw new Error('mine')
      },
    ],
    ['names what is no thing', () => 'patient' as never],
    ['gives a promise', () => Promise.resolve({ type: 'a', id: 1 }) as never],
  ])('is told of, and costs nothing else, when its function %s', async (_, viewed) => {
    const { errors, recorded, events } = await visit(viewed)
    expect(recorded).toEqual([])
    expect((await events()).map(({ kind }) => kind)).toEqual(['request', 'request'])
    expect(errors.map(({ where }) => where)).toEqual(['viewed'])
  })
})

describe('audit.exported', () => {
  it('tells what left the system, and its downloads of the same target', async () => {
    const { audit, recorded } = trail({ actor: (c) => ({ id: c.req.query('as') ?? '' }) })
    let id = ''
    const app = new Hono()
      .use(audit.middleware())
      .get('/export', (c) => {
        const file = audit.exported({
          type: 'invoices',
          format: 'csv',
          records: 120,
          bytes: 48_211,
          filters: { year: 2026, token: 'hunter2' },
          purpose: 'tax',
          sha256: 'ab'.repeat(32),
          reason: 'asked for by phone',
        })
        id = file.id
        return c.text(file.downloaded())
      })
      .get('/download', (c) => c.text(audit.downloaded(id, { bytes: 99, outcome: 'denied' })))
    await app.request('/export?as=ada')
    await app.request('/download?as=bob')
    const found = await recorded()
    expect(found).toMatchObject([
      {
        action: 'export',
        outcome: 'success',
        reason: 'asked for by phone',
        actor: { id: 'ada' },
        data: {
          type: 'invoices',
          format: 'csv',
          records: 120,
          bytes: 48_211,
          filters: { year: 2026, token: '***REDACTED***' },
          purpose: 'tax',
          sha256: 'ab'.repeat(32),
        },
      },
      { action: 'export.download', outcome: 'success', actor: { id: 'ada' } },
      {
        action: 'export.download',
        outcome: 'denied',
        actor: { id: 'bob' },
        data: { bytes: 99 },
      },
    ])
    expect(found.map(({ kind, targets }) => [kind, targets[0]?.type, targets[0]?.id])).toEqual(
      Array.from({ length: 3 }, () => ['export', 'export', id]),
    )
    expect(found[0]?.targets[0]?.name).toBe('invoices')
  })

  it('makes an id for each, and keeps the tenant that was named for its downloads', async () => {
    const { audit, recorded } = trail()
    const one = audit.exported({ type: 'a', tenant: 'acme' })
    const two = audit.exported({ type: 'a' })
    expect(one.id).not.toBe(two.id)
    one.downloaded()
    one.downloaded({ tenant: 'other' })
    two.downloaded()
    expect((await recorded()).map(({ tenant }) => tenant)).toEqual([
      'acme',
      null,
      'acme',
      'other',
      null,
    ])
  })
})
