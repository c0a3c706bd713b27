import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { EventRow } from '../../../src/event/row.ts'
import { type Fence, reader } from '../../../src/read/reader.ts'
import type { Reading } from '../../../src/read/reading.ts'
import {
  exports,
  history,
  issues,
  issueView,
  logins,
  processes,
  processView,
} from '../../../src/read/views.ts'
import { auditOf, rowsOf, t0, trail } from '../../support/trail.ts'

const to = t0 + 1_000

const isInside = ({ tenant, actorId }: EventRow, { tenants, actors, ...fence }: Fence): boolean =>
  (tenants === 'all' || (tenants ?? [fence.tenant]).includes(tenant)) &&
  (actors === undefined || actors.includes(actorId))

const fences: fc.Arbitrary<Fence> = fc.oneof(
  fc.constantFrom('a', 'b', null).map((tenant) => ({ tenant })),
  fc.subarray(['a', 'b', null]).map((tenants) => ({ tenants })),
  fc
    .tuple(fc.constantFrom('a', null), fc.subarray(['u1', 'u2']))
    .map(([tenant, actors]) => ({ tenant, actors })),
  fc.subarray(['u1', 'u2']).map((actors) => ({ tenants: 'all' as const, actors })),
)

/** Everything that a reader can be shown of things, whatever it asks for. */
const everything = async (audit: Reading, tenant: string | null | undefined): Promise<unknown> => {
  const asked = { tenant, to }
  const { next: _, ...found } = await history(audit, { type: 'invoice', id: 'v1' }, asked)
  return [
    (await processes(audit, asked)).processes,
    (await issues(audit, asked)).issues,
    (await issues(audit, { ...asked, state: 'open' })).issues,
    (await issues(audit, { ...asked, state: 'resolved', severity: 'high' })).issues,
    (await issues(audit, { ...asked, state: 'noted' })).issues,
    (await exports(audit, asked)).exports,
    await logins(audit, { ...asked, from: t0 }),
    await logins(audit, { ...asked, from: t0, user: 'u1' }),
    found,
  ]
}

