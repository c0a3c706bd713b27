import type { Actor } from '../../event/schema.ts'
import type { EventInput } from '../../input.ts'
import { sha256Of } from '../../runtime/hash.ts'
import type { Report } from './document.ts'

/** How a report came out, and for whom. */
export interface Printed {
  readonly format: 'pdf' | 'html' | 'text'
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly actor: Actor
  /** What was asked, as it was asked. */
  readonly filters: Readonly<Record<string, unknown>>
}

/**
 * The event that a report was printed: with what was asked, how much is in it, and the file's SHA-256. The routes
 * and the command record it; who calls `report` himself does so by this.
 * @example
 * import { pdf } from 'edge-audit/pdf'
 * import { printedEvent, report } from 'edge-audit/report'
 * const made = await report(audit, 'activity', { tenant: 'acme' })
 * const actor = { type: 'user', id: 'ada' } as const
 * const filters = { tenant: 'acme' }
 * audit.record(await printedEvent(made, { format: 'pdf', bytes: await pdf(made), actor, filters }))
 */
export const printedEvent = async (
  { kind, id, events }: Report,
  { format, bytes, actor, filters }: Printed,
): Promise<EventInput> => ({
  kind: 'export',
  action: 'export',
  outcome: 'success',
  actor,
  target: { type: 'export', id, name: `${kind}_report.${format === 'text' ? 'txt' : format}` },
  data: {
    type: 'report',
    format,
    filters,
    records: events(),
    bytes: bytes.length,
    sha256: await sha256Of(bytes),
  },
})
