import type { IssueView } from '../fold/issue.ts'
import type { Partly } from '../views/thing.ts'
import { lineOf, linesOf, muted, personNameOf, shown, wordFor } from './cells.ts'
import type { Cell, Column, Said, Tone } from './document.ts'
import type { Speech } from './speech.ts'
import type { ReportWords } from './words/words.ts'

export type Issue = Partly<IssueView>

const severityTones: Readonly<Record<string, Tone>> = { critical: 'failure', high: 'failure' }

const titleCell = (view: Issue, speech: Speech): Cell => {
  const { words } = speech
  return linesOf(
    [
      { text: shown(view.title ?? view.id), bold: true },
      lineOf(view.description, (text) => text),
      muted(shown(view.id)),
      view.tenant === null ? undefined : muted(shown(view.tenant)),
      view.regressed ? { text: words.issue.regressed, tone: 'failure' } : undefined,
      view.partial === true ? muted(words.process.partial) : undefined,
    ],
    speech,
  )
}

const typeCell = ({ type, severity }: Issue, speech: Speech): Cell => {
  const { words } = speech
  const severe = lineOf(severity, (one): Said => ({
    text: wordFor(words.severities, one),
    tone: Object.hasOwn(severityTones, one) ? severityTones[one] : 'muted',
  }))
  return linesOf([lineOf(type, (one) => wordFor(words.issueTypes, one)), severe], speech)
}

const placeCell = (view: Issue, speech: Speech): Cell => {
  const line = lineOf(view.line, String)
  const place = [view.module, view.function, line].filter((one) => one !== undefined).join(':')
  const code = lineOf(view.code, speech.words.issue.code)
  return linesOf([place === '' ? undefined : place, code], speech)
}

const resolutionCell = ({ resolution, reopening }: Issue, speech: Speech): Cell => {
  const { words, clock } = speech
  const told = (
    decision: Issue['resolution'],
    say: (who: string) => string,
  ): readonly (string | Said | undefined)[] =>
    decision === undefined
      ? []
      : [
          say(personNameOf(decision.by, speech)),
          muted(clock.time(decision.at)),
          lineOf(decision.note, (note) => note),
        ]
  return linesOf(
    [
      ...told(resolution, words.issue.resolvedBy),
      // One that was resolved afterwards again is of no weight.
      ...(reopening !== undefined && reopening.at < (resolution?.at ?? 0)
        ? []
        : told(reopening, words.issue.reopenedBy)),
    ],
    speech,
  )
}

/** An issue as a row of its table. */
export const rowOf = (view: Issue, speech: Speech): readonly Cell[] => {
  const time = (at: number | undefined): string | undefined =>
    at === undefined ? undefined : speech.clock.time(at)
  return [
    titleCell(view, speech),
    typeCell(view, speech),
    placeCell(view, speech),
    speech.number(view.count),
    linesOf([time(view.firstAt), time(view.lastAt)], speech),
    resolutionCell(view, speech),
  ]
}

export const columnsOf = ({ columns }: ReportWords): readonly Column[] => [
  { label: columns.issue, width: 5 },
  { label: columns.type, width: 2 },
  { label: columns.place, width: 3 },
  { label: columns.occurred, width: 2 },
  { label: columns.firstAndLast, width: 4 },
  { label: columns.resolution, width: 4 },
]
