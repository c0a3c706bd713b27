import { describe, expect, it } from 'vitest'
import { memory } from '../../../../adapters/store/memory.ts'
import { lifecycle } from '../../../../src/capture/lifecycle.ts'
import type { AuditEvent } from '../../../../src/event/schema.ts'
import { REDACTED } from '../../../../src/event/mask.ts'
import { createAudit } from '../../../../src/index.ts'
import { reader } from '../../../../src/read/reader.ts'
import { report, type ReportQuery } from '../../../../src/read/report/report.ts'
import { auditOf, collected, factIn, many, now, t0, tableIn } from './collected.ts'

const day = 86_400_000

const coverOf = async (query: ReportQuery, ...all: readonly Partial<AuditEvent>[]) => {
  const { audit } = await auditOf(...all)
  return collected(await report(audit, 'activity', { now, ...query }))
}

describe('the cover of a report', () => {
  it('tells of what it is, in words', async () => {
    const query: ReportQuery = {
      from: t0,
      to: t0 + 31 * day,
      timeZone: 'UTC',
      tenant: ['acme', null],
      kind: ['request', 'auth'],
      action: 'login*',
      outcome: 'failure',
      actor: ['ada', { type: 'service', id: 's1' }, { type: 'system' }],
      target: { type: 'invoice', id: ['7', '8'] },
      status: ['5xx', 404, null],
      minDurationMs: 1_500,
      metadata: { plan: 'pro', 'a.b': 1 },
      and: [{ ip: '10.0.0.0/8' }, { or: [{ method: 'GET' }, { route: '/a' }] }],
      not: { actor: 'bob', from: t0 + 1 },
    }
    const { coverText } = await coverOf(query)
    expect(coverText).toContain(
      [
        'Report: Activity report',
        'Period: from Jan 1, 2026, 00:00:00.000, included, to Feb 1, 2026, 00:00:00.000, not included',
        'Time zone: UTC',
        'Tenant: acme or None',
        'Kind: request or login',
        'Action: login*',
        'Outcome: Failure',
        'Actor: ada, service s1, or system',
        'Target: invoice 7 or 8',
        'Status: 5xx, 404, or None',
        'Duration: at least 1.5 s',
        'Metadata: plan = "pro", a.b = 1',
        'Besides: (Address: 10.0.0.0/8) + (Any of: (Method: GET) or (Route: /a))',
        'Not: not (Actor: bob; From: Jan 1, 2026, 00:00:00.001)',
        'Order: Oldest first',
        'Asked for by: -',
        'Made at: Feb 1, 2026, 00:00:00.000',
      ].join('\n'),
    )
  })

  it('tells the period by its days where they are whole ones', async () => {
    const { audit } = await auditOf()
    const periodOf = async (query: ReportQuery) =>
      (await report(audit, 'activity', { now, ...query })).period
    expect(await periodOf({ from: t0, to: t0 + 31 * day })).toBe('Jan 1, 2026 – Jan 31, 2026')
    expect(await periodOf({ from: t0, to: t0 + day })).toBe('Jan 1, 2026')
    expect(await periodOf({ to: t0 })).toBe('until Dec 31, 2025')
    expect(await periodOf({})).toBe('until Feb 1, 2026, 00:00:00.000')
    expect(await periodOf({ from: t0, to: t0 + 1 })).toBe(
      'Jan 1, 2026, 00:00:00.000 – Jan 1, 2026, 00:00:00.001',
    )
    const zone = { timeZone: 'America/Sao_Paulo' }
    expect(await periodOf({ ...zone, from: t0 + day / 8, to: t0 + day * 1.125 })).toBe(
      'Jan 1, 2026',
    )
  })

  it('tells how far the zone is from UTC at both ends', async () => {
    const query = { timeZone: 'Europe/Lisbon', from: t0, to: t0 + 200 * day }
    const { cover } = await coverOf(query)
    expect(factIn(cover, 'Time zone')).toBe('Europe/Lisbon (UTC+00:00, UTC+01:00)')
  })

  it('counts events with values that were masked or cut', async () => {
    const { cover } = await coverOf(
      {},
      { data: { password: REDACTED, token: REDACTED } },
      { truncated: ['data.note'] },
      {},
    )
    expect(factIn(cover, 'Masked values')).toMatch(/^1 event with/)
    expect(factIn(cover, 'Cut values')).toMatch(/^1 event with/)
    expect(factIn(cover, 'Unreadable records')).toMatch(/^0 events/)
  })

  it('counts open issues and pending processes where the span allows it', async () => {
    const all: readonly Partial<AuditEvent>[] = [
      { kind: 'system', action: 'system.error', targets: [{ type: 'issue', id: 'i' }] },
      {
        kind: 'process',
        action: 'p',
        targets: [{ type: 'process', id: 'p' }],
        data: { phase: 'started' },
      },
    ]
    const { cover } = await coverOf({ from: t0 }, ...all)
    expect(factIn(cover, 'Unresolved issues')).toMatch(/^1 issue is open/)
    expect(factIn(cover, 'Pending processes')).toMatch(/^1 process of/)
    for (const query of [{}, { from: t0 - 366 * day }, { from: t0, tenant: ['acme', 'b'] }]) {
      const { cover: without } = await coverOf(query, ...all)
      expect(factIn(without, 'Unresolved issues')).toMatch(/^Not counted/)
      expect(factIn(without, 'Pending processes')).toMatch(/^Not counted/)
    }
  })

  it('says that events of the period lie in the archive', async () => {
    const { store } = await auditOf({})
    const archived = { store: () => ({ ...store, isArchived: async () => true }) }
    const { cover } = await collected(await report(archived, 'activity', { now }))
    expect(factIn(cover, 'Archive')).toBe(
      'Some events of this period lie in the archive and are not in this report.',
    )
    expect(factIn((await coverOf({})).cover, 'Archive')).toMatch(/^No event/)
  })

  it('says that events before the period do, on which states hang', async () => {
    const { store } = await auditOf({})
    const isArchived = async ({ to }: { readonly to?: number | undefined }) => to === t0
    const archived = { store: () => ({ ...store, isArchived }) }
    const { cover } = await collected(await report(archived, 'process', { now, from: t0 }))
    expect(factIn(cover, 'Archive')).toBe(
      'No event of this period lies in the archive without being read. ' +
        'Some events before this period lie in the archive: states of processes and issues are told without them.',
    )
  })

  it('rejects with what the store rejects with', async () => {
    const { store } = await auditOf({})
    const down = { store: () => ({ ...store, summary: () => Promise.reject(new Error('down')) }) }
    const made = await report(down, 'activity', { now, from: t0 })
    await expect(collected(made)).rejects.toThrow('down')
  })

  it('draws days, and puts more of them together by week, month or years', async () => {
    const charts = async (days: number, every = 1) => {
      const { cover } = await coverOf(
        { now: t0 + days * day + day },
        ...many(Math.ceil(days / every) + 1, (index) => ({
          occurredAt: t0 + Math.min(days, index * every) * day,
          outcome: index === 0 ? 'failure' : 'success',
        })),
      )
      const chart = cover.find((block) => block.type === 'chart')
      const sum = chart?.bars
        .flatMap(({ parts }) => parts)
        .reduce((all, { value }) => all + value, 0)
      expect(sum).toBe(Math.ceil(days / every) + 1)
      return [
        chart?.title,
        chart?.form,
        chart?.bars.length,
        chart?.bars[0]?.label,
        chart?.bars.at(-1)?.label,
      ]
    }
    expect(await charts(0)).toEqual(['Events per day', 'columns', 1, 'Jan 1', 'Jan 1'])
    expect(await charts(61, 61)).toEqual(['Events per day', 'columns', 62, 'Jan 1', 'Mar 3'])
    const week = 'Events per week, by the Monday it begins with'
    expect(await charts(62, 31)).toEqual([week, 'columns', 10, 'Dec 29', 'Mar 2'])
    expect(await charts(100)).toEqual([week, 'columns', 15, 'Dec 29', 'Apr 6'])
    expect(await charts(1_000, 100)).toEqual([
      'Events per month',
      'columns',
      33,
      'Jan 2026',
      'Sep 2028',
    ])
    expect(await charts(20_000, 9_000)).toEqual(['Events per year', 'columns', 55, '2026', '2080'])
    const years = 'Events per 3 years, by the first of them'
    expect(await charts(50_000, 9_000)).toEqual([years, 'columns', 46, '2026', '2161'])
  })

  it('draws those with most events, and tells all that it draws in words', async () => {
    const request = (index: number) =>
      ({
        kind: 'request',
        action: 'get',
        outcome: index === 0 ? 'denied' : 'success',
        actor: { id: `u${index % 12}`, type: 'user', ...(index % 12 === 0 && { name: 'Ada' }) },
        request: { id: 'r', method: 'GET', route: `/a/${index % 2}` },
      }) as const
    const { cover } = await coverOf({}, ...many(25, request))
    const charts = cover.filter((block) => block.type === 'chart')
    expect(charts.map(({ title, form }) => [title, form])).toEqual([
      ['Events per day', 'columns'],
      ['The 10 most active actors', 'rows'],
      ['The action', 'rows'],
      ['The 2 most frequent routes', 'rows'],
    ])
    expect(charts[0]?.alternative).toBe('Events per day. Jan 1: 24 Success, 1 Denied.')
    expect(charts[1]?.bars).toHaveLength(10)
    expect(charts[1]?.alternative).toContain('Ada (u0): 2 Success, 1 Denied; u1: 2 Success;')
    expect(charts[3]?.bars[0]).toEqual({
      label: 'GET /a/0',
      parts: [
        { label: 'Success', value: 12, text: '12', tone: 'success' },
        { label: 'Denied', value: 1, text: '1', tone: 'denied' },
      ],
    })
  })

  it('says that no settings are on record', async () => {
    expect((await coverOf({})).coverText).toContain('No start of auditing is on record')
  })
})

