import type { Block, DrawnWords, Report } from '../../../../src/read/report/document.ts'

const words: DrawnWords = {
  contents: 'Contents',
  continued: 'continued',
  page: (page, of) => `Page ${page} of ${of}`,
  cut: (characters) => `… (${characters.toLocaleString('en')} characters)`,
  escaped: (texts) => `${texts} texts have characters that no font has.`,
}

/** A report of these blocks, made anew each time: it can be read once. */
export const reportOf = (blocks: readonly Block[], more: Partial<Report> = {}): Report => ({
  kind: 'activity',
  id: '019b7600-aaaa-7000-8000-000000000001',
  title: 'Activity report',
  period: '2026-01-01 – 2026-02-01',
  language: 'en',
  author: 'Ada Lovelace',
  madeAt: Date.UTC(2026, 1, 2, 3, 4, 5),
  words,
  body: (async function* () {
    for (const block of blocks) yield block
  })(),
  cover: async () => [],
  events: () => 0,
  ...more,
})

/** A table of texts. */
export const tableOf = (rows: readonly (readonly string[])[], caption = 'Things'): Block => ({
  type: 'table',
  caption,
  columns: (rows[0] ?? []).map((_, index) => ({ label: `Column ${index + 1}`, width: 1 })),
  rows,
})
