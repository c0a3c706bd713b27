import type { IssueState } from '../fold/issue.ts'
import { issues } from '../views/issues.ts'
import { wordFor } from './cells.ts'
import type { Block, Cell } from './document.ts'
import { columnsOf, type Issue, rowOf } from './issue-row.ts'
import { type Made, peeked } from './made.ts'
import type { Asked } from './query.ts'
import type { Tapped } from './records.ts'
import type { Speech } from './speech.ts'
import { countThings, nothingSeen, thingsOf, watched } from './things.ts'

const states: readonly IssueState[] = ['open', 'resolved', 'noted']

interface Counts {
  issues: number
  occurrences: number
  readonly states: Record<IssueState, number>
  readonly severities: Map<string, number>
}

const see = (counts: Counts, view: Issue): void => {
  counts.issues += 1
  counts.occurrences += view.count
  counts.states[view.state] += 1
  const severity = view.severity ?? ''
  counts.severities.set(severity, (counts.severities.get(severity) ?? 0) + 1)
}

const numbersOf = (counts: Counts, speech: Speech): readonly Block[] => {
  const { words, number } = speech
  const { columns, issue } = words
  const table = (label: string, rows: readonly (readonly [Cell, number])[]): Block => ({
    type: 'table',
    caption: `${issue.issues}: ${label}`,
    columns: [
      { label, width: 3 },
      { label: columns.number, width: 1 },
    ],
    rows: rows.map(([name, count]) => [name, number(count)]),
  })
  const bySeverity = [...counts.severities].map(([severity, count]): readonly [Cell, number] => [
    severity === '' ? words.nothing : wordFor(words.severities, severity),
    count,
  ])
  return [
    table(
      columns.state,
      states.map((state) => [words.issueStates[state], counts.states[state]]),
    ),
    ...(bySeverity.length === 0 ? [] : [table(columns.severity, bySeverity)]),
  ]
}

/**
 * A report of issues: what is open, what was resolved, and what was noted.
 * @throws {AuditError} AUDIT_REPORT_TOO_LARGE; AUDIT_QUERY_INVALID; else what the store rejects with.
 */
export const madeOfIssues = async (
  { reading: audit, shown, events }: Tapped,
  asked: Asked,
  env: unknown,
): Promise<Made> => {
  const { speech, issueStates = states } = asked
  const { words, number } = speech
  await countThings(audit.store(env), asked, 'system')
  const seen = nothingSeen()
  const reading = watched(audit, seen)
  const counts: Counts = {
    issues: 0,
    occurrences: 0,
    states: { open: 0, resolved: 0, noted: 0 },
    severities: new Map(),
  }
  const viewsIn = (state: IssueState): AsyncIterable<Issue> =>
    thingsOf(
      asked,
      async (options) => {
        const { issues: found, next } = await issues(reading, { ...options, state }, env)
        return { views: found, next }
      },
      seen,
    )
  const rows = async function* (views: AsyncIterable<Issue>): AsyncGenerator<readonly Cell[]> {
    for await (const view of views) {
      see(counts, view)
      shown(view)
      yield rowOf(view, speech)
    }
  }
  const body = async function* (): AsyncGenerator<Block, void, undefined> {
    yield { type: 'heading', level: 1, text: words.issue.issues }
    for (const state of states.filter((one) => issueStates.includes(one))) {
      const caption = words.headings.issues[state]
      yield { type: 'heading', level: 2, text: caption }
      const found = await peeked(viewsIn(state))
      if (found === undefined) yield { type: 'note', text: words.issue.none[state], tone: 'muted' }
      else yield { type: 'table', caption, columns: columnsOf(words), rows: rows(found) }
    }
  }
  return {
    body: body(),
    events,
    facts: () => [
      { name: words.issue.issues, value: number(counts.issues) },
      { name: words.issue.occurrences, value: number(counts.occurrences) },
      { name: words.cover.facts.events, value: number(events()) },
    ],
    numbers: () => numbersOf(counts, speech),
    marks: undefined,
    cut: () => ({ count: 0, atLeast: false }),
  }
}
