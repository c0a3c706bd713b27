import type { Registration, StepView } from '../fold/process.ts'
import { factsOf } from '../export/facts.ts'
import { faultLine, lineOf, linesOf, muted, personNameOf, shown, tones, wordFor } from './cells.ts'
import type { Cell, Said, Table } from './document.ts'
import type { Speech } from './speech.ts'

/**
 * Registrations that nobody made. A try that failed is one, although none succeeded yet; so is what was
 * tried under one name again and again, and is one thing.
 */
export const missingOf = ({ expects, successes, registrations }: StepView): number => {
  const done = new Set<string | undefined>()
  for (const { name, outcome } of registrations) if (outcome === 'success') done.add(name)
  const tried = new Set(registrations.map(({ name }) => name).filter((name) => !done.has(name)))
  return Math.max(0, expects - successes - tried.size)
}

const registrationCells = (
  { id, at, outcome, name, description, durationMs, error, actor }: Registration,
  speech: Speech,
): readonly [Cell, Cell] => {
  const { words, clock, duration } = speech
  const ended: Said = {
    text: wordFor(words.outcomes, shown(outcome)),
    tone: tones[outcome],
    bold: true,
    event: id,
  }
  return [
    linesOf([ended, name, lineOf(description, muted), faultLine(factsOf({ error }).error)], speech),
    linesOf(
      [
        clock.time(at),
        personNameOf(actor, speech),
        lineOf(durationMs, (ms) => muted(duration(ms))),
      ],
      speech,
    ),
  ]
}

const rowsOf = (step: StepView, speech: Speech): readonly (readonly Cell[])[] => {
  const { words, number } = speech
  const { name, description, declared, expects, registrations } = step
  const called = name === '' ? words.process.unnamed : name
  const expected: Cell = declared ? number(expects) : muted(words.process.undeclared)
  const none: Said = { text: words.process.noRegistration, tone: 'failure' }
  const right: readonly (readonly [Cell, Cell])[] = [
    ...registrations.map((one) => registrationCells(one, speech)),
    ...Array.from({ length: missingOf(step) }, () => [none, words.nothing] as const),
  ]
  const [first, ...more] = right
  const begin = linesOf([{ text: called, bold: true }, lineOf(description, muted)], speech)
  return [
    [begin, expected, ...(first ?? [words.nothing, words.nothing])],
    // Each row says whose it is, also on another page.
    ...more.map((cells) => [muted(called), '', ...cells]),
  ]
}

/** The steps of a process in order, with all that was registered and all that was not. */
export const stepsTable = (name: string, steps: readonly StepView[], speech: Speech): Table => {
  const { columns, process: words } = speech.words
  return {
    type: 'table',
    caption: words.steps(name),
    columns: [
      { label: columns.step, width: 4 },
      { label: columns.expected, width: 2 },
      { label: columns.registration, width: 4 },
      { label: columns.registered, width: 4 },
    ],
    rows: steps.flatMap((step) => rowsOf(step, speech)),
  }
}
