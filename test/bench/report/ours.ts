import { pdf } from '../../../adapters/render/pdf/pdf.ts'
import type { Amount, Block, Cell, Chart, Report, Tone } from '../../../src/read/report/document.ts'
import { START } from '../trail.ts'
import { drawn } from './drawn.ts'
import { columns, type Line } from './lines.ts'

const DAY = 86_400_000

const tones: Readonly<Record<string, Tone>> = {
  Success: 'success',
  Failure: 'failure',
  Denied: 'denied',
}

const rowOf = ({ time, id, actor, action, target, outcome }: Line): readonly Cell[] => [
  [time, { text: id, tone: 'muted', event: id }],
  actor,
  action,
  target,
  { text: outcome, tone: tones[outcome] },
]

const amount = (label: string, value: number): Amount => ({
  label,
  value,
  text: String(value),
  tone: tones[label],
})

/** How often there was what, by some name. */
type Tally = Map<string, Map<string, number>>

const chartOf = (title: string, form: Chart['form'], tally: Tally): Chart => ({
  type: 'chart',
  title,
  alternative: [...tally].map(([label, parts]) => `${label}: ${[...parts].join(' ')}`).join('; '),
  form,
  bars: [...tally].map(([label, parts]) => ({
    label,
    parts: [...parts].map(([name, value]) => amount(name, value)),
  })),
})

const reportOf = (lines: Iterable<Line>, count: number): Report => {
  const days: Tally = new Map()
  const actions: Tally = new Map()
  const add = (tally: Tally, label: string, part: string): void => {
    const parts = tally.get(label) ?? new Map<string, number>()
    parts.set(part, (parts.get(part) ?? 0) + 1)
    tally.set(label, parts)
  }
  const rows = function* (): Generator<readonly Cell[]> {
    for (const line of lines) {
      add(days, line.time.slice(0, 10), line.outcome)
      add(actions, line.action, 'Events')
      yield rowOf(line)
    }
  }
  const body = async function* (): AsyncGenerator<Block> {
    yield { type: 'heading', level: 1, text: 'Events' }
    yield { type: 'table', caption: 'Events', columns, rows: rows() }
  }
  return {
    kind: 'activity',
    id: '019b7600-0000-7000-8000-000000000001',
    title: 'Activity',
    period: `From 2025-01-01 (UTC), ${count} minutes`,
    language: 'en',
    author: 'Ada Lovelace',
    madeAt: START + 365 * DAY,
    words: {
      contents: 'Contents',
      page: (page, of) => `Page ${page} of ${of}`,
      continued: 'continued',
      cut: (characters) => `… (${characters} characters)`,
      escaped: (texts) => `${texts} texts hold characters that no font has.`,
    },
    body: body(),
    cover: async () => [
      {
        type: 'facts',
        facts: [
          { name: 'Tenant', value: 'tenant-0' },
          { name: 'Requested by', value: 'Ada Lovelace' },
          { name: 'Events', value: String(count) },
        ],
      },
      chartOf('Events by day', 'columns', days),
      chartOf('Actions', 'rows', new Map([...actions].slice(0, 10))),
      { type: 'note', text: 'Nothing was left out.' },
    ],
    onRecords: () => {},
    events: () => count,
  }
}

await drawn(({ lines, count }) => pdf(reportOf(lines, count)))