describe('views for a reader with a fence', () => {
  it('are those of an audit in which nothing else is', async () => {
    await fc.assert(
      fc.asyncProperty(
        trail,
        fences,
        fc.constantFrom('a', 'b', null, undefined),
        async (entries, fence, tenant) => {
          const rows = rowsOf(entries)
          const inside = await auditOf(rows.filter((row) => isInside(row, fence)))
          const fenced = reader(await auditOf(rows), fence)
          expect(await everything(fenced, tenant)).toEqual(await everything(inside, tenant))
        },
      ),
      { numRuns: 150 },
    )
  }, 60_000)

  const broken = false
  const actor = { id: 'u1', type: 'user' } as const
  const told = { v: 1, tenant: 'a', occurredAt: t0, actor, outcome: 'success' } as const
  const secret = 'a-secret'
  const rows = () =>
    rowsOf([
      {
        broken,
        event: {
          ...told,
          kind: 'process',
          action: 'import',
          targets: [{ type: 'process', id: 'p1', name: secret }],
          data: { phase: 'started', steps: [{ name: 's' }], description: secret },
        },
      },
      {
        broken,
        event: {
          ...told,
          kind: 'system',
          action: 'system.error',
          targets: [{ type: 'issue', id: 'i1', name: secret }],
          data: { title: secret, severity: 'high', code: secret },
          error: { type: 'Error', message: secret },
          request: { id: secret },
        },
      },
      {
        broken,
        event: {
          ...told,
          kind: 'export',
          action: 'export',
          targets: [{ type: 'export', id: 'e1', name: secret }],
          data: { filters: secret, purpose: secret, bytes: 7 },
        },
      },
      {
        broken,
        event: {
          ...told,
          actor: { ...actor, name: secret },
          kind: 'auth',
          action: 'login',
          targets: [],
          data: { name: secret, method: secret },
          request: { id: 'r', ip: secret },
        },
      },
      {
        broken,
        event: {
          ...told,
          kind: 'change',
          action: 'invoice.create',
          targets: [{ type: 'invoice', id: 'v1' }],
          changes: { status: { new: 'paid' }, iban: { new: secret } },
          reason: secret,
        },
      },
    ])

  it('show nothing of what it is not shown', async () => {
    const all = await auditOf(rows())
    expect(JSON.stringify(await everything(all, 'a'))).toContain(secret)
    const fields = ['data.phase', 'data.step', 'data.steps', 'data.name', 'data.severity']
    const someone = reader(all, { tenant: 'a', fields: [...fields, 'changes.status'] })
    const { users } = await logins(someone, { from: t0, to })
    // Whoever may see `data.name` sees the names that were tried.
    expect(users).toMatchObject([{ user: secret, addresses: [], addressCount: 0, methods: [] }])
    const found = await everything(
      reader(someone, { tenant: 'a', fields: [...fields.slice(0, 3), 'changes.status'] }),
      'a',
    ).catch((error: unknown) => error)
    expect(found).toMatchObject({ detail: 'data.name must be something that this reader is shown' })
    const blind = reader(all, { tenant: 'a', fields: ['changes.status', 'data.bytes'] })
    const shown = [
      (await issues(blind, { to, state: 'open' })).issues,
      (await exports(blind, { to })).exports,
      await logins(blind, { from: t0, to }),
      await logins(blind, { from: t0, to, user: 'u1' }),
      await history(blind, { type: 'invoice', id: 'v1' }, { to }),
    ]
    expect(JSON.stringify(shown)).not.toContain(secret)
    expect(shown).toMatchObject([
      [{ id: 'i1', state: 'open' }],
      [{ id: 'e1', bytes: 7 }],
      { users: [{ user: 'u1', successes: 1, addresses: [], methods: [] }] },
      { users: [{ user: 'u1', successes: 1 }] },
      { fields: [{ name: 'status', value: 'paid' }], created: { at: t0 } },
    ])
  })

  it('tell no user by a name that it is not shown', async () => {
    const blind = reader(await auditOf(rows()), { tenant: 'a', fields: [] })
    expect(await logins(blind, { from: t0, to, user: secret })).toEqual({ users: [], others: 0 })
  })

  it('refuse to tell a state, or to ask for one, of which it is not shown what it is made of', async () => {
    const blind = reader(await auditOf(rows()), { tenant: 'a', fields: ['data.step'] })
    const asked = [
      ['data.phase', () => processes(blind, { to })],
      ['data.phase', () => processView(blind, 'p1')],
      ['severity', () => issues(blind, { to, severity: 'high' })],
    ] as const
    for (const [name, ask] of asked)
      await expect(ask()).rejects.toMatchObject({
        code: 'AUDIT_QUERY_INVALID',
        detail: expect.stringMatching(`^${name} must be `),
      })
    const within = reader(blind, { tenant: 'a', fields: ['data'] })
    await expect(processes(within, { to })).rejects.toMatchObject({ code: 'AUDIT_QUERY_INVALID' })
    expect(await issueView(blind, 'i1')).toMatchObject({ state: 'open', severity: undefined })
  })

  it('do not go on by a cursor of somebody else', async () => {
    const two = rowsOf(
      ['i1', 'i2'].map((id) => ({
        broken,
        event: {
          ...told,
          kind: 'system' as const,
          action: 'system.error',
          targets: [{ type: 'issue', id }],
          changes: {},
        },
      })),
    )
    const all = await auditOf(two)
    const [one, other] = [reader(all, { tenant: 'a' }), reader(all, { tenants: ['a', 'b'] })]
    const { next } = await issues(one, { to, limit: 1 })
    expect(await issues(one, { to, limit: 1, next })).toMatchObject({ issues: [{ id: 'i1' }] })
    await expect(issues(other, { to, limit: 1, next })).rejects.toMatchObject({
      code: 'AUDIT_QUERY_INVALID',
    })
  })
})
