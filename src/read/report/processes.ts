import type { ProcessState } from '../../event/process.ts'
import { processes } from '../views/processes.ts'
import { alternativeOf } from './charts.ts'
import type { Amount, Block, Cell } from './document.ts'
import { type Made, peeked } from './made.ts'
import type { Asked } from './query.ts'
import type { Tapped } from './records.ts'
import type { Speech } from './speech.ts'
import { blocksOf, type Process, stateTones } from './process-blocks.ts'
import { missingOf } from './steps.ts'
import { countThings, nothingSeen, thingsOf, watched } from './things.ts'

const states: readonly ProcessState[] = ['succeeded', 'failed', 'incomplete', 'pending']

const registrationsOf = ({ steps }: Process) => steps.flatMap(({ registrations }) => registrations)

interface Counts {
  processes: number
  missing: number
  readonly states: Record<ProcessState, number>
  readonly registrations: Record<'success' | 'failure' | 'denied' | 'unknown', number>
}

const see = (counts: Counts, view: Process): void => {
  counts.processes += 1
  counts.states[view.state] += 1
  for (const step of view.steps) counts.missing += missingOf(step)
  for (const { outcome } of registrationsOf(view)) counts.registrations[outcome] += 1
}

const numbersOf = (counts: Counts, speech: Speech): readonly Block[] => {
  const { words, number } = speech
  const { registrations } = counts
  const bars = states.map((state) => {
    const value = counts.states[state]
    const label = words.processStates[state]
    const part: Amount = { label, value, text: number(value), tone: stateTones[state] }
    return { label, parts: [part] }
  })
  const rows: readonly (readonly Cell[])[] = [
    [{ text: words.outcomes.success, tone: 'success' }, number(registrations.success)],
    [{ text: words.outcomes.failure, tone: 'failure' }, number(registrations.failure)],
    [
      { text: words.outcomes.unknown, tone: 'muted' },
      number(registrations.unknown + registrations.denied),
    ],
    [{ text: words.process.noRegistration, tone: 'failure' }, number(counts.missing)],
  ]
  const title = `${words.process.processes}: ${words.charts.states}`
  return [
    {
      type: 'table',
      caption: words.process.registrations,
      columns: [
        { label: words.process.registrations, width: 3 },
        { label: words.columns.number, width: 1 },
      ],
      rows,
    },
    ...(counts.processes === 0
      ? []
      : [
          {
            type: 'chart',
            title,
            alternative: alternativeOf(title, bars),
            bars,
            form: 'rows',
          } as const,
        ]),
  ]
}

/**
 * A report of processes.
 * @throws {AuditError} AUDIT_REPORT_TOO_LARGE; AUDIT_QUERY_INVALID; else what the store rejects with.
 */
export const madeOfProcesses = async (
  { reading: audit, shown, events }: Tapped,
  asked: Asked,
  env: unknown,
): Promise<Made> => {
  const { speech, processStates: state } = asked
  const { words, number } = speech
  await countThings(audit.store(env), asked, 'process')
  const seen = nothingSeen()
  const reading = watched(audit, seen)
  const views = thingsOf(
    asked,
    async (options) => {
      const { processes: found, next } = await processes(reading, { ...options, state }, env)
      return { views: found, next }
    },
    seen,
  )
  // Now, so that what this reader may not ask is told before there is a report.
  const found = await peeked(views)
  const counts: Counts = {
    processes: 0,
    missing: 0,
    states: { succeeded: 0, failed: 0, incomplete: 0, pending: 0 },
    registrations: { success: 0, failure: 0, denied: 0, unknown: 0 },
  }
  const body = async function* (): AsyncGenerator<Block, void, undefined> {
    if (found === undefined) {
      yield { type: 'note', text: words.process.none }
      return
    }
    yield { type: 'heading', level: 1, text: words.headings.processes }
    for await (const view of found) {
      see(counts, view)
      shown(view)
      yield* blocksOf(view, speech)
    }
  }
  return {
    body: body(),
    events,
    facts: () => [
      { name: words.process.processes, value: number(counts.processes) },
      { name: words.cover.facts.events, value: number(events()) },
    ],
    numbers: () => numbersOf(counts, speech),
    marks: undefined,
    cut: () => ({ count: 0, atLeast: false }),
  }
}
