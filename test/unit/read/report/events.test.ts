import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { REDACTED } from '../../../../src/event/mask.ts'
import { report } from '../../../../src/read/report/report.ts'
import { auditOf as trailAudit, rowsOf as trailRows, trail } from '../../../support/trail.ts'
import { auditOf, collected, factIn, many, now, tableIn } from './collected.ts'

const login = { kind: 'auth', action: 'login' } as const

describe('a report of activity', () => {
  it('tells who did what to which thing, from where, and how it ended', async () => {
    const { audit } = await auditOf({
      id: '019b7000-0000-7000-8000-000000000001',
      kind: 'request',
      action: 'post',
      outcome: 'failure',
      actor: {
        id: 'u1',
        name: 'Ada',
        type: 'user',
        role: 'admin',
        onBehalfOf: [{ id: 'u2', name: 'Bob', type: 'user' }],
      },
      targets: [
        { type: 'invoice', id: '7', name: 'No. 7' },
        { type: 'order', id: '8' },
      ],
      request: { id: 'r1', method: 'POST', route: '/invoices/:id', path: '/invoices/7', ip: '::1' },
      reason: 'duplicate',
      data: { status: 500 },
      error: { type: 'TypeError', message: 'boom' },
    })
    const { body, text } = await collected(await report(audit, 'activity', { now }))
    expect(text).toBe(
      [
        'Timeline',
        'Time | Actor | Action | Target | Outcome | Details',
        [
          'Jan 1, 2026, 00:00:00.000 / 019b7000-0000-7000-8000-000000000001',
          'Ada / u1 · user · admin / on behalf of Bob (u2)',
          'post / request',
          'invoice No. 7 (7) / order 8',
          'Failure / Status 500',
          'POST /invoices/:id / /invoices/7 / From ::1 / Reason: duplicate / TypeError: boom',
        ].join(' | '),
      ].join('\n'),
    )
    const [row] = tableIn(body)
    expect(row?.[0]).toContainEqual({
      text: '019b7000-0000-7000-8000-000000000001',
      tone: 'muted',
      event: '019b7000-0000-7000-8000-000000000001',
    })
    expect(row?.[4]).toContainEqual({ text: 'Failure', tone: 'failure', bold: true })
  })

  it('goes forward in time, and backward when it is asked to', async () => {
    const { audit } = await auditOf({ action: 'a' }, { action: 'b' })
    const actions = async (order?: 'newest') => {
      const { body } = await collected(await report(audit, 'activity', { now, order }))
      return tableIn(body).map(([, , action]) => [action].flat()[0])
    }
    expect(await actions()).toEqual(['a', 'b'])
    expect(await actions('newest')).toEqual(['b', 'a'])
  })

  it('leaves out what does not pass the filter, and what happened after it was made', async () => {
    const { audit } = await auditOf(
      { action: 'a' },
      { action: 'b' },
      { action: 'a', occurredAt: now + 1 },
    )
    const { text } = await collected(await report(audit, 'activity', { now, action: 'a' }))
    expect(text.match(/\ba \/ of the app/g)).toHaveLength(1)
    expect(text).not.toContain('b / of the app')
  })

  it('says that there is nothing', async () => {
    const { audit } = await auditOf()
    for (const kind of ['activity', 'access', 'logins', 'changes'] as const) {
      const { text, coverText } = await collected(await report(audit, kind, { now }))
      expect(text).toBe('No events in this period.')
      expect(coverText).toContain('Events: 0')
    }
  })

  it('hands on what is hostile as it is', async () => {
    const hostile = '<script>alert(1)</script>\u202E=cmd|"\r\n\u0007\uFFFF'
    const { audit } = await auditOf({
      ...login,
      actor: { id: hostile, name: `name ${hostile}`, type: 'user' },
      targets: [{ type: hostile, id: hostile }],
      reason: hostile,
      data: { name: hostile, method: hostile },
      request: { id: hostile, userAgent: hostile },
    })
    for (const kind of ['activity', 'logins'] as const) {
      const { text, coverText } = await collected(await report(audit, kind, { now }))
      expect(text).toContain(`Reason: ${hostile}`)
      expect(text).toContain(`name ${hostile}`)
      expect(coverText).toContain(`name ${hostile} (${hostile})`)
    }
  })

  it('shows the columns of a record that is unreadable, and counts it', async () => {
    const { store } = await auditOf({ action: 'a' })
    const { rows } = await store.page({ limit: 1 })
    const broken = { rows: rows.map((row) => ({ ...row, record: 'no' })), next: null }
    const audit = { store: () => ({ ...store, page: async () => broken }) }
    const { text, cover } = await collected(await report(audit, 'activity', { now }))
    expect(text).toContain('a / of the app')
    expect(text).toContain('The record cannot be read')
    expect(factIn(cover, 'Unreadable records')).toContain('1 event')
  })
})

