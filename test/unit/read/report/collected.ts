import { memory } from '../../../../adapters/store/memory.ts'
import { columnsOf, type EventRow } from '../../../../src/event/row.ts'
import type { AuditEvent } from '../../../../src/event/schema.ts'
import type { PageQuery } from '../../../../src/ports/store.ts'
import type { Reading } from '../../../../src/read/reading.ts'
import type { Block, Cell, Report, Table } from '../../../../src/read/report/report.ts'
import { rowOf } from '../../../conformance/rows.ts'
import { eventsOf, t0 } from '../fold/events.ts'

export { t0 }

/** 2026-02-01, when the reports of these tests are made. */
export const now = t0 + 31 * 86_400_000

export type Read = Exclude<Block, Table> | (Omit<Table, 'rows'> & { readonly rows: Cell[][] })

const readAll = async (blocks: AsyncIterable<Block> | Iterable<Block>): Promise<Read[]> => {
  const read: Read[] = []
  for await (const block of blocks) {
    if (block.type !== 'table') {
      read.push(block)
      continue
    }
    const rows: Cell[][] = []
    for await (const cells of block.rows) rows.push([...cells])
    read.push({ ...block, rows })
  }
  return read
}

const linesOf = (cell: Cell): string =>
  (typeof cell === 'object' && 'length' in cell ? cell : [cell])
    .map((line) => (typeof line === 'string' ? line : line.text))
    .join(' / ')

/** A block in words: a row on a line of its own, its cells between bars. */
const wordsOf = (block: Read): string => {
  if (block.type === 'facts')
    return block.facts.map(({ name, value }) => `${name}: ${linesOf(value)}`).join('\n')
  if (block.type === 'chart') return block.alternative
  if (block.type !== 'table') return block.text
  const labels = block.columns.map(({ label }) => label)
  return [labels, ...block.rows.map((cells) => cells.map(linesOf))]
    .map((line) => line.join(' | '))
    .join('\n')
}

export interface Collected {
  readonly body: readonly Read[]
  readonly cover: readonly Read[]
  /** Both as plain text. */
  readonly text: string
  readonly coverText: string
}

/** Reads a report as who draws it does: its body, and then its cover. */
export const collected = async (report: Report): Promise<Collected> => {
  const body = await readAll(report.body)
  const cover = await readAll(await report.cover())
  const [text, coverText] = [body, cover].map((all) => all.map(wordsOf).join('\n'))
  return { body, cover, text: text ?? '', coverText: coverText ?? '' }
}

/** The rows of the first table of these, or of the one with this caption. */
export const tableIn = (blocks: readonly Read[], caption?: string): Cell[][] => {
  const found = blocks.find(
    (block) => block.type === 'table' && (caption === undefined || block.caption === caption),
  )
  return found?.type === 'table' ? found.rows : []
}

/** What the facts say of something. */
export const factIn = (blocks: readonly Read[], name: string): string | undefined => {
  const all = blocks.flatMap((block) => (block.type === 'facts' ? block.facts : []))
  const found = all.find((fact) => fact.name === name)
  return found && linesOf(found.value)
}

export const rowsOf = (events: readonly AuditEvent[]): readonly EventRow[] =>
  events.map((event) => rowOf({ ...columnsOf(event), record: JSON.stringify(event) }))

/** An audit that holds these, a second between them, and what its store was asked for. */
export const auditOf = async (...all: readonly Partial<AuditEvent>[]) => {
  const store = memory({ now: () => t0 })
  await store.append(rowsOf(eventsOf({ outcome: 'success', tenant: 'acme' }, all)))
  const pages: PageQuery[] = []
  const audit: Reading = {
    store: () => ({
      ...store,
      page: (query) => {
        pages.push(query)
        return store.page(query)
      },
    }),
  }
  return { audit, store, pages }
}

export const many = (
  count: number,
  at: (index: number) => Partial<AuditEvent> = () => ({}),
): readonly Partial<AuditEvent>[] => Array.from({ length: count }, (_, index) => at(index))
