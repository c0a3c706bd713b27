import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { database } from './databases.ts'
import type { Drawn } from './report/drawn.ts'
import { type Bench, median, type Row } from './rows.ts'

const run = promisify(execFile)

const bench = 'report'
const EVENTS = 10_000
const MANY = 100_000
const ROUNDS = 3
/** MB that JavaScript objects may take; buffers are not counted in. */
const NARROW = 128

/** The scripts of `report/`; the first is what the others are compared with. */
const scripts = {
  pdfkit: 'pdfkit',
  'edge-audit': 'ours',
  'edge-audit, from the store': 'from-store',
  'jspdf-autotable': 'jspdf-autotable',
  'pdf-lib-drawtext': 'pdf-lib-drawtext',
} as const

type Subject = keyof typeof scripts

interface Asked {
  readonly events: number
  readonly source?: string
  readonly flags?: readonly string[]
}

/** Draws in a fresh process. One that does not end well ends the bench. */
const draw = async (
  subject: Subject,
  { events, source = '', flags = [] }: Asked,
): Promise<Drawn> => {
  const script = `test/bench/report/${scripts[subject]}.ts`
  const { stdout } = await run(process.execPath, [...flags, script, String(events), source])
  return JSON.parse(stdout)
}

const medians = (all: readonly Drawn[]): Drawn => ({
  seconds: median(all.map(({ seconds }) => seconds)),
  heap: median(all.map(({ heap }) => heap)),
  rss: median(all.map(({ rss }) => rss)),
  bytes: median(all.map(({ bytes }) => bytes)),
})

/** All in turn, and again, so that what else the machine does meets each of them. */
const compared = async (source: string): Promise<ReadonlyMap<Subject, Drawn>> => {
  const drawn = new Map<Subject, Drawn[]>()
  for (let round = 0; round < ROUNDS; round++)
    for (const subject of Object.keys(scripts) as Subject[]) {
      const one = await draw(subject, { events: EVENTS, source })
      drawn.set(subject, [...(drawn.get(subject) ?? []), one])
    }
  return new Map([...drawn].map(([subject, all]) => [subject, medians(all)]))
}

const rowsOf = (subject: string, drawn: Drawn, against?: Subject): readonly Row[] => {
  const row = (what: string, value: number, unit: string): Row => ({
    bench,
    subject: `${subject}${what}`,
    value,
    unit,
    ...(against !== undefined && { against: `${against}${what}` }),
  })
  return [
    row('', drawn.seconds, 's'),
    row(', heap', drawn.heap, 'MB'),
    row(', resident', drawn.rss, 'MB'),
    row(', file', drawn.bytes / 1_024, 'KB'),
  ]
}

export const report: Bench = {
  name: bench,
  about: `${EVENTS.toLocaleString('en')} events as a PDF report with tags, an outline, a cover and a font of its own, against libraries that draw the bare table in Helvetica; each in a fresh process, from when its library is loaded to the last byte, the median of ${ROUNDS}`,
  run: async () => {
    const trail = await (await database('libsql', EVENTS)).copy()
    const drawn = await compared(trail.url)
    await trail.end()
    const few = await draw('edge-audit', { events: EVENTS / 10 })
    const many = await draw('edge-audit', { events: MANY })
    const flags = [`--max-old-space-size=${NARROW}`]
    const narrow = await draw('edge-audit', { events: MANY, flags })
    const ours = (events: number): string => `edge-audit, ${events.toLocaleString('en')}`
    return [
      ...[...drawn].flatMap(([subject, one]) =>
        rowsOf(subject, one, subject === 'pdfkit' ? undefined : 'pdfkit'),
      ),
      ...rowsOf(ours(EVENTS / 10), few),
      ...rowsOf(ours(MANY), many),
      ...rowsOf(`${ours(MANY)} in ${NARROW} MB`, narrow),
    ]
  },
}
