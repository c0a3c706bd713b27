import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { StoredRow } from '../../../src/event/row.ts'
import type { AuditEvent } from '../../../src/event/schema.ts'
import { logins, type LoginsOptions } from '../../../src/read/views.ts'
import { auditOf, type Entry, eventsOf, rowsOf, storedOf, t0, trail } from '../../support/trail.ts'

const span = { from: t0, to: t0 + 10_000 }

const login = (
  ms: number,
  name: string | undefined,
  outcome: AuditEvent['outcome'],
  more: Partial<AuditEvent> & { readonly ip?: string; readonly method?: string } = {},
): Entry => {
  const { ip, method, ...event } = more
  return {
    broken: false,
    event: {
      v: 1,
      tenant: 'acme',
      occurredAt: t0 + ms,
      kind: 'auth',
      action: 'login',
      outcome,
      actor: { id: 'anonymous', type: 'anonymous' },
      targets: name === undefined ? [] : [{ type: 'account', id: name }],
      data: { name, method },
      ...(ip !== undefined && { request: { id: 'r', ip } }),
      ...event,
    },
  }
}

const ada = { actor: { id: 'u1', type: 'user', name: 'Ada' } } as const

/** The same counts, worked out anew: one user after the other. */
const counted = (rows: readonly StoredRow[], { from, to, tenant }: LoginsOptions) => {
  const asked = rows.filter(
    (row) =>
      row.kind === 'auth' &&
      (row.action === 'login' || row.action === 'logout') &&
      (tenant === undefined || row.tenant === tenant) &&
      row.occurredAt >= Number(from) &&
      row.occurredAt < Number(to),
  )
  const userOf = (row: StoredRow): readonly [string, string, unknown] => {
    const [event] = eventsOf([row])
    const name = event?.data?.['name'] ?? (row.targetType === 'account' ? row.targetId : undefined)
    return [String(row.tenant), name === undefined ? row.actorType : 'named', name ?? row.actorId]
  }
  const keys = [...new Set(asked.map((row) => JSON.stringify(userOf(row))))]
  return keys.map((key) => {
    const own = asked.filter((row) => JSON.stringify(userOf(row)) === key)
    const of = (...outcomes: readonly string[]) =>
      own.filter(({ action, outcome }) => action === 'login' && outcomes.includes(outcome))
    const times = (some: readonly StoredRow[]) => some.map(({ occurredAt }) => occurredAt)
    const last = (some: readonly StoredRow[]) =>
      some.length === 0 ? undefined : Math.max(...times(some))
    return {
      user: userOf(own[0] as StoredRow)[2],
      tenant: own[0]?.tenant,
      successes: of('success').length,
      failures: of('failure').length,
      denied: of('denied').length,
      unknown: of('unknown').length,
      logouts: own.filter(({ action }) => action === 'logout').length,
      lastSuccess: last(of('success')),
      lastFailure: last(of('failure', 'denied')),
      firstAt: Math.min(...times(own)),
      lastAt: Math.max(...times(own)),
      addressCount: new Set(own.flatMap(({ action, ip }) => (action === 'login' ? (ip ?? []) : [])))
        .size,
    }
  })
}

