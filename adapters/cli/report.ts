import { readFile, writeFile } from 'node:fs/promises'
import { printedEvent } from '../../src/read/report/printed.ts'
import {
  type Report,
  type ReportKind,
  reportKinds,
  type ReportQuery,
  report as makeReport,
} from '../../src/read/report/report.ts'
import { storeHelp, storeOptions, withAudit } from './audit.ts'
import { type Command, type Given, needed, tenantOf } from './command.ts'
import { timeOf } from './read.ts'
import { counted, lines, plain } from './words.ts'

const names = Object.keys(reportKinds).join(', ')

const isKind = (value: string | undefined): value is ReportKind =>
  value !== undefined && Object.hasOwn(reportKinds, value)

const isObject = (value: unknown): value is ReportQuery =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const filterIn = (json: string | undefined): ReportQuery => {
  if (json === undefined) return {}
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch {
    // Told below, without the text.
  }
  if (isObject(value)) return value
  throw new Error(`--filter must be JSON, an object such as '{"action":"invoice.*"}'.`)
}

const wholeOf = (text: string | undefined, name: string): number | undefined => {
  if (text === undefined || /^[1-9]\d{0,8}$/.test(text))
    return text === undefined ? text : Number(text)
  throw new Error(`--${name} must be a whole number.`)
}

/** What each may be is told by `report`. */
const queryOf = (given: Given): ReportQuery => {
  const { values } = given
  const { from, to, actor, language, state, order } = values
  const tenant = tenantOf(given)
  const asked: Readonly<Record<string, unknown>> = {
    from: from === undefined ? undefined : timeOf(from, 'from'),
    to: to === undefined ? undefined : timeOf(to, 'to'),
    tenant,
    actor,
    state,
    order,
    language,
    limit: wholeOf(values.limit, 'limit'),
    most: wholeOf(values.most, 'most'),
    timeZone: values['time-zone'],
  }
  const written = Object.entries(asked).filter(([, value]) => value !== undefined)
  return { ...filterIn(values.filter), ...Object.fromEntries(written), by: needed(given, 'by') }
}

type Format = 'pdf' | 'html' | 'text'

/** Draws it; what draws is loaded only for its format. */
const draw = async (
  report: Report,
  format: Format,
  { values }: Given,
): Promise<Uint8Array<ArrayBuffer>> => {
  const { events, font = [], attach } = values
  for (const name of ['font', 'attach'] as const)
    if (values[name] !== undefined && format !== 'pdf')
      throw new Error(`--${name} is for --format pdf.`)
  if (format === 'text') {
    const { text } = await import('../render/text.ts')
    return new TextEncoder().encode(await text(report))
  }
  if (format === 'html') {
    const { html } = await import('../render/html.ts')
    return new TextEncoder().encode(await html(report, { events }))
  }
  const { pdf } = await import('../render/pdf/pdf.ts')
  if (font.length === 0) return pdf(report, { events, attach })
  const { fonts } = await import('../render/pdf/fontkit.ts')
  const files = await Promise.all(font.map((path) => readFile(path)))
  return pdf(report, { events, fonts: fonts(...files), attach })
}

const formatIn = (format = 'pdf'): Format => {
  if (format === 'pdf' || format === 'html' || format === 'text') return format
  throw new Error('--format must be pdf, html or text.')
}

export const report: Command = {
  help: `Usage: edge-audit report <kind> --url <address> --by <name> --out <file>

Prints a report of one of the kinds ${names}. That it was printed is recorded, with
the SHA-256 of the file.

${storeHelp}  --out <file>         where it is written to
  --format <name>      pdf, html or text                               (pdf)
  --from <time>        from then on: 2026-01-31, or 2026-01-31T12:00Z
  --to <time>          up to then, not included                        (now)
  --tenant <id>        events of this tenant; --no-tenant: of none     (all)
  --actor <id>         events by this actor
  --filter <json>      what else an event must be like: '{"action":"invoice.*"}'
  --state <name>       of processes and issues: those in this state
  --order <name>       oldest or newest first                          (oldest)
  --limit <number>     the first events alone
  --most <number>      no report of more events than these             (20000)
  --language <name>    en or pt                                        (en)
  --time-zone <name>   for every time in it: Europe/Lisbon             (UTC)
  --events <url>       where an event can be looked at: its id is added
  --font <file>        a TrueType font for other scripts; may be given again
  --attach             puts the events into the PDF as well, as NDJSON
  --by <name>          who asks
  --json               prints the outcome as JSON
`,
  argument: '<kind>',
  takes: [
    ...storeOptions,
    'out',
    'format',
    'from',
    'to',
    'tenant',
    'no-tenant',
    'actor',
    'filter',
    'state',
    'order',
    'limit',
    'most',
    'language',
    'time-zone',
    'events',
    'font',
    'attach',
    'by',
    'json',
  ],
  run: async (given) => {
    const [kind] = given.rest
    if (!isKind(kind)) throw new Error(`A report is one of ${names}.`)
    const format = formatIn(given.values.format)
    const out = needed(given, 'out')
    const query = queryOf(given)
    const data = await withAudit(given, async (audit) => {
      const made = await makeReport(audit, kind, query)
      const bytes = await draw(made, format, given)
      await writeFile(out, bytes)
      const { by = '-', ...filters } = query
      const actor = { type: 'user', id: by } as const
      const event = await printedEvent(made, { format, bytes, actor, filters })
      audit.record({
        ...event,
        tenant: typeof query.tenant === 'string' ? query.tenant : undefined,
      })
      return { id: made.id, events: made.events(), bytes: bytes.length, file: out }
    })
    const size = counted(data.bytes, 'byte')
    return {
      text: lines(`Printed ${counted(data.events, 'event')} to ${plain(out)}, ${size}.`),
      data,
    }
  },
}
