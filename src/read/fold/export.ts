import { amountOf, textOf } from '../../event/data.ts'
import { byTime } from '../../event/order.ts'
import type { Actor, AuditEvent, Outcome } from '../../event/schema.ts'
import { sizeOf } from '../size.ts'

export interface Download {
  readonly by: Actor
  readonly at: number
}

export interface ExportView {
  readonly id: string
  readonly tenant: string | null
  readonly type: string | undefined
  readonly format: string | undefined
  readonly records: number | undefined
  readonly bytes: number | undefined
  /** `bytes` for people: `1.2 MB`. */
  readonly size: string | undefined
  /** As they were recorded. */
  readonly filters: unknown
  readonly purpose: string | undefined
  readonly sha256: string | undefined
  /** Who made it, when, and how that ended; undefined when only downloads are known. */
  readonly by: Actor | undefined
  readonly at: number | undefined
  readonly outcome: Outcome | undefined
  /** Those that succeeded. */
  readonly downloads: number
  readonly lastDownload: Download | undefined
  /** What all downloads took together; one that does not say so took all of the export. */
  readonly totalBytes: number
}

/** What the events of one export tell of it, in whatever order they come; undefined without any. */
export const exportOf = (events: readonly AuditEvent[]): ExportView | undefined => {
  const ordered = events.toSorted(byTime)
  const [first] = ordered
  if (first === undefined) return undefined
  const exports = ordered.filter(({ action }) => action === 'export')
  // One that was tried again is the one that came to something.
  const made = exports.findLast(({ outcome }) => outcome === 'success') ?? exports.at(-1)
  const data = made?.data
  const bytes = amountOf(data?.['bytes'])
  const downloads = ordered.filter(
    ({ action, outcome }) => action === 'export.download' && outcome === 'success',
  )
  const last = downloads.at(-1)
  return {
    id: first.targets[0]?.id ?? '',
    tenant: first.tenant,
    type: textOf(data?.['type']) ?? first.targets[0]?.name,
    format: textOf(data?.['format']),
    records: amountOf(data?.['records']),
    bytes,
    size: bytes === undefined ? undefined : sizeOf(bytes),
    filters: data?.['filters'],
    purpose: textOf(data?.['purpose']),
    sha256: textOf(data?.['sha256']),
    by: made?.actor,
    at: made?.occurredAt,
    outcome: made?.outcome,
    downloads: downloads.length,
    lastDownload: last && { by: last.actor, at: last.occurredAt },
    totalBytes: downloads.reduce(
      (sum, event) => sum + (amountOf(event.data?.['bytes']) ?? bytes ?? 0),
      0,
    ),
  }
}
