import { describe, expect, it } from 'vitest'
import type { AuditEvent } from '../../../../src/event/schema.ts'
import { type Fence, reader } from '../../../../src/read/reader.ts'
import { report, type ReportKind, reportKinds } from '../../../../src/read/report/report.ts'
import { auditOf, collected, factIn, now, t0 } from './collected.ts'

const kinds = Object.keys(reportKinds) as ReportKind[]

const secret = 'a-secret'

/** One event for each kind of report, all of it secret but for what every reader sees. */
const everything = (tenant: string, mark: string): readonly Partial<AuditEvent>[] => {
  const common = {
    tenant,
    actor: { id: 'u1', type: 'user', name: mark, role: mark },
    request: { id: mark, ip: mark, method: mark, route: mark, path: mark, userAgent: mark },
    reason: mark,
    error: { type: mark, message: mark },
    metadata: { note: mark },
  } as const
  const things = { name: mark, id: `${tenant}-thing` }
  return [
    {
      ...common,
      kind: 'access',
      action: 'view',
      targets: [{ type: 'patient', ...things }],
      data: { filter: mark },
    },
    { ...common, kind: 'auth', action: 'login', targets: [], data: { name: mark, method: mark } },
    {
      ...common,
      kind: 'change',
      action: 'invoice.update',
      targets: [],
      changes: { status: { new: mark } },
    },
    {
      ...common,
      kind: 'process',
      action: 'import',
      targets: [{ type: 'process', ...things }],
      data: { phase: 'registered', step: 's', description: mark },
    },
    {
      ...common,
      kind: 'system',
      action: 'system.error',
      targets: [{ type: 'issue', ...things }],
      data: { title: mark, code: mark, severity: 'high' },
    },
  ]
}

const reportsOf = async (fence: Fence, ...all: readonly Partial<AuditEvent>[]) => {
  const { audit } = await auditOf(...all)
  return Promise.all(
    kinds.map(async (kind) =>
      collected(await report(reader(audit, fence), kind, { now, from: t0 })),
    ),
  )
}

describe.each(kinds)('a report of kind %s for a reader with a fence', (kind) => {
  const at = kinds.indexOf(kind)

  it('is that of an audit in which nothing else is', async () => {
    const made = async (fenced: boolean) => {
      const others = fenced ? everything('other', secret) : []
      const { audit } = await auditOf(...everything('acme', 'seen'), ...others)
      const asked = { now, from: t0, id: 'R' }
      return collected(await report(reader(audit, { tenant: 'acme' }), kind, asked))
    }
    const [alone, among] = [await made(false), await made(true)]
    const withoutIds = (text: string) => text.replaceAll(/[\da-f-]{36}/g, '')
    expect(withoutIds(among.text)).toBe(withoutIds(alone.text))
    expect(among.coverText).toBe(alone.coverText)
    expect(among.text).toContain('seen')
  })

  it('shows nothing of other actors', async () => {
    const report = (
      await reportsOf({ tenants: 'all', actors: ['nobody'] }, ...everything('acme', secret))
    )[at]
    expect(`${report?.text} ${report?.coverText}`).not.toContain(secret)
  })

  it('shows nothing of what the reader is not shown, and says so', async () => {
    const fields = ['data.phase', 'data.step', 'data.steps']
    // The name of what is registered decides the state of a process.
    const fence: Fence = { tenant: 'acme', fields: [...fields, 'data.name'] }
    const all = everything('acme', secret).filter((event) => event.kind !== 'auth')
    const found = (await reportsOf(fence, ...all))[at]
    expect(`${found?.text} ${found?.coverText}`).not.toContain(secret)
    expect(factIn(found?.cover ?? [], 'Hidden from this reader')).toContain(
      'actor.name, actor.role',
    )
    expect(factIn(found?.cover ?? [], 'Cut values')).toBeUndefined()
  })
})

describe('a report for a reader with a fence', () => {
  it('is refused when it would be of what the reader is not shown', async () => {
    const { audit } = await auditOf(...everything('acme', secret))
    const blind = reader(audit, { tenant: 'acme', fields: [] })
    const error = { code: 'AUDIT_QUERY_INVALID' }
    await expect(report(blind, 'process', { now })).rejects.toMatchObject(error)
    await expect(report(blind, 'activity', { now, ip: '::1' })).rejects.toMatchObject(error)
  })

  it('tells no counts of tenants outside of it', async () => {
    const { audit } = await auditOf(...everything('other', secret))
    const some = reader(audit, { tenants: ['acme', 'b'] })
    const { cover } = await collected(await report(some, 'activity', { now, from: t0 }))
    expect(factIn(cover, 'Unresolved issues')).toMatch(/^Not counted/)
    expect(factIn(cover, 'Events')).toBe('0')
  })

  it('hides nothing from a reader who is shown everything', async () => {
    const { audit } = await auditOf()
    const { cover } = await collected(await report(audit, 'activity', { now }))
    expect(factIn(cover, 'Hidden from this reader')).toBe('Nothing of an event.')
    expect(factIn(cover, 'Tenant')).toBe('All tenants')
  })
})