describe('a report of access', () => {
  it('tells who read or took out what, and how much of it', async () => {
    const { audit } = await auditOf(
      { kind: 'access', action: 'view', targets: [{ type: 'patient', id: '7' }] },
      {
        kind: 'access',
        action: 'list',
        targets: [{ type: 'patient', id: '*' }],
        data: { count: 50, filter: { ward: 'B' }, fields: ['name'] },
      },
      {
        kind: 'export',
        action: 'export',
        targets: [{ type: 'export', id: 'e1', name: 'invoices' }],
        data: { records: 1, bytes: 48_211, format: 'csv', purpose: 'audit', filters: null },
      },
      { kind: 'custom', action: 'other' },
    )
    const { body, text } = await collected(await report(audit, 'access', { now }))
    expect(tableIn(body)).toHaveLength(3)
    expect(text).toContain(
      'list / access | patient * | 50 items / Fields: ["name"] / Filter: {"ward":"B"}',
    )
    expect(text).toContain('export invoices (e1) | 1 record / 48,211 bytes / csv / Purpose: audit')
    const { text: exports } = await collected(
      await report(audit, 'access', { now, kind: 'export' }),
    )
    expect(exports).not.toContain('patient')
  })
})

describe('a report of logins', () => {
  it('tells each, and then how they went by user and by address', async () => {
    const from = (ip: string) => ({ request: { id: 'r', ip, userAgent: 'UA' } })
    const bob = { targets: [{ type: 'account', id: 'bob' }], ...from('192.0.2.9') }
    const nobody = { id: 'anonymous', type: 'anonymous' } as const
    const { audit } = await auditOf(
      { ...login, ...from('::1'), data: { name: 'ada', method: 'password' } },
      {
        ...login,
        ...bob,
        actor: nobody,
        outcome: 'failure',
        data: { name: 'bob', failure: 'wrong-password' },
      },
      {
        ...login,
        ...bob,
        actor: nobody,
        outcome: 'denied',
        data: { name: 'bob', failure: 'locked' },
      },
      { kind: 'auth', action: 'logout', data: { name: 'ada' } },
    )
    const { body, text } = await collected(await report(audit, 'logins', { now }))
    expect(text).toContain('login / password')
    expect(text).toContain('bob / anonymous / anonymous | login | Failure / wrong-password')
    const headings = body.flatMap((one) => (one.type === 'heading' ? [[one.level, one.text]] : []))
    expect(headings).toEqual([
      [1, 'Timeline'],
      [2, 'By user'],
      [2, 'By address'],
    ])
    const at = (second: number) => `Jan 1, 2026, 00:00:0${second}.000`
    expect(text).toContain(
      [
        'By user',
        'User | Successes | Failures | Blocked | First | Last',
        `bob / acme | 0 | 1 | 1 | ${at(1)} | ${at(2)}`,
        `ada / acme | 1 | 0 | 0 | ${at(0)} | ${at(0)}`,
      ].join('\n'),
    )
    expect(text).toContain(`192.0.2.9 | 0 | 1 | 1 | ${at(1)} | ${at(2)}`)
  })

  it('lists a thousand users and addresses, and says that there are more', async () => {
    const { audit } = await auditOf(
      ...many(1_001, (index) => ({
        ...login,
        data: { name: `user ${index}` },
        request: { id: 'r', ip: `10.0.${index >> 8}.${index & 255}` },
      })),
    )
    const { body, text } = await collected(await report(audit, 'logins', { now }))
    expect(tableIn(body, 'By user')).toHaveLength(1_000)
    expect(tableIn(body, 'By address')).toHaveLength(1_000)
    expect(text).toContain('There are more than 1,000 users')
    expect(text).toContain('There are more than 1,000 addresses')
  })
})

