import { describe, expect, it } from 'vitest'
import type { AuditEvent } from '../../../../src/event/schema.ts'
import { scanBoth } from '../../../../src/read/archive/scan.ts'
import type { Shelf } from '../../../../src/read/archive/shelf.ts'
import type { Reading } from '../../../../src/read/reading.ts'
import { report } from '../../../../src/read/report/report.ts'
import { auditOf, collected, factIn, many, now, t0, tableIn } from './collected.ts'

const about = (id: string, name = id): Partial<AuditEvent> => ({
  kind: 'process',
  action: name,
  outcome: 'unknown',
  targets: [{ type: 'process', id, name }],
})

const started = (id: string, ...steps: readonly object[]): Partial<AuditEvent> => ({
  ...about(id),
  actor: { id: 'u1', name: 'Ada', type: 'user' },
  request: { id: 'r1' },
  data: { phase: 'started', steps, description: 'All of it' },
})

const registered = (
  id: string,
  step: string,
  outcome: AuditEvent['outcome'],
  name?: string,
): Partial<AuditEvent> => ({
  ...about(id),
  outcome,
  actor: { id: 'u2', type: 'user' },
  data: { phase: 'registered', step, name, durationMs: 12 },
})

/** The same audit, of which several things are looked for at once. */
const withScan = (audit: Reading): Reading => ({
  store: () => {
    const store = audit.store()
    const nothing: Shelf = {
      entries: async () => [],
      holds: async () => false,
      rows: async function* () {},
    }
    return { ...store, scan: (query) => scanBoth(store, nothing, query) }
  },
})

describe('a report of processes', () => {
  it('tells what is known of each, and all that was registered in its steps', async () => {
    const { audit } = await auditOf(
      started(
        'import',
        { name: 'read', description: 'Reads' },
        { name: 'ship', expects: 2 },
        { name: 'bill' },
      ),
      registered('import', 'read', 'success', 'first'),
      {
        ...registered('import', 'ship', 'failure', 'parcel'),
        error: { type: 'Error', message: 'lost' },
      },
      { ...about('import'), data: { phase: 'ended' } },
    )
    const made = await report(audit, 'process', { now, tenant: 'acme' })
    const { body, text, coverText } = await collected(made)
    expect(body.map((one) => (one.type === 'heading' ? one.level : one.type))).toEqual([
      1,
      2,
      'facts',
      'table',
    ])
    const at = (second: number) => `Jan 1, 2026, 00:00:0${second}.000`
    expect(text).toContain(
      [
        'Name: import',
        'ID: import',
        'Tenant: acme',
        'Created by: Ada (u1)',
        'Others with a part in it: u2',
        `Started: ${at(0)}`,
        `Ended: ${at(3)}`,
        `Last event: ${at(3)}`,
        'Duration: 3 s',
        'State: Failed',
        'Description: All of it',
        'Requests: r1',
        'Step | Expected | Registration | When and by whom',
        `read / Reads | 1 | Success / first | ${at(1)} / u2 / 12 ms`,
        `ship | 2 | Failure / parcel / Error: lost | ${at(2)} / u2 / 12 ms`,
        'ship |  | No registration | –',
        'bill | 1 | No registration | –',
      ].join('\n'),
    )
    const [, , missing] = tableIn(body)
    expect(missing?.[2]).toEqual({ text: 'No registration', tone: 'failure' })
    expect(made.events()).toBe(4)
    expect(coverText).toContain('Processes: 1\nEvents: 4')
    expect(coverText).toContain('Success | 1\nFailure | 1\nUnknown | 0\nNo registration | 2')
    expect(coverText).toContain('Failed: 1 Failed')
  })

  it('shows all registrations beyond those that were expected, and steps that nobody declared', async () => {
    const { audit } = await auditOf(
      started('p', { name: 's' }),
      ...many(5, (index) => registered('p', 's', 'success', `no ${index}`)),
      registered('p', 'extra', 'denied'),
    )
    const { body, text } = await collected(await report(audit, 'process', { now }))
    expect(tableIn(body)).toHaveLength(6)
    for (const index of [0, 1, 2, 3, 4]) expect(text).toContain(`Success / no ${index}`)
    expect(text).toContain('extra | Not declared | Denied')
    expect(text).not.toContain('No registration')
  })

  it('takes what was tried again under its name for one registration', async () => {
    const { audit } = await auditOf(
      started('p', { name: 's', expects: 3 }),
      registered('p', 's', 'failure', 'a'),
      registered('p', 's', 'success', 'a'),
      registered('p', 's', 'failure', 'b'),
    )
    const { text } = await collected(await report(audit, 'process', { now }))
    expect(text.match(/No registration/g)).toHaveLength(1)
  })

  it('says that there are no steps, and that there are no processes', async () => {
    const { audit } = await auditOf({ ...started('p'), data: { phase: 'started' } })
    const { text } = await collected(await report(audit, 'process', { now }))
    expect(text).toContain('No steps registered.')
    expect(text).toContain('Description: No description')
    const nobody = await collected(await report(audit, 'process', { now, tenant: 'other' }))
    expect(nobody.text).toBe('No processes registered.')
  })

  it('goes through all pages, in order, and keeps to the state', async () => {
    const ids = many(45).map((_, index) => `p${index}`)
    const { audit } = await auditOf(
      ...ids.map((id, index) => registered(id, 's', index % 2 === 0 ? 'success' : 'failure')),
    )
    const headings = async (query: object) => {
      const { body } = await collected(await report(audit, 'process', { now, ...query }))
      return body.flatMap((one) => (one.type === 'heading' && one.level === 2 ? one.text : []))
    }
    expect(await headings({})).toEqual(ids)
    expect(await headings({ order: 'newest' })).toEqual(ids.toReversed())
    const failed = ids.filter((_, index) => index % 2 === 1)
    expect(await headings({ state: 'failed' })).toEqual(failed)
    expect(await headings({ state: ['failed', 'succeeded'] })).toEqual(ids)
    expect(await headings({ from: t0 + 44_000 })).toEqual(['p44'])
  })

  it('is refused when its processes are made of too many events', async () => {
    const old = many(30, (index) => ({
      ...registered('p', 's', 'success'),
      occurredAt: t0 + index,
    }))
    const { audit } = await auditOf(...old, {
      ...registered('p', 's', 'success'),
      occurredAt: t0 + 60_000,
    })
    const error = { code: 'AUDIT_REPORT_TOO_LARGE' }
    await expect(report(audit, 'process', { now, most: 30 })).rejects.toMatchObject(error)
    // Of the period there is one event; what is read of its process is all the same too much.
    const late = { now, from: t0 + 60_000, most: 30 }
    await expect(report(audit, 'process', late)).rejects.toMatchObject(error)
    await expect(report(audit, 'process', { ...late, most: 31 })).resolves.toBeDefined()
    const scanning = withScan(audit)
    await expect(report(scanning, 'process', late)).rejects.toMatchObject(error)
    await expect(report(scanning, 'process', { ...late, most: 31 })).resolves.toBeDefined()
  })

  it('is made of the newest 1,000 events of each, of several tenants, over all its pages', async () => {
    const old = many(1_005, () => registered('p0', 's', 'success'))
    const others = many(40, (index) => ({ ...started('p1'), tenant: `t${index}` }))
    const { audit } = await auditOf(...old, ...others)
    for (const source of [audit, withScan(audit)]) {
      const made = await report(source, 'process', { now, most: 1_045 })
      let records = 0
      made.onRecords((some) => (records += some.length))
      await collected(made)
      expect([made.events(), records]).toEqual([1_040, 1_040])
    }
  })

  it('looks once for all processes of a page where each look goes through everything', async () => {
    const { audit, pages } = await auditOf(...many(5, (index) => started(`p${index}`)))
    const made = await report(withScan(audit), 'process', { now })
    const { text } = await collected(made)
    expect(many(5).every((_, index) => text.includes(`p${index}`))).toBe(true)
    expect(made.events()).toBe(5)
    const looks = pages.filter(({ targetType }) => targetType === 'process')
    expect(looks.map(({ targetId }) => targetId)).toEqual([undefined])
  })
})