describe('the cover of a report by an audit that captures', () => {
  const captured = async () => {
    const audit = createAudit({
      store: memory(),
      lifecycle: lifecycle(),
      rules: [{ match: '/never', sample: 0 }],
    })
    await audit.runAs({}, () => audit.record({ action: 'a' }))
    await audit.flush()
    return audit
  }

  it('tells what was never stored, and the settings that were in force', async () => {
    const audit = await captured()
    const { cover, coverText } = await collected(await report(audit, 'activity'))
    expect(factIn(cover, 'Never stored')).toBe(
      'Since the process that made this report started, of all tenants and whatever the period: ' +
        '0 sampled out, 0 skipped by rules, 0 dead-lettered, 0 lost, 0 not stored yet.',
    )
    expect(factIn(cover, 'On record since')).toContain('audit.start')
    expect(factIn(cover, 'Digest')).toMatch(/^[\da-f]{16,}$/)
    expect(coverText).toMatch(/\nrules: \[.*"match":"\/never"/)
    expect(tableIn(cover, 'Events by kind').length).toBeGreaterThan(1)
  })

  it('does not tell them to a reader of one tenant', async () => {
    const acme = reader(await captured(), { tenant: 'acme' })
    const { cover, coverText } = await collected(await report(acme, 'activity'))
    expect(factIn(cover, 'Never stored')).toMatch(/^Not known to this reader/)
    expect(coverText).toContain('or none that this reader may see')
    expect(factIn(cover, 'Tenant')).toBe('All tenants that this reader may see')
  })

  it('says so where the settings cannot be shown', async () => {
    const settings = (text: unknown) =>
      coverOf(
        {},
        {
          kind: 'system',
          action: 'audit.configure',
          tenant: null,
          targets: [{ type: 'audit', id: 'settings' }],
          data: { digest: 'd1', settings: text },
        },
      )
    expect((await settings('{"cut":')).coverText).toContain(
      'The settings on record cannot be shown',
    )
    const long = JSON.stringify({
      a: Object.fromEntries(many(42).map((_, index) => [`s${index}`, index])),
    })
    const { coverText } = await settings(long)
    expect(coverText).toContain('\na.s39: 39\nand 2 more settings')
    expect((await settings('{}')).coverText).toMatch(/Digest: d1$/)
  })
})
