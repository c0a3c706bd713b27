/**
 * Writes reports as plain text, for terminals and mails.
 * @module
 */
import type { Block, Report } from '../../src/read/report/document.ts'
import { linesOf } from './text/blocks.ts'

export interface TextOptions {
  /** Columns of a line, from 40 to 1,000; what is beyond counts as the nearer of them. @default 100 */
  readonly width?: number | undefined
}

const narrowest = 40
const widest = 1_000

/** `NaN` too is a width that somebody measured. */
const columnsOf = (width: number): number =>
  Math.min(widest, Math.max(narrowest, Math.trunc(width) || narrowest))

/** Writes block after block. The caption of a table is said unless the heading above says it. */
const writing = (page: number): ((block: Block) => Promise<string>) => {
  let heading = ''
  return async (block) => {
    if (block.type === 'heading') heading = block.text
    const isNamed = block.type === 'table' && block.caption !== heading
    const caption = isNamed ? await linesOf({ type: 'note', text: block.caption }, page) : []
    return [...caption, ...(await linesOf(block, page))].join('\n')
  }
}

/**
 * Writes a report as plain text: tables in columns, charts as bars, no line longer than it may be. Of
 * characters that steer a terminal, or that are not seen, there are numbers instead (`\u{001B}`), so that
 * no event can change what stands beside it. The same report at the same time gives the same text.
 *
 * Wide characters are told by their blocks; where a terminal draws one otherwise, its line is shifted. One
 * that turns Hebrew or Arabic around takes a line of a table for one text.
 * @throws what the body of the report does.
 * @example
 * import { createAudit } from 'edge-audit'
 * import { memory } from 'edge-audit/memory'
 * import { report } from 'edge-audit/report'
 * import { text } from 'edge-audit/text'
 * const audit = createAudit({ store: memory() })
 * const mail = await text(await report(audit, 'logins', { tenant: 'acme', by: 'ada' }), { width: 72 })
 */
export const text = async (report: Report, { width = 100 }: TextOptions = {}): Promise<string> => {
  const page = columnsOf(width)
  const body: string[] = []
  const write = writing(page)
  for await (const block of report.body) body.push(await write(block))
  const title = await linesOf({ type: 'heading', level: 1, text: report.title }, page)
  const period = await linesOf({ type: 'note', text: report.period }, page)
  const front = [[...title, ...period].join('\n').trimStart()]
  const writeFront = writing(page)
  for (const block of await report.cover()) front.push(await writeFront(block))
  return `${[...front, ...body].filter((one) => one !== '').join('\n\n')}\n`
}
