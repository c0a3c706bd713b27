import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AuditEvent } from '../../../../src/event/schema.ts'
import { exportOf } from '../../../../src/read/fold/export.ts'
import { eventsOf, inTwoOrders, t0 } from './events.ts'

const common: Partial<AuditEvent> = {
  kind: 'export',
  tenant: 'acme',
  outcome: 'success',
  targets: [{ type: 'export', id: 'e1', name: 'invoices' }],
}

const taken = (...all: readonly Partial<AuditEvent>[]) => eventsOf(common, all)

const made = (data: AuditEvent['data'] = {}): Partial<AuditEvent> => ({ action: 'export', data })
const grace = { type: 'user', id: 'u2' } as const
const download = (data?: AuditEvent['data']): Partial<AuditEvent> => ({
  action: 'export.download',
  actor: grace,
  data,
})

describe('an export', () => {
  it('is not there without events', () => {
    expect(exportOf([])).toBeUndefined()
  })

  it('tells what was taken out, by whom and what for, and who has it', () => {
    const data = {
      type: 'invoice',
      format: 'csv',
      records: 12,
      bytes: 1_234_567,
      filters: { year: 2026 },
      purpose: 'tax',
      sha256: 'ab',
    }
    expect(exportOf(taken(made(data), download(), download({ bytes: 7 })))).toEqual({
      ...data,
      id: 'e1',
      tenant: 'acme',
      size: '1.2 MB',
      by: { id: 'u1', type: 'user' },
      at: t0,
      outcome: 'success',
      downloads: 2,
      lastDownload: { by: grace, at: t0 + 2_000 },
      totalBytes: 1_234_574,
    })
  })

  it('counts only downloads that succeeded', () => {
    const denied = { ...download(), outcome: 'denied' } as const
    const view = exportOf(taken(made({ bytes: 10 }), download(), denied))
    expect(view).toMatchObject({ downloads: 1, totalBytes: 10 })
    expect(view?.lastDownload?.at).toBe(t0 + 1_000)
  })

  it('shows the try that succeeded, else the last', () => {
    const failed = { ...made({ format: 'pdf' }), outcome: 'failure' } as const
    expect(exportOf(taken(made({ format: 'csv' }), failed))?.format).toBe('csv')
    expect(exportOf(taken(failed))).toMatchObject({ format: 'pdf', outcome: 'failure' })
  })

  it('tells of downloads also when nobody knows who made it', () => {
    const view = exportOf(taken(download({ bytes: 5 })))
    expect(view).toMatchObject({ downloads: 1, totalBytes: 5, type: 'invoices' })
    expect([view?.at, view?.by, view?.size]).toEqual([undefined, undefined, undefined])
  })

  it('takes what is no size as not said', () => {
    const view = exportOf(taken(made({ bytes: '10', records: -1 }), download({ bytes: null })))
    expect(view).toMatchObject({ bytes: undefined, records: undefined, totalBytes: 0 })
  })

  it('comes out the same in whatever order its events come', () => {
    const any = fc.constantFrom(
      made({ bytes: 5 }),
      { ...made({ bytes: 6 }), outcome: 'failure' as const },
      download(),
      { ...download({ bytes: 1 }), outcome: 'denied' as const },
    )
    fc.assert(
      fc.property(inTwoOrders(common, any), ([events, others]) => {
        expect(exportOf(others)).toEqual(exportOf(events))
      }),
    )
  })
})
