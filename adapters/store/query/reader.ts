import { sql } from 'drizzle-orm'
import type { StoredRow } from '../../../src/event/row.ts'
import type { SummaryRow } from '../../../src/ports/store.ts'
import { checkSummary } from '../paging.ts'
import { summaryOf } from '../summary/statement.ts'
import { summaryColumns } from '../summary/words.ts'
import { countFrom, pageFrom } from './page.ts'
import type { QueryingStore, QueryRunner } from './words.ts'

const texts: ReadonlySet<string> = new Set([
  'part',
  'name',
  'detail',
] satisfies (keyof SummaryRow)[])

/** Some drivers give numbers as texts. */
const summaryRowOf = (values: readonly unknown[]): SummaryRow => {
  const members: Iterable<readonly unknown[]> = summaryColumns.map((name, place) => {
    const value = values[place]
    return [name, texts.has(name) || value === null ? value : Number(value)]
  })
  return Object.fromEntries(members)
}

/** All that reads. */
export const readerOf = (runner: QueryRunner<StoredRow>): QueryingStore => ({
  page: (query) => pageFrom(query, runner),
  count: (query) => countFrom(query, runner),
  get: async (wanted) => {
    const id = sql.raw('audit_events.id')
    const { rows } = await runner.rows(sql`where ${id} = ${wanted}`)
    return rows[0]
  },
  summary: async (query) => {
    checkSummary(query)
    const found = await runner.values(summaryOf(query, runner.summary), summaryColumns)
    return found.map(summaryRowOf)
  },
})
