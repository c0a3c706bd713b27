import type { SQL } from 'drizzle-orm'
import { sql } from 'drizzle-orm'
import type { StoredRow } from '../../../src/event/row.ts'
import type { Condition } from '../../../src/event/condition.ts'
import type {
  Count,
  CountQuery,
  EventSelection,
  Page,
  PageQuery,
  Position,
} from '../../../src/ports/store.ts'
import { checkCount, checkQuery, pageOf } from '../paging.ts'
import {
  isBounded,
  isNear,
  isPlain,
  keyOf,
  keysOf,
  plain,
  type Reach,
  restOf,
  type Selecting,
  type Stretch,
} from './arm.ts'
import { archivedIn } from '../keep/where.ts'
import { allOf, isExact } from './condition.ts'
import { meets } from '../../../src/event/meets.ts'
import { type Asked, askedOf, type Index, indexFor, inTime } from './plan.ts'
import { seeksOf } from './seeks.ts'
import { idsByText } from './text.ts'
import type { Found, QueryRunner, QueryWords } from './words.ts'

// A page never reads more events than `scan`. Where the index finds what is asked for, it reads just
// those of the page. Elsewhere it first reads up to a place that is near, in one statement; and if that
// was not enough, it asks where `scan` events end and reads up to there. What others append meanwhile
// lies on either side of a place, so nothing is passed over and nothing is told twice.

const NEAR = 1_000

const SCAN = 100_000

type Runner = QueryRunner<StoredRow>

const everywhere = (asked: Asked, index: Index, stretch: Stretch, words: QueryWords): Reach => ({
  words,
  index,
  seeks: [{ tenant: undefined, values: [] }],
  stretch,
  rest: restOf(asked, index, words),
})

/** Undefined where nothing can be found. */
const reachOf = async (
  selection: EventSelection,
  stretch: Stretch,
  runner: Runner,
): Promise<Reach | undefined> => {
  const { words } = runner
  const asked = askedOf(selection)
  if ([...asked.columns.values()].some((values) => values.length === 0)) return undefined
  const ids = await idsByText(asked, runner)
  if (ids !== undefined) return everywhere(asked, { ...inTime(false), ids }, stretch, words)
  for (const index of [indexFor(asked), inTime(asked.columns.has('tenant'))]) {
    const seeks = await seeksOf(asked, index, runner)
    if (seeks?.length === 0) return undefined
    if (seeks !== undefined)
      return { words, index, seeks, stretch, rest: restOf(asked, index, words) }
  }
  return everywhere(asked, inTime(false), stretch, words)
}

const at = sql.raw('audit_events.occurred_at')
const id = sql.raw('audit_events.id')

const orderOf = ({ direction }: Stretch) => {
  const along = sql.raw(` ${direction}`)
  return [sql`${at}${along}`, sql`${id}${along}`]
}

const keyIn = (reach: Reach) => sql.raw(`audit_events.${keyOf(reach)}`)

const isAmong = (reach: Reach, selecting: Selecting) =>
  reach.words.among(keyIn(reach), keysOf(reach, selecting))

interface Reading {
  readonly runner: Runner
  /** Rows, one more than the page has, to see whether there are more. */
  readonly limit: number
  readonly also: SQL | undefined
}

const read = (
  reach: Reach,
  { runner, limit, also }: Reading,
  near?: number,
): Promise<Found<StoredRow>> => {
  const { stretch, rest } = reach
  const rows = (where: SQL, order: readonly SQL[]) =>
    runner.rows(sql`where ${where} order by ${sql.join([...order], sql`, `)} limit ${limit}`, also)
  if (!isPlain(reach)) return rows(isAmong(reach, { filtered: true, limit }), orderOf(stretch))
  const { conditions, order } = plain(reach)
  const all = rest === undefined ? [...conditions] : [...conditions, rest]
  if (near !== undefined) all.push(isNear(reach, near))
  return rows(allOf(all), order)
}

