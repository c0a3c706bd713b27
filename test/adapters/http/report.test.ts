import { describe, expect, it } from 'vitest'
import * as printer from '../../../adapters/render/pdf/pdf.ts'
import type { ReportKind } from '../../../src/read/report/kind.ts'
import { sha256 } from '../../support/sha256.ts'
import { attachedTo, textOf, told } from '../render/pdf/tools.ts'
import { desk, may, NOW } from './desk.ts'

const reports = () => Promise.resolve(printer)

const kinds: readonly ReportKind[] = [
  'process',
  'activity',
  'access',
  'logins',
  'changes',
  'system',
]

const made = (more: Parameters<typeof desk>[0] = {}) => desk({ reports, ...more })

const bytesOf = async (response: Response): Promise<Uint8Array> =>
  new Uint8Array(await response.arrayBuffer())

describe('a report', () => {
  it.each(kinds)('of kind %s is a PDF, shown in place, for nobody to keep', async (kind) => {
    const { ask } = made()
    const response = await ask(`/reports/${kind}.pdf`)
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('application/pdf')
    expect(response.headers.get('content-disposition')).toBe(
      `inline; filename="${kind}_report.pdf"`,
    )
    expect(response.headers.get('cache-control')).toBe('no-store')
    const bytes = await bytesOf(response)
    expect(new TextDecoder('latin1').decode(bytes.subarray(0, 8))).toBe('%PDF-1.7')
    expect(await textOf(bytes)).toContain(response.headers.get('x-export-id') ?? 'no id')
  })

  it('holds what the filters of its URL find, and leads to each event', async () => {
    const { ask, put, store } = made()
    await put({ action: 'invoice.refund' }, { action: 'invoice.void' })
    const bytes = await bytesOf(
      await ask('/reports/activity.pdf?action=invoice.refund&timeZone=Europe/Lisbon'),
    )
    const text = await textOf(bytes)
    expect(text).toContain('invoice.refund')
    expect(text).not.toContain('invoice.void')
    expect(text).toContain('Europe/Lisbon')
    const { rows } = await store.page({ action: 'invoice.refund', limit: 1 })
    const html = await told(bytes, 'pdftohtml', '-stdout', '-i', '-q')
    expect(html).toContain(`href="http://localhost/audit/events/${rows[0]?.id}"`)
  })

  it.each(['activity', 'process'])(
    'of kind %s holds its events for machines, if it is asked to',
    async (kind) => {
      const { ask, audit, store, put } = made()
      await put({ action: 'invoice.refund' })
      await audit.runAs({ source: 'test', tenant: 'acme' }, () =>
        audit.process('order', { steps: ['pay'] }),
      )
      await audit.flush()
      const bytes = await bytesOf(await ask(`/reports/${kind}.pdf?attach=true&to=${NOW + 1}`))
      const files = await attachedTo(bytes)
      const { rows } = await store.page({ to: NOW + 1, order: 'oldest', limit: 100 })
      const records = rows
        .filter((row) => row.kind === 'process' || (kind === 'activity' && row.kind === 'custom'))
        .map(({ record }) => record)
      const lines = files.get('events.ndjson')?.split('\n').slice(0, -1)
      expect(lines).toEqual(records)
      expect(lines).not.toEqual([])
      expect(JSON.parse(files.get('manifest.json') ?? '')).toMatchObject({
        kind,
        records: records.length,
        sha256: sha256(new TextEncoder().encode(files.get('events.ndjson'))),
      })
      expect((await attachedTo(await bytesOf(await ask(`/reports/${kind}.pdf`)))).size).toBe(0)
    },
  )

  it('holds the events of what it shows alone, each once', async () => {
    const { ask, audit, store } = made()
    await audit.runAs({ source: 'test', tenant: 'acme' }, () => {
      audit
        .process('good', { steps: ['pay'] })
        .step('pay')
        .ok('card')
      audit
        .process('bad', { steps: ['pay'] })
        .step('pay')
        .fail('card', 'declined')
      const issue = audit.system('error', { error: new Error('down') })
      audit.record({
        kind: 'system',
        action: 'issue.resolve',
        outcome: 'failure',
        target: { type: 'issue', id: issue },
      })
    })
    await audit.flush()
    const { rows } = await store.page({ to: NOW + 1, order: 'oldest', limit: 100 })
    const linesOf = async (path: string): Promise<readonly string[]> => {
      const bytes = await bytesOf(await ask(`/reports/${path}&attach=true&to=${NOW + 1}`))
      return (await attachedTo(bytes)).get('events.ndjson')?.split('\n').slice(0, -1) ?? []
    }
    const failed = rows.filter(({ kind, record }) => kind === 'process' && record.includes('bad'))
    expect(failed).not.toEqual([])
    expect(await linesOf('process.pdf?state=failed')).toEqual(failed.map(({ record }) => record))
    const lines = await linesOf('system.pdf?order=oldest')
    expect(new Set(lines).size).toBe(lines.length)
    expect(lines.length).toBeGreaterThan(0)
  })

  it('speaks Portuguese when it is asked to', async () => {
    const text = await textOf(await bytesOf(await made().ask('/reports/activity.pdf?language=pt')))
    expect(text).toMatch(/Relatório/)
  })

  it('is in the trail, with its filters, how much is in it, and its SHA-256', async () => {
    const { ask, put, audit, store } = made()
    await put({ action: 'invoice.refund' })
    const response = await ask('/reports/activity.pdf?action=invoice.*', {
      headers: { 'x-user': 'ada' },
    })
    const bytes = await bytesOf(response)
    await audit.flush()
    const { rows } = await store.page({ kind: 'export', limit: 10 })
    expect(rows.map(({ record }): unknown => JSON.parse(record))).toMatchObject([
      {
        action: 'export',
        outcome: 'success',
        actor: { id: 'ada' },
        targets: [
          { type: 'export', id: response.headers.get('x-export-id'), name: 'activity_report.pdf' },
        ],
        data: {
          type: 'report',
          format: 'pdf',
          filters: { action: 'invoice.*' },
          records: 1,
          bytes: bytes.length,
          sha256: sha256(bytes),
        },
      },
    ])
  })

  it('shows what its reader may see, and says what is not shown', async () => {
    const { ask, put } = made()
    await put({ action: 'invoice.refund', reason: 'secret reason', metadata: { plan: 'pro' } })
    const fence = may({ tenant: 'acme', fields: ['metadata'] })
    const text = await textOf(await bytesOf(await ask('/reports/activity.pdf', { headers: fence })))
    expect(text).toContain('invoice.refund')
    expect(text).not.toContain('secret reason')
    const other = await ask('/reports/activity.pdf', { headers: may({ tenant: 'globex' }) })
    expect(await textOf(await bytesOf(other))).not.toContain('invoice.refund')
  })

  it('asks `authorize` for `report`, and tells of who was refused', async () => {
    const asked: string[] = []
    const { ask, told } = made({
      authorize: (_, action) => {
        asked.push(action)
        return false
      },
    })
    expect((await ask('/reports/logins.pdf')).status).toBe(403)
    expect(asked).toEqual(['report'])
    expect(await told()).toMatchObject([{ outcome: 'denied', data: { refused: 'authorize' } }])
  })

  it('of more events than a report may have is answered by what to ask for instead', async () => {
    const { ask, put } = made({ limits: { reportRows: 2 } })
    await put({ action: 'a' }, { action: 'b' }, { action: 'c' })
    const response = await ask('/reports/activity.pdf')
    expect(response.status).toBe(413)
    expect(await response.json()).toMatchObject({
      code: 'AUDIT_REPORT_TOO_LARGE',
      detail: expect.stringMatching(/shorter span.*filter.*limit.*export/),
    })
    const first = await ask('/reports/activity.pdf?limit=2')
    expect(await textOf(await bytesOf(first))).toMatch(/1 more event/)
  })

  it.each([
    ['activity.pdf?timeZone=Mars/Olympus', 'timeZone'],
    ['activity.pdf?language=xx', 'language'],
    ['activity.pdf?limit=0', 'limit'],
    ['activity.pdf?oops=1', 'oops'],
    ['activity.pdf?filter={"nope":1}', 'filter'],
    ['process.pdf?state=odd', 'state'],
    ['process.pdf?tenant=a&tenant=b', 'tenant'],
    ['process.pdf?actor=ada', 'actor'],
    ['system.pdf?action=x', 'action'],
  ])('is refused for a wrong parameter: %s', async (path, parameter) => {
    const response = await made().ask(`/reports/${path}`)
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ errors: [{ parameter }] })
  })

  it('is not drawn for who asks for its headers, and is told as seen', async () => {
    const { ask, told } = made({
      reports: async () => ({ ...printer, pdf: () => Promise.reject(new Error('drawn')) }),
    })
    const response = await ask('/reports/activity.pdf', { method: 'HEAD' })
    expect([response.status, await response.text()]).toEqual([200, ''])
    expect(await told()).toMatchObject([{ action: 'view', targets: [{ type: 'audit.report' }] }])
  })

  it('counts as an export, of which there are few at a time', async () => {
    const { ask } = made({ limits: { exports: 1 } })
    expect((await ask('/reports/activity.pdf')).status).toBe(200)
    expect((await ask('/reports/activity.pdf')).status).toBe(429)
  })

  it('is not there where the app handed in nothing that prints', async () => {
    const { ask } = desk()
    expect((await ask('/reports/activity.pdf')).status).toBe(404)
  })

  it('is loaded when the first is asked for, and not before', async () => {
    let loads = 0
    const { ask } = made({
      reports: () => {
        loads += 1
        return Promise.resolve(printer)
      },
    })
    await ask('/events')
    expect(loads).toBe(0)
    await ask('/reports/system.pdf')
    expect(loads).toBe(1)
  })

  it('is loaded outside of the request that asks first', async () => {
    const scopes: unknown[] = []
    const around = made({
      reports: () => {
        scopes.push(around.audit.tryScope())
        return Promise.resolve(printer)
      },
    })
    expect((await around.ask('/reports/activity.pdf')).status).toBe(200)
    expect(scopes).toEqual([undefined])
  })

  it('has the same bytes when it is asked for at the same time', async () => {
    const { ask, put } = made({
      reports: async () => ({
        ...printer,
        report: (audit, kind, query, env) =>
          printer.report(audit, kind, { ...query, id: 'same' }, env),
      }),
    })
    await put({ action: 'invoice.refund', occurredAt: NOW - 1 })
    // Who sees all is told how many events wait to be stored just now, too.
    const asked = [`/reports/activity.pdf?to=${NOW}`, { headers: may({ tenant: 'acme' }) }] as const
    const [one, other] = [await ask(...asked), await ask(...asked)]
    expect(one.headers.get('x-export-id')).toBe('same')
    const bytes = await bytesOf(one)
    expect(await textOf(bytes)).toContain('invoice.refund')
    expect(await bytesOf(other)).toEqual(bytes)
  })
})
