/**
 * Writes reports as HTML: one page, which needs nothing else.
 * @module
 */
import type { Report } from '../../src/read/report/document.ts'
import { partIn } from './html/blocks.ts'
import { contentsIn } from './html/contents.ts'
import { escaped, safe } from './html/escape.ts'
import { htmlCsp, style } from './html/style.ts'
import { addressIn } from './html/table.ts'

export { htmlCsp } from './html/style.ts'

export interface HtmlOptions {
  /**
   * Where an event can be looked at: the address of `/audit/events/`, to which its id is added. Ids lead
   * there then. @default no links
   */
  readonly events?: string | undefined
}

const head = ({ title, author, period }: Report): string =>
  `<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escaped(htmlCsp)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="edge-audit">
<meta name="author" content="${safe(author)}">
<title>${safe(`${title} – ${period}`)}</title>
<style>${style}</style>
</head>
`

/**
 * Writes a report as an HTML page, to be read, printed or sent: no scripts, nothing that is loaded, its
 * style within it. Whoever hears it is told of its parts, its tables and, in words, its charts. What came
 * from events is text and nothing else, each character of it seen: hidden ones stand as their numbers
 * (`\u{202E}`). The same report at the same time gives the same page.
 *
 * The page holds a Content-Security-Policy, `htmlCsp`, which forbids all but its style; a server can send
 * the same one.
 * @throws what the body of the report does.
 * @example
 * import { createAudit } from 'edge-audit'
 * import { html } from 'edge-audit/html'
 * import { memory } from 'edge-audit/memory'
 * import { report } from 'edge-audit/report'
 * const audit = createAudit({ store: memory() })
 * const made = await report(audit, 'activity', { tenant: 'acme', by: 'ada' })
 * const page = await html(made, { events: 'https://app.example/audit/events/' })
 */
export const html = async (report: Report, { events }: HtmlOptions = {}): Promise<string> => {
  const addressOf = addressIn(events)
  const body = partIn('body', addressOf)
  for await (const block of report.body) await body.write(block)
  const cover = partIn('cover', addressOf)
  for (const block of await report.cover()) await cover.write(block)
  const { title, period, language, words } = report
  return [
    `<!doctype html>\n<html lang="${safe(language)}">\n${head(report)}<body>\n<div class="page">\n`,
    `<header>\n<h1>${safe(title)}</h1>\n<p>${safe(period)}</p>\n</header>\n<main>\n`,
    ...cover.html,
    contentsIn(body.marks, words.contents),
    ...body.html,
    '</main>\n</div>\n</body>\n</html>\n',
  ].join('')
}