describe('a report of changes', () => {
  const id = '019b7000-0000-7000-8000-000000000002'

  it('tells each field that was changed, with its values as they are stored', async () => {
    const { audit } = await auditOf({
      id,
      kind: 'change',
      action: 'invoice.update',
      targets: [{ type: 'invoice', id: '7' }],
      reason: 'typo',
      changes: {
        status: { old: 'open', new: 'paid' },
        total: { old: 7, new: null },
        password: { old: REDACTED, new: REDACTED },
        note: { new: { a: [1] } },
        gone: { old: true },
      },
    })
    const { text } = await collected(await report(audit, 'changes', { now }))
    expect(text.split('\n').slice(2)).toEqual([
      `Jan 1, 2026, 00:00:00.000 / ${id} | u1 / user | invoice.update / invoice 7 / Reason: typo | status | "open" | "paid"`,
      `${id} |  |  | total | 7 | null`,
      `${id} |  |  | password | "${REDACTED}" | "${REDACTED}"`,
      `${id} |  |  | note | – | {"a":[1]}`,
      `${id} |  |  | gone | true | –`,
    ])
  })

  it('shows one without fields, and says when it did not succeed', async () => {
    const { audit } = await auditOf({
      kind: 'change',
      action: 'invoice.delete',
      outcome: 'denied',
      targets: [{ type: 'invoice', id: '7' }],
    })
    const { text } = await collected(await report(audit, 'changes', { now }))
    expect(text).toContain('invoice.delete / Denied / invoice 7 | – | – | –')
  })
})

describe('the counts on the cover', () => {
  it('are those of the events that were read', async () => {
    await fc.assert(
      fc.asyncProperty(
        trail,
        fc.constantFrom('activity', 'access', 'logins', 'changes'),
        fc.option(fc.integer({ min: 1, max: 20 }), { nil: undefined }),
        async (entries, kind, limit) => {
          const rows = trailRows(entries)
          const made = await report(await trailAudit(rows), kind, { now, limit })
          const { body, cover } = await collected(made)
          const kinds = {
            activity: undefined,
            access: ['access', 'export'],
            logins: ['auth'],
            changes: ['change'],
          }
          const wanted = rows.filter((row) => kinds[kind]?.includes(row.kind) ?? true)
          const total = Math.min(wanted.length, limit ?? Infinity)
          const ids = new Set(
            tableIn(body, 'Timeline').flatMap(([cell]) =>
              [cell].flat().flatMap((one) => (typeof one === 'object' ? (one.event ?? []) : [])),
            ),
          )
          expect(ids.size).toBe(total)
          expect(made.events()).toBe(total)
          expect(factIn(cover, 'Events')).toBe(String(total))
          const shown = rows.filter(({ id }) => ids.has(id))
          const counts = (caption: string): Record<string, number> =>
            Object.fromEntries(
              tableIn(cover, caption).map(([name, count]) => [
                typeof name === 'object' && 'text' in name ? name.text : name,
                Number(count),
              ]),
            )
          const of = (outcome: string) => shown.filter((row) => row.outcome === outcome).length
          expect(counts('Events by outcome')).toEqual({
            Success: of('success'),
            Failure: of('failure'),
            Denied: of('denied'),
            Unknown: of('unknown'),
            Total: total,
          })
          const { Total, ...byKind } = counts('Events by kind')
          expect(Total).toBe(total)
          expect(Object.values(byKind).reduce((sum, one) => sum + one, 0)).toBe(total)
          const charts = cover.filter((block) => block.type === 'chart')
          const sums = charts.map(({ bars }) =>
            bars.flatMap(({ parts }) => parts).reduce((sum, { value }) => sum + value, 0),
          )
          const actions = Map.groupBy(shown, ({ action }) => action)
          const top = [...actions.values()]
            .map((all) => all.length)
            .toSorted((one, other) => other - one)
          const inTop = top.slice(0, 10).reduce((sum, one) => sum + one, 0)
          // Along the days and by actor each event is counted once; of the actions ten are shown.
          if (total > 0) expect(sums).toEqual([total, total, inTop])
          const left = wanted.length - total
          const cut = factIn(cover, 'Limit') ?? ''
          if (left === 0) expect(cut).toBe('No event was left out by a limit.')
          else expect(cut).toContain(`${left} more`)
        },
      ),
      { numRuns: 100 },
    )
  }, 60_000)
})
