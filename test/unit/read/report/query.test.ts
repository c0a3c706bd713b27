import { describe, expect, it } from 'vitest'
import { pt, report, type ReportQuery } from '../../../../src/read/report/report.ts'
import { auditOf, collected, factIn, many, now, t0, tableIn } from './collected.ts'

const wrong: readonly (readonly [kind: string, query: unknown, told: RegExp])[] = [
  ['nothing', {}, /the kind of report must be one of process, activity/],
  ['constructor', {}, /the kind of report/],
  ['activity', null, /the query must be an object/],
  ['activity', { order: 'best' }, /order must be/],
  ['activity', { limit: 0 }, /limit must be/],
  ['activity', { most: 1_000_001 }, /most must be/],
  ['activity', { language: 'fr' }, /language must be one of en, pt/],
  ['activity', { language: { ...pt, headings: {} } }, /language must be/],
  ['activity', { language: { ...pt, language: '!' } }, /BCP 47/],
  ['activity', { timeZone: 'Mars/Olympus' }, /timeZone must be an IANA time zone/],
  ['activity', { timeZone: '' }, /timeZone/],
  ['activity', { by: 7 }, /by must be a text/],
  ['activity', { id: '\0' }, /id must be a text/],
  ['activity', { now: 'today' }, /now must be/],
  ['activity', { from: 'today' }, /from must be/],
  ['activity', { actr: 'ada' }, /every parameter must be one of .*order.*actor/],
  ['activity', { next: 'x' }, /every parameter/],
  ['activity', { state: 'open' }, /state must be left out/],
  ['activity', { status: 'x' }, /status must be/],
  ['process', { actor: 'ada' }, /actor must be left out/],
  ['process', { limit: 3 }, /limit must be left out/],
  ['process', { state: 'open' }, /state must be one of succeeded/],
  ['process', { tenant: ['a', 'b'] }, /tenant must be one tenant/],
  ['system', { state: 'failed' }, /state must be one of open/],
  ['system', { text: 'x' }, /text must be left out/],
]

describe('report', () => {
  it.each(wrong)('refuses, by name, what is wrong: %s %j', async (kind, query, told) => {
    const { audit, pages } = await auditOf()
    const made = report(audit, kind as 'activity', query as ReportQuery)
    await expect(made).rejects.toMatchObject({
      code: 'AUDIT_QUERY_INVALID',
      message: expect.stringMatching(told),
    })
    expect(pages).toEqual([])
  })

  it('takes what is undefined for left out', async () => {
    const { audit } = await auditOf()
    const query = { actor: undefined, limit: undefined, state: undefined, by: undefined }
    expect(await report(audit, 'process', query)).toMatchObject({ author: '-' })
    expect(await report(audit, 'system', { tenant: ['a'] })).toBeDefined()
  })

  it('has an id, a time and an author of its own', async () => {
    const { audit } = await auditOf()
    const [one, other] = [await report(audit, 'activity'), await report(audit, 'activity')]
    expect(one.id).toMatch(/^[\da-f]{8}-[\da-f]{4}-7/)
    expect(other.id).not.toBe(one.id)
    const made = await report(audit, 'activity', { now: new Date(now), id: 'R-1', by: 'Ada' })
    expect(made).toMatchObject({ id: 'R-1', author: 'Ada', madeAt: now, language: 'en' })
    const { cover } = await collected(made)
    expect(factIn(cover, 'Report ID')).toBe('R-1')
    expect(factIn(cover, 'Asked for by')).toBe('Ada')
    expect(factIn(cover, 'Made at')).toBe('Feb 1, 2026, 00:00:00.000')
  })

  it('is refused before anything is read when it would be made of too many events', async () => {
    const { audit, pages } = await auditOf(...many(11))
    const made = report(audit, 'activity', { now, most: 10 })
    await expect(made).rejects.toMatchObject({
      code: 'AUDIT_REPORT_TOO_LARGE',
      message: expect.stringMatching(/narrow it, or export them/),
    })
    expect(pages).toEqual([])
    await expect(report(audit, 'activity', { now, most: 11 })).resolves.toBeDefined()
    await expect(report(audit, 'activity', { now, most: 10, limit: 10 })).resolves.toBeDefined()
  })

  it('holds to that while it reads, when they could not be counted before', async () => {
    const { store } = await auditOf(...many(11))
    const unsure = { store: () => ({ ...store, count: async () => ({ count: 3, more: true }) }) }
    const made = await report(unsure, 'activity', { now, most: 10 })
    await expect(collected(made)).rejects.toMatchObject({ code: 'AUDIT_REPORT_TOO_LARGE' })
  })

  it('ends at its limit, and says how many were cut', async () => {
    const { audit } = await auditOf(...many(12, (index) => ({ action: `a${index}` })))
    const cutAt = async (limit: number, most?: number) => {
      const { body, cover } = await collected(await report(audit, 'activity', { now, limit, most }))
      return [tableIn(body).length, factIn(cover, 'Limit')]
    }
    const left = 'The report ends at its limit:'
    expect(await cutAt(10)).toEqual([10, `${left} 2 more events were left out.`])
    expect(await cutAt(11)).toEqual([11, `${left} 1 more event was left out.`])
    expect(await cutAt(12)).toEqual([12, 'No event was left out by a limit.'])
    expect(await cutAt(3, 5)).toEqual([
      3,
      `${left} 3 more events at least, and perhaps others, were left out.`,
    ])
    expect(await cutAt(5, 5)).toEqual([
      5,
      `${left} 1 more event at least, and perhaps others, were left out.`,
    ])
  })

  it('reads a page when its rows are read, and none ahead of them', async () => {
    const { audit, pages } = await auditOf(...many(2_500, (index) => ({ occurredAt: t0 + index })))
    const { body } = await report(audit, 'activity', { now })
    expect(pages).toHaveLength(0)
    for await (const block of body) {
      if (block.type !== 'table') continue
      let read = 0
      for await (const _ of block.rows) {
        read += 1
        expect(pages).toHaveLength(Math.ceil(read / 1_000))
      }
      expect(read).toBe(2_500)
    }
    expect(Math.max(...pages.map(({ limit }) => limit))).toBe(1_000)
  })

  it('asks for no more than its limit', async () => {
    const { audit, pages } = await auditOf(...many(1_200))
    await collected(await report(audit, 'activity', { now, limit: 1_100 }))
    expect(pages.slice(0, 2).map(({ limit }) => limit)).toEqual([1_000, 100])
  })
})
