/**
 * Makes reports for people: a cover that says what is in them and what is not, and what stands behind it,
 * as a plain document. Who draws it (as PDF, as a page) has a door of its own.
 * @module
 */
import type { Reading } from '../reading.ts'
import { absentOf } from './absent.ts'
import { access } from './accesses.ts'
import { changes } from './changes.ts'
import type { Block, Report } from './document.ts'
import { madeOfEvents } from './events.ts'
import { madeOfIssues } from './issues.ts'
import type { ReportKind } from './kind.ts'
import { logins } from './logins.ts'
import type { Made } from './made.ts'
import { madeOfProcesses } from './processes.ts'
import { type Asked, askedOf, isOfThings, type ReportQuery } from './query.ts'
import { type Tapped, tapped } from './records.ts'
import { periodOf, scopeOf } from './scope.ts'
import { settingsOf } from './settings.ts'
import type { Speech } from './speech.ts'
import { activity } from './timeline.ts'

export type {
  Amount,
  Block,
  Cell,
  Chart,
  Column,
  DrawnWords,
  Facts,
  Heading,
  Note,
  Report,
  Said,
  Table,
  Tone,
} from './document.ts'
export { type ReportKind, reportKinds } from './kind.ts'
export { type Printed, printedEvent } from './printed.ts'
export type { ReportQuery } from './query.ts'
export type { ReportLanguage } from './speech.ts'
export { en } from './words/en.ts'
export { pt } from './words/pt.ts'
export type { Counted, FilterName, ReportWords } from './words/words.ts'

const recipes = { activity, access, logins, changes }

const made = (tap: Tapped, asked: Asked, env: unknown): Promise<Made> => {
  const { kind } = asked
  if (!isOfThings(kind)) return madeOfEvents(tap.reading.store(env), asked, recipes[kind])
  return kind === 'process' ? madeOfProcesses(tap, asked, env) : madeOfIssues(tap, asked, env)
}

const coverOf = async (
  audit: Reading,
  asked: Asked,
  made: Made,
  env: unknown,
): Promise<readonly Block[]> => {
  const { speech, kind, author, madeAt, id } = asked
  const { cover, headings, titles } = speech.words
  const store = audit.store(env)
  const [absent, settings] = await Promise.all([
    absentOf(audit, store, asked, made, env),
    settingsOf(store, asked),
  ])
  const heading = (text: string): Block => ({ type: 'heading', level: 2, text })
  return [
    {
      type: 'facts',
      facts: [
        { name: cover.facts.report, value: { text: titles[kind], bold: true } },
        ...scopeOf(asked, audit),
        { name: cover.facts.author, value: author },
        { name: cover.facts.madeAt, value: speech.clock.time(madeAt) },
        { name: cover.facts.id, value: id },
        ...made.facts(),
      ],
    },
    heading(headings.numbers),
    ...made.numbers(),
    heading(headings.absent),
    absent,
    heading(headings.settings),
    ...settings,
  ]
}

const drawnOf = ({ words, number, counted }: Speech): Report['words'] => {
  const { contents, continued, page, cut, escaped } = words.drawn
  return {
    contents,
    continued,
    page: (at, of) => page(number(at), number(of)),
    cut: (characters) => counted(cut, characters),
    escaped: (texts) => counted(escaped, texts),
  }
}

/**
 * Makes a report: of what happened (`activity`), of who read or exported what (`access`), of who got in
 * (`logins`), of what was changed field by field (`changes`), of processes (`process`), or of what went
 * wrong (`system`). Events are read as its body is, one page at a time, and no more of them is kept than
 * counts; those that happen after it was asked for are not in it. Reports of processes and issues are
 * asked for by `from`, `to`, `tenant`, `state` and `order` alone.
 * @throws {AuditError} AUDIT_QUERY_INVALID, naming the parameter; AUDIT_REPORT_TOO_LARGE when it would be
 * made of more events than `most`, now or, where they cannot be counted before, by its body; else what
 * the store rejects with.
 * @example
 * import { report } from 'edge-audit/report'
 * const { title, body, cover } = await report(audit, 'activity', { tenant: 'acme', timeZone: 'Europe/Lisbon' })
 * for await (const block of body)
 *   if (block.type === 'table') for await (const cells of block.rows) console.log(title, cells)
 * const first = await cover()
 */
export const report = async (
  audit: Reading,
  kind: ReportKind,
  query: ReportQuery = {},
  env?: unknown,
): Promise<Report> => {
  const asked = askedOf(kind, query)
  const { speech, id, author, madeAt } = asked
  const tap = tapped(audit, isOfThings(kind) ? kind : undefined)
  const whole = await made(tap, asked, env)
  return {
    kind,
    id,
    title: speech.words.titles[kind],
    period: periodOf(asked),
    language: speech.words.language,
    author,
    madeAt,
    words: drawnOf(speech),
    body: whole.body,
    cover: () => coverOf(audit, asked, whole, env),
    onRecords: tap.onRecords,
    events: whole.events,
  }
}