describe('logins', () => {
  it('are counted by user, of any trail', async () => {
    await fc.assert(
      fc.asyncProperty(
        trail,
        fc.constantFrom('a', 'b', null, undefined),
        fc.nat(9),
        fc.nat(9),
        async (entries, tenant, from, length) => {
          const rows = rowsOf(entries)
          const audit = await auditOf(rows)
          const asked = { tenant, from: t0 + from, to: t0 + from + length + 1 }
          const { users, others, ...rest } = await logins(audit, asked)
          const wanted = counted(rows.map(storedOf), asked)
          expect(users).toHaveLength(wanted.length)
          expect(users).toEqual(
            expect.arrayContaining(wanted.map((one) => expect.objectContaining(one))),
          )
          expect([others, rest]).toEqual([0, {}])
          const failed = users.map(({ failures, denied }) => failures + denied)
          expect(failed).toEqual(failed.toSorted((one, other) => other - one))
          for (const user of ['ada', 'u1', 'u2', 'nobody'])
            expect((await logins(audit, { ...asked, user })).users).toEqual(
              users.filter((one) => one.user === user),
            )
        },
      ),
      { numRuns: 100 },
    )
  }, 30_000)

  it('tell of a user how often and when they got in or not, from where and how', async () => {
    const audit = await auditOf(
      rowsOf([
        login(1, 'ada', 'failure', { ip: '192.0.2.1', method: 'password' }),
        login(2, 'ada', 'failure', { ip: '192.0.2.2', method: 'password' }),
        login(3, 'ada', 'denied', { ip: '192.0.2.2', method: 'password' }),
        login(4, 'ada', 'success', { ip: '192.0.2.2', method: 'passkey', ...ada }),
        login(5, 'ada', 'unknown'),
        login(9, 'ada', 'success', { action: 'logout', ip: '192.0.2.9', ...ada }),
      ]),
    )
    expect(await logins(audit, { ...span, tenant: 'acme' })).toEqual({
      users: [
        {
          user: 'ada',
          tenant: 'acme',
          actor: ada.actor,
          successes: 1,
          failures: 2,
          denied: 1,
          unknown: 1,
          logouts: 1,
          lastSuccess: t0 + 4,
          lastFailure: t0 + 3,
          firstAt: t0 + 1,
          lastAt: t0 + 9,
          addresses: [
            { ip: '192.0.2.2', count: 3 },
            { ip: '192.0.2.1', count: 1 },
          ],
          addressCount: 2,
          methods: ['passkey', 'password'],
        },
      ],
      others: 0,
    })
  })

  it('are of the actor where no name is known, and a name is not an id', async () => {
    const audit = await auditOf(
      rowsOf([
        login(1, undefined, 'success', ada),
        login(2, 'u1', 'failure'),
        login(3, undefined, 'failure'),
        login(4, undefined, 'success', { action: 'logout', ...ada }),
        login(5, undefined, 'success', { actor: { id: 'u1', type: 'service' } }),
      ]),
    )
    const { users } = await logins(audit, span)
    expect(users.map(({ user, actor, logouts }) => [user, actor?.type, logouts])).toEqual([
      ['anonymous', 'anonymous', 0],
      ['u1', undefined, 0],
      ['u1', 'service', 0],
      ['u1', 'user', 1],
    ])
    expect((await logins(audit, { ...span, user: 'u1' })).users).toEqual(users.slice(1))
  })

  it('know a name from the data alone, when the app names another target', async () => {
    const targets = [{ type: 'user', id: '7' }]
    const audit = await auditOf(rowsOf([login(1, 'ada', 'success', { targets, ...ada })]))
    expect((await logins(audit, { ...span, user: 'ada' })).users).toMatchObject([{ user: 'ada' }])
  })

  it('name who got in last', async () => {
    const by = (id: string) => ({ actor: { id, type: 'user' } }) as const
    const audit = await auditOf(
      rowsOf([
        login(3, 'ada', 'success', by('u3')),
        login(2, 'ada', 'success', by('u2')),
        login(4, 'ada', 'failure', by('u4')),
        login(5, 'ada', 'success', { action: 'logout', ...by('u5') }),
      ]),
    )
    expect((await logins(audit, span)).users[0]?.actor?.id).toBe('u3')
  })

  it('put those first that failed most, then those that were seen last', async () => {
    const audit = await auditOf(
      rowsOf([
        login(1, 'old', 'success'),
        login(2, 'new', 'success'),
        login(2, 'also new', 'success'),
        login(0, 'one', 'failure'),
        login(0, 'two', 'failure'),
        login(0, 'two', 'denied'),
      ]),
    )
    const { users } = await logins(audit, span)
    expect(users.map(({ user }) => user)).toEqual(['two', 'one', 'also new', 'new', 'old'])
    const first = await logins(audit, { ...span, limit: 2 })
    expect(first).toEqual({ users: users.slice(0, 2), others: 3 })
  })

  it('list twenty addresses and methods at most, and count the addresses', async () => {
    const many = Array.from({ length: 30 }, (_, index) =>
      login(index, 'ada', 'failure', { ip: `192.0.2.${index}`, method: `m${index}` }),
    )
    const audit = await auditOf(
      rowsOf([...many, login(99, 'ada', 'failure', { ip: '192.0.2.29' })]),
    )
    const [view] = (await logins(audit, span)).users
    expect(view?.addresses).toHaveLength(20)
    expect(view?.addresses[0]).toEqual({ ip: '192.0.2.29', count: 2 })
    expect(view?.addressCount).toBe(30)
    expect(view?.methods).toHaveLength(20)
  })

  it('are partial when there are more than are read, and of the newest', async () => {
    const many = Array.from({ length: 2_500 }, (_, index) => login(index, 'ada', 'failure'))
    const audit = await auditOf(rowsOf(many))
    expect(await logins(audit, { ...span, most: 1_200 })).toMatchObject({
      users: [{ failures: 1_200, firstAt: t0 + 1_300, lastAt: t0 + 2_499 }],
      partial: true,
    })
    const whole = await logins(audit, { ...span, most: 2_500 })
    expect(whole.users[0]?.failures).toBe(2_500)
    expect(whole).not.toHaveProperty('partial')
  }, 30_000)

  it('count by the columns what cannot be read', async () => {
    const entry = login(1, 'ada', 'failure', { ip: '192.0.2.1' })
    const audit = await auditOf(rowsOf([{ ...entry, broken: true }]))
    expect((await logins(audit, { ...span, user: 'ada' })).users).toMatchObject([
      { user: 'ada', failures: 1, addresses: [{ ip: '192.0.2.1', count: 1 }], methods: [] },
    ])
  })

  it.each([
    ['from', {}],
    ['from', { from: undefined, to: t0 }],
    ['to', { from: t0 }],
    ['to', { from: t0, to: t0 }],
    ['to', { from: t0, to: t0 + 366 * 86_400_000 + 1 }],
    ['user', { ...span, user: null }],
    ['tenant', { ...span, tenant: 7 }],
    ['limit', { ...span, limit: 1_001 }],
    ['most', { ...span, most: 0 }],
    ['every parameter', { ...span, actor: 'ada' }],
    ['the query', null],
  ])('refuse a wrong %s: %j', async (parameter, options) => {
    // As JavaScript may call it.
    await expect(logins(await auditOf([]), options as LoginsOptions)).rejects.toMatchObject({
      code: 'AUDIT_QUERY_INVALID',
      detail: expect.stringMatching(`^${parameter} must be `),
    })
  })
})
