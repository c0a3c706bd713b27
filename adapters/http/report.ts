import type { Actor } from '../../src/event/schema.ts'
import type { EventFilter } from '../../src/read/filter.ts'
import type { ReportQuery } from '../../src/read/report/report.ts'
import { printedEvent } from '../../src/read/report/printed.ts'
import type { ReportKind } from '../../src/read/report/kind.ts'
import { failed } from './answer.ts'
import { askingOf, type Given } from './filter.ts'
import { type ReportName, operations } from './operations.ts'
import type { Settings } from './options.ts'
import { problem } from './problem.ts'
import { askedFor } from './tell.ts'
import { type RouteContext, type RoutesAudit, visitOf } from './visit.ts'

/** What may be asked of a report in a URL. */
interface Wanted extends Given {
  readonly state?: ReportQuery['state']
  readonly order?: ReportQuery['order']
  readonly limit?: number | undefined
  readonly language?: 'en' | 'pt' | undefined
  readonly timeZone?: string | undefined
  readonly attach?: boolean | undefined
}

/** Those of a report of things have no other filters. */
const filterOf = (
  kind: ReportKind,
  wanted: Wanted,
): { readonly filter: EventFilter; readonly inside: readonly string[] } => {
  const { filter, inside } = askingOf(wanted)
  if (kind !== 'process' && kind !== 'system') return { filter, inside }
  const { from, to, tenant } = filter
  return { filter: { from, to, tenant }, inside }
}

const nameOf = ({ id, name }: Actor): string => (name === undefined ? id : `${name} (${id})`)

/** Where these routes show an event. */
const eventsOf = (url: string): string => {
  const { origin, pathname } = new URL(url)
  return `${origin}${pathname.replace(/\/reports\/[^/]*$/, '')}/events/`
}

/**
 * Prints a report. It is made in memory, and handed out when its event is stored: with the filters, how
 * many events it was made of, and the SHA-256 of the file.
 */
export const printReport = async (
  c: RouteContext,
  audit: RoutesAudit,
  kind: ReportKind,
  wanted: Wanted,
  { reports, limits, now }: Settings,
): Promise<Response> => {
  const operation = operations[`${kind}Report` satisfies ReportName]
  if (reports === undefined)
    return problem(c, 404, 'These routes print no reports: give them `reports`.')
  const { handle, reading, told, actor, seesAll } = visitOf(c)
  let inside: readonly string[] = []
  try {
    const asking = filterOf(kind, wanted)
    inside = asking.inside
    const { report, pdf } = await reports()
    const { order, limit, language, timeZone, state } = wanted
    const asked = {
      ...asking.filter,
      order,
      limit,
      language,
      timeZone,
      state,
      most: limits.reportRows,
    }
    // What became of the events of this process is for who sees all of them.
    const source = seesAll ? { ...reading, stats: () => audit.stats() } : reading
    const made = await report(source, kind, { ...asked, by: nameOf(actor), now: now() }, c.env)
    const headers = {
      'Content-Type': 'application/pdf',
      'content-disposition': `inline; filename="${kind}_report.pdf"`,
      'x-export-id': made.id,
    }
    // Nothing is drawn for who asks for its headers.
    if (c.req.method === 'HEAD') return c.body(null, 200, headers)
    const bytes = await pdf(made, { events: eventsOf(c.req.url), attach: wanted.attach })
    const filters = askedFor(c.req.url)
    const event = await printedEvent(made, { format: 'pdf', bytes, actor, filters })
    await handle.record(event, { delivery: 'await' })
    told.recorded = true
    return c.body(bytes, 200, headers)
  } catch (error) {
    return failed(c, operation, error, inside)
  }
}