/** The place at which so many events have been looked at; undefined where there are fewer. */
const placeAfter = async (
  reach: Reach,
  runner: Runner,
  scan: number,
): Promise<Position | undefined> => {
  const { words, seeks, stretch, index } = reach
  const arms = seeks.length * (index.target === undefined ? 1 : 2)
  const offset = Math.max(0, Math.floor(scan / arms) - 1)
  // Of several the one that is met first: beyond it some events have not been looked at.
  const nearest = sql`select ${words.msOf(at)} as at, ${id} as id from audit_events
    where ${isAmong(reach, { filtered: false, limit: 1, offset })}
    order by ${sql.join(orderOf(stretch), sql`, `)} limit 1`
  const [found] = await runner.values(nearest, ['at', 'id'])
  return found === undefined ? undefined : { occurredAt: Number(found[0]), id: String(found[1]) }
}

const stretchOf = ({ from, to, after, order }: Omit<PageQuery, 'limit'>): Stretch => ({
  from,
  to,
  after,
  direction: order === 'oldest' ? 'asc' : 'desc',
})

const madeOf = ({ rows, also }: Found<StoredRow>, limit: number): Page => ({
  ...pageOf(rows, limit),
  ...(also !== undefined && { archived: Number(also) > 0 }),
})

const readPage = async (query: PageQuery, runner: Runner): Promise<Page> => {
  const { limit, scan = SCAN } = query
  const reach = await reachOf(query, stretchOf(query), runner)
  if (reach === undefined) return { rows: [], next: null }
  const also = query.archived === true ? archivedIn(query, runner.words) : undefined
  const reading = { runner, limit: limit + 1, also }
  if (isBounded(reach)) return madeOf(await read(reach, reading), limit)
  if (scan > NEAR && isPlain(reach)) {
    const found = await read(reach, reading, NEAR)
    if (found.rows.length > limit) return madeOf(found, limit)
  }
  const until = await placeAfter(reach, runner, scan)
  const stretch = { ...reach.stretch, until }
  const page = madeOf(await read({ ...reach, stretch }, reading), limit)
  return page.next === null && until !== undefined ? { ...page, next: until } : page
}

/** Reads a page. What the database only narrowed down is decided here, so a page may come out short. */
export const pageFrom = async (query: PageQuery, runner: Runner): Promise<Page> => {
  checkQuery(query)
  const { where } = query
  const page = await readPage(query, runner)
  if (where === undefined || isExact(where)) return page
  return { ...page, rows: page.rows.filter((row) => meets(row, where)) }
}

/** Counts as far as `limit` and `scan` go. */
export const countFrom = async (query: CountQuery, runner: Runner): Promise<Count> => {
  checkCount(query)
  const { limit, scan = SCAN, where } = query
  if (where !== undefined && !isExact(where)) return countPages(query, where, runner)
  const reach = await reachOf(query, stretchOf(query), runner)
  if (reach === undefined) return { count: 0, more: false }
  const filtered = isBounded(reach)
  const most = filtered ? limit + 1 : scan
  const fits = (filtered ? undefined : reach.rest) ?? sql`true`
  const [[fit, all] = []] = await runner.values(
    sql`select count(case when ${fits} then 1 end) as fit, count(*) as looked
      from audit_events where ${keyIn(reach)} in (${keysOf(reach, { filtered, limit: most })})`,
    ['fit', 'looked'],
  )
  const count = Number(fit)
  const ended = !filtered && Number(all) >= most
  return { count: Math.min(count, limit), more: count > limit || ended }
}

/** Rows of a page that is read to be counted. */
const COUNTED = 1_000

/** Where the database only narrows down what is asked for, rows are read, and the others left out. */
const countPages = async (
  { limit, scan = SCAN, ...selection }: CountQuery,
  where: Condition,
  runner: Runner,
): Promise<Count> => {
  let count = 0
  let after: Position | undefined
  let left = scan
  do {
    const page = await readPage({ ...selection, limit: COUNTED, scan: left, after }, runner)
    count += page.rows.filter((row) => meets(row, where)).length
    after = page.next ?? undefined
    // One that is not full has looked at all that it might.
    left -= page.rows.length < COUNTED ? left : COUNTED
  } while (after !== undefined && count <= limit && left > 0)
  return { count: Math.min(count, limit), more: count > limit || after !== undefined }
}
