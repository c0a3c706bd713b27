import type { EventInput } from '../../input.ts'
import { peek } from '../../runtime/ambient.ts'
import { textOf } from '../actor.ts'
import { type Telling, tenantSaid, type Told } from './told.ts'

/** What left the system. */
export interface ExportInput extends Omit<Told, 'target' | 'targets'> {
  /** What was exported: `invoices`, `audit-trail` … */
  readonly type: string
  /** `csv`, `pdf`, `parquet` … */
  readonly format?: string | undefined
  readonly records?: number | undefined
  readonly bytes?: number | undefined
  readonly filters?: unknown
  /** What it is for. */
  readonly purpose?: string | undefined
  /** Of the file, as hexadecimal digits. */
  readonly sha256?: string | undefined
}

export interface DownloadInput extends Omit<Told, 'target' | 'targets'> {
  readonly bytes?: number | undefined
}

/** An export that may be fetched again. */
export interface ExportHandle {
  /** Keep it with the file: `audit.downloaded(id)` is for later requests. */
  readonly id: string
  /** Records that it was downloaded. */
  downloaded(input?: DownloadInput): string
}

export interface ExportKinds {
  /**
   * Records an export, and gives what its downloads are recorded with.
   * @example
   * const { id } = audit.exported({ type: 'invoices', format: 'csv', records: 120, bytes: 48_211 })
   * audit.downloaded(id)
   */
  exported(input: ExportInput): ExportHandle
  downloaded(id: string, input?: DownloadInput): string
}

export const exportKinds = (tell: Telling, mint: () => string): ExportKinds => {
  const download = (
    id: string,
    input: DownloadInput | undefined,
    said: Pick<EventInput, 'tenant'>,
  ): string => {
    const certain: EventInput = {
      kind: 'export',
      action: 'export.download',
      target: { type: 'export', id },
    }
    const make = (): Partial<EventInput> => {
      const { bytes, ...told } = input ?? {}
      return { ...said, ...told, data: { bytes } }
    }
    return tell(certain, make, () => said)
  }
  return {
    downloaded: (id, input) => download(id, input, {}),
    exported: (input) => {
      const id = mint()
      const said = tenantSaid(input)
      const name = textOf(peek(input, 'type'))
      tell({ kind: 'export', action: 'export', target: { type: 'export', id, name } }, () => {
        const { type, format, records, bytes, filters, purpose, sha256, ...told } = input
        return { ...told, data: { bytes, filters, format, purpose, records, sha256, type } }
      })
      return { id, downloaded: (more) => download(id, more, said) }
    },
  }
}
