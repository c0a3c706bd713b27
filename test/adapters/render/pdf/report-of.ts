import type { Block, Report } from '../../../../src/read/report/document.ts'
import { reportOf as sampleOf } from '../sample.ts'

/** A report of these blocks, with a known title, id, author and time. */
export const reportOf = (blocks: readonly Block[], more: Partial<Report> = {}): Report =>
  sampleOf(blocks, {
    id: '019b7600-aaaa-7000-8000-000000000001',
    title: 'Activity report',
    period: '2026-01-01 – 2026-02-01',
    language: 'en',
    author: 'Ada Lovelace',
    madeAt: Date.UTC(2026, 1, 2, 3, 4, 5),
    cover: async () => [],
    ...more,
  })

/** A table of texts. */
export const tableOf = (rows: readonly (readonly string[])[], caption = 'Things'): Block => ({
  type: 'table',
  caption,
  columns: (rows[0] ?? []).map((_, index) => ({ label: `Column ${index + 1}`, width: 1 })),
  rows,
})
