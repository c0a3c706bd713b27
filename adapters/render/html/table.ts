import type { Cell, Said, Table } from '../../../src/read/report/document.ts'
import { saidIn } from '../said.ts'
import { escaped, safe } from './escape.ts'

/** Where an event can be looked at; undefined where it cannot. */
export type AddressOf = (id: string) => string | undefined

/** Ids may hold what is no character, which no address has. */
export const addressIn =
  (events: string | undefined): AddressOf =>
  (id) =>
    events === undefined ? undefined : `${events}${encodeURIComponent(id.toWellFormed())}`

const saidHtml = ({ text, tone, bold, event }: Said, addressOf: AddressOf): string => {
  const address = event === undefined ? undefined : addressOf(event)
  const ink = tone === undefined ? '' : ` class="${tone}"`
  const words = bold === true ? `<b>${safe(text)}</b>` : safe(text)
  if (address !== undefined) return `<a${ink} href="${escaped(address)}">${words}</a>`
  return ink === '' ? words : `<span${ink}>${words}</span>`
}

/** What stands in one place, line by line. */
export const cellHtml = (cell: Cell, addressOf: AddressOf): string =>
  saidIn(cell)
    .map((said) => saidHtml(said, addressOf))
    .join('<br>')

/** A table of two columns needs no whole page, and one of many no less than one. */
const looks = ['few', 'few', 'few', 'some'] as const

/** Whoever sees the heading above needs no caption that says the same. */
export const tableIn = async (
  { caption, columns, rows }: Table,
  heading: string,
  addressOf: AddressOf,
): Promise<string> => {
  const all = columns.reduce((sum, { width }) => sum + width, 0)
  const shares = columns.map(({ width }) => `<col class="w${Math.round((100 * width) / all)}">`)
  const head = columns.map(({ label }) => `<th scope="col">${safe(label)}</th>`)
  const parts = [
    `<div class="wide"><table class="${looks[columns.length] ?? 'many'}">\n<caption${caption === heading ? ' class="unseen"' : ''}>${safe(caption)}</caption>\n`,
    `<colgroup>${shares.join('')}</colgroup>\n<thead><tr>${head.join('')}</tr></thead>\n<tbody>\n`,
  ]
  for await (const cells of rows) {
    const row = cells.map((cell) => `<td>${cellHtml(cell, addressOf)}</td>`)
    parts.push(`<tr>${row.join('')}</tr>\n`)
  }
  return `${parts.join('')}</tbody>\n</table></div>\n`
}
