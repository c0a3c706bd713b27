import { AuditError } from '../../errors.ts'
import type { Condition } from '../../event/condition.ts'
import type { Count, EventSelection, ReadingStore } from '../../ports/store.ts'
import { pagesOf } from '../pages.ts'
import { type Told, toldOf, wordFor } from './cells.ts'
import { chartsOf } from './charts.ts'
import type { Block, Cell, Table } from './document.ts'
import { type Made, peeked } from './made.ts'
import type { Asked } from './query.ts'
import type { Recipe } from './recipe.ts'
import type { Speech } from './speech.ts'
import { type Tally, tallyOf } from './tally.ts'

export const tooLarge = (most: number): AuditError =>
  new AuditError('AUDIT_REPORT_TOO_LARGE', `more than ${most} events`)

const among = (selection: EventSelection, { kinds }: Recipe): EventSelection => {
  if (kinds === undefined) return selection
  const ofKind: Condition = { column: 'kind', in: kinds }
  const { where } = selection
  return { ...selection, where: where === undefined ? ofKind : { and: [ofKind, where] } }
}

/**
 * Counts what the report would be made of, before anything is.
 * @throws {AuditError} AUDIT_REPORT_TOO_LARGE
 */
export const counted = async (
  store: ReadingStore,
  selection: EventSelection,
  { most, limit = Infinity }: Pick<Asked, 'most' | 'limit'>,
): Promise<Count> => {
  const found = await store.count({ ...selection, limit: most })
  // Fewer than these and yet more: the count was given up, and the report itself will tell.
  if (found.more && found.count >= most && limit > most) throw tooLarge(most)
  return found
}

/** The events in order, one page in memory. */
const toldIn = async function* (
  store: ReadingStore,
  selection: EventSelection,
  { order, limit = Infinity, most }: Asked,
): AsyncGenerator<Told, void, undefined> {
  let read = 0
  for await (const { rows } of pagesOf(store, { ...selection, order }, Math.min(limit, most + 1)))
    for (const row of rows) {
      read += 1
      if (read > most) throw tooLarge(most)
      yield toldOf(row)
    }
}

const countsTable = (
  caption: string,
  label: string,
  counts: readonly (readonly [Cell, number])[],
  { words, number }: Speech,
): Table => ({
  type: 'table',
  caption,
  columns: [
    { label, width: 3 },
    { label: words.columns.number, width: 1 },
  ],
  rows: counts.map(([cell, count]) => [cell, number(count)]),
})

const numbersOf = (tally: Tally, speech: Speech): readonly Block[] => {
  const { words } = speech
  const total: readonly [Cell, number] = [{ text: words.cover.total, bold: true }, tally.total()]
  const { success, failure, denied, unknown } = tally.outcomes
  const byOutcome: readonly (readonly [Cell, number])[] = [
    [{ text: words.outcomes.success, tone: 'success' }, success],
    [{ text: words.outcomes.failure, tone: 'failure' }, failure],
    [{ text: words.outcomes.denied, tone: 'denied' }, denied],
    [{ text: words.outcomes.unknown, tone: 'muted' }, unknown],
    total,
  ]
  const byKind = [...tally.kinds]
    .toSorted(([, one], [, other]) => other - one)
    .map(([kind, count]): readonly [Cell, number] => [wordFor(words.kinds, kind), count])
  return [
    countsTable(words.cover.byOutcome, words.columns.outcome, byOutcome, speech),
    countsTable(words.cover.byKind, words.columns.kind, [...byKind, total], speech),
    ...chartsOf(tally, speech),
  ]
}

/**
 * A report of events.
 * @throws {AuditError} AUDIT_REPORT_TOO_LARGE; else what the store rejects with.
 */
export const madeOfEvents = async (
  store: ReadingStore,
  asked: Asked,
  recipe: Recipe,
): Promise<Made> => {
  const { speech, limit } = asked
  const { words, number } = speech
  const selection = among(asked.selection, recipe)
  const found = await counted(store, selection, asked)
  const tally = tallyOf(speech)
  const afterwards = recipe.afterwards?.(speech)
  const rows = async function* (events: AsyncIterable<Told>): AsyncGenerator<readonly Cell[]> {
    for await (const told of events) {
      tally.add(told)
      afterwards?.see(told)
      yield* recipe.rows(told, speech)
    }
  }
  const body = async function* (): AsyncGenerator<Block, void, undefined> {
    const events = await peeked(toldIn(store, selection, asked))
    if (events === undefined) {
      yield { type: 'note', text: words.noEvents }
      return
    }
    const { timeline } = words.headings
    yield { type: 'heading', level: 1, text: timeline }
    const columns = recipe.columns(words)
    yield { type: 'table', caption: timeline, columns, rows: rows(events) }
    if (afterwards !== undefined) yield* afterwards.blocks()
  }
  return {
    body: body(),
    events: tally.total,
    facts: () => [{ name: words.cover.facts.events, value: number(tally.total()) }],
    numbers: () => numbersOf(tally, speech),
    marks: () => tally.marks,
    cut: () => {
      if (limit === undefined || tally.total() < limit) return { count: 0, atLeast: false }
      // Of more than were counted one is certain.
      const count = Math.max(0, found.count + Number(found.more) - limit)
      return { count, atLeast: found.more }
    },
  }
}
