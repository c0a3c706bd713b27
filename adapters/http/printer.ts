import type { Report, report } from '../../src/read/report/report.ts'

/** What prints reports: `() => import('edge-audit/pdf')` gives it, when the first one is asked for. */
export interface ReportPrinter {
  readonly report: typeof report
  readonly pdf: (
    report: Report,
    options: { readonly events: string; readonly attach?: boolean | undefined },
  ) => Promise<Uint8Array<ArrayBuffer>>
}