describe('a report of the system', () => {
  const issue = (
    id: string,
    action: string,
    more: Partial<AuditEvent> = {},
  ): Partial<AuditEvent> => ({
    kind: 'system',
    action: `system.${action}`,
    targets: [{ type: 'issue', id }],
    ...more,
  })
  const data = {
    title: 'Mail fails',
    severity: 'high',
    code: 'E_MAIL',
    module: 'mail',
    function: 'send',
    line: 7,
  }

  it('tells what is open, what was resolved by whom, and what was noted', async () => {
    const { audit } = await auditOf(
      issue('i1', 'error', { data: { ...data, count: 1_500 } }),
      issue('i2', 'warning', { data: { title: 'Slow', severity: 'medium' } }),
      issue('i2', 'resolve', {
        actor: { id: 'u1', name: 'Ada', type: 'user' },
        data: { note: 'more memory' },
      }),
      issue('i3', 'info', { data: { title: 'Hello', severity: 'low' } }),
    )
    const made = await report(audit, 'system', { now })
    const { body, text, cover, coverText } = await collected(made)
    const at = (second: number) => `Jan 1, 2026, 00:00:0${second}.000`
    const columns = 'Issue | Type | Place | Occurred | First and last | Resolution'
    expect(text).toBe(
      [
        'Issues',
        'Open issues',
        columns,
        `Mail fails / i1 / acme | Error / high | mail:send:7 / Code E_MAIL | 1,500 | ${at(0)} / ${at(0)} | –`,
        'Resolved issues',
        columns,
        `Slow / i2 / acme | Warning / medium | – | 1 | ${at(1)} / ${at(1)} | Resolved by Ada (u1) / ${at(2)} / more memory`,
        'Noted',
        columns,
        `Hello / i3 / acme | Information / low | – | 1 | ${at(3)} / ${at(3)} | –`,
      ].join('\n'),
    )
    expect(tableIn(body)[0]?.[1]).toContainEqual({ text: 'high', tone: 'failure' })
    expect(made.events()).toBe(4)
    expect(factIn(cover, 'Issues')).toBe('3')
    expect(factIn(cover, 'Occurrences')).toBe('1,502')
    expect(coverText).toContain('Open | 1\nResolved | 1\nNoted | 1')
  })

  it('says which there are none of, and keeps to a state', async () => {
    const { audit } = await auditOf(issue('i1', 'error', { data }))
    const open = await collected(await report(audit, 'system', { now, state: 'open' }))
    expect(open.text).toContain('Mail fails')
    expect(open.text).not.toContain('Resolved issues')
    const empty = await collected(await report(audit, 'system', { now, tenant: null }))
    expect(empty.text).toBe(
      [
        'Issues',
        'Open issues',
        'No open issues.',
        'Resolved issues',
        'No resolved issues.',
        'Noted',
        'Nothing was noted.',
      ].join('\n'),
    )
  })
})
