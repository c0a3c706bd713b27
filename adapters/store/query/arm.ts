import type { SQL } from 'drizzle-orm'
import { sql } from 'drizzle-orm'
import type { FilterColumn } from '../../../src/event/condition.ts'
import type { EventSelection, Position } from '../../../src/ports/store.ts'
import { allOf, columnIn, columnOf, conditionOf } from './condition.ts'
import type { Asked, Index } from './plan.ts'
import type { Direction, QueryWords, Seek, SeekTerms } from './words.ts'

const EVENTS = 'audit_events'
const FURTHER = 'audit_event_targets'

/** The part of the order of time that is read: from the place after one to the place of the other. */
export interface Stretch extends Pick<EventSelection, 'from' | 'to'> {
  readonly direction: Direction
  /** Not included. */
  readonly after?: Position | undefined
  /** Included. */
  readonly until?: Position | undefined
}

/** All that a statement needs to know of what is read. */
export interface Reach {
  readonly words: QueryWords
  readonly index: Index
  readonly seeks: readonly Seek[]
  readonly stretch: Stretch
  /** What is looked at row by row; undefined where the index finds what is asked for. */
  readonly rest: SQL | undefined
}

/** What the index does not find. */
export const restOf = (
  { columns, others }: Asked,
  index: Index,
  words: QueryWords,
): SQL | undefined => {
  const settled = (column: FilterColumn): boolean =>
    index.settles.includes(column) || (index.byTenant && column === 'tenant')
  const rest = [
    ...[...columns].flatMap(([column, values]) =>
      settled(column) ? [] : [columnIn(columnOf(EVENTS, column), values, words)],
    ),
    ...others
      .filter((one) => one !== index.target && one !== index.begins)
      .map((one) => conditionOf(one, words, EVENTS)),
  ]
  return rest.length === 0 ? undefined : allOf(rest)
}

const equal = (column: SQL, value: SQL | null): SQL =>
  value === null ? sql`${column} is null` : sql`${column} = ${value}`

const within = (at: SQL, id: SQL, words: QueryWords, stretch: Stretch): readonly SQL[] => {
  const { from, to, after, until, direction } = stretch
  const [beyond, before] =
    direction === 'asc' ? [sql.raw('>'), sql.raw('<=')] : [sql.raw('<'), sql.raw('>=')]
  const place = ({ occurredAt, id }: Position): SQL => sql`(${words.timeOf(occurredAt)}, ${id})`
  return [
    ...(from === undefined ? [] : [sql`${at} >= ${words.timeOf(from)}`]),
    ...(to === undefined ? [] : [sql`${at} < ${words.timeOf(to)}`]),
    ...(after === undefined ? [] : [sql`(${at}, ${id}) ${beyond} ${place(after)}`]),
    ...(until === undefined ? [] : [sql`(${at}, ${id}) ${before} ${place(until)}`]),
  ]
}

/** Where the events of a seek are read, and in which order. */
interface Place {
  readonly from: SQL
  readonly conditions: readonly SQL[]
  readonly order: readonly SQL[]
}

const placeOf = ({ words, index, stretch }: Reach, terms: SeekTerms, of: string): Place => {
  const isMore = of !== EVENTS
  const at = columnOf(of, 'occurredAt')
  const id = isMore ? sql.raw(`${of}.event_id`) : columnOf(of, 'id')
  const columns = index.target === undefined ? index.columns : (['targetType', 'targetId'] as const)
  const tenant = columnOf(of, 'tenant')
  const along = sql.raw(` ${stretch.direction}`)
  const { tenant: whose } = terms
  return {
    from: isMore
      ? sql.raw(`${FURTHER} as ${of} join ${EVENTS} on ${EVENTS}.id = ${of}.event_id`)
      : sql.raw(EVENTS),
    conditions: [
      ...(whose === undefined ? [] : [equal(tenant, whose)]),
      ...columns.map((column, place) =>
        words.rare(equal(columnOf(of, column), terms.values[place] ?? null)),
      ),
      ...(index.only === undefined ? [] : [sql.raw(index.only)]),
      ...(index.ids === undefined ? [] : [sql`${id} in (${index.ids})`]),
      ...within(at, id, words, stretch),
    ],
    // PostgreSQL does not see that `is null` leaves one value, and would sort what lies in order.
    order: [
      ...(whose === null ? [sql`${tenant}${along}`] : []),
      sql`${index.ids === undefined ? at : words.unindexed(at)}${along}`,
      sql`${id}${along}`,
    ],
  }
}

/** A seek that is asked for by itself, with its values as they are. */
export const alone = ({ tenant, values }: Seek): SeekTerms => ({
  tenant: tenant === undefined ? undefined : tenant === null ? null : sql`${tenant}`,
  values: values.map((value) => sql`${value}`),
})

/** Whether what is found is all that is looked at, or few enough to look at them all. */
export const isBounded = ({ rest, index }: Reach): boolean =>
  rest === undefined || index.ids !== undefined

/** Whether one look at `audit_events` reads it all. */
export const isPlain = ({ index, seeks }: Reach): boolean =>
  index.target === undefined && seeks.length === 1

/** The condition and the order of a plain reach. */
export const plain = (reach: Reach): Omit<Place, 'from'> => {
  const [seek] = reach.seeks
  return placeOf(reach, alone(seek ?? { tenant: undefined, values: [] }), EVENTS)
}

/** The column by which rows are found: further targets know the ids of their events alone. */
export const keyOf = ({ words, index }: Reach): 'rowid' | 'id' =>
  index.target === undefined ? words.key : 'id'

/** Those of no tenant apart: an index finds them by `is null`. */
const alike = (seeks: readonly Seek[]): readonly (readonly Seek[])[] =>
  [
    seeks.filter(({ tenant }) => tenant !== null),
    seeks.filter(({ tenant }) => tenant === null),
  ].filter((some) => some.length > 0)

export interface Selecting {
  /** Those alone that are asked for; else all that the index finds. */
  readonly filtered: boolean
  readonly limit: number
  readonly offset?: number
}

/** The keys of the first events of each seek. */
export const keysOf = (reach: Reach, { filtered, limit, offset = 0 }: Selecting): SQL => {
  const { words, index, seeks, rest } = reach
  const select = (terms: SeekTerms, of: string): SQL => {
    const { from, conditions, order } = placeOf(reach, terms, of)
    const all = filtered && rest !== undefined ? [...conditions, rest] : conditions
    const skipped = offset === 0 ? sql`` : sql` offset ${offset}`
    // The further targets name their event: where no more is asked of it, it need not be looked up.
    const isNamed = of !== EVENTS && all === conditions
    const selected = isNamed
      ? sql.raw(`select ${of}.event_id as place from ${FURTHER} as ${of}`)
      : sql`select ${sql.raw(`${EVENTS}.${keyOf(reach)}`)} as place from ${from}`
    return sql`${selected} where ${allOf(all)}
      order by ${sql.join([...order], sql`, `)} limit ${limit}${skipped}`
  }
  const arm = (terms: SeekTerms): SQL =>
    index.target === undefined
      ? select(terms, EVENTS)
      : sql`select place from (${select(terms, EVENTS)}) as first
        union all select place from (${select(terms, 'more')}) as others`
  const [seek] = seeks
  return seeks.length === 1 && seek !== undefined
    ? arm(alone(seek))
    : sql.join(
        alike(seeks).map((some) => words.each(some, keyOf(reach), arm)),
        sql` union all `,
      )
}

/** That an event is no further than so many after the start of a plain reach. */
export const isNear = (reach: Reach, most: number): SQL => {
  const { words, stretch } = reach
  const { conditions, order } = plain(reach)
  const [at, id] = [columnOf(EVENTS, 'occurredAt'), columnOf(EVENTS, 'id')]
  const place = (column: SQL): SQL => sql`(select ${column} from ${sql.raw(EVENTS)}
    where ${allOf(conditions)} order by ${sql.join([...order], sql`, `)} limit 1 offset ${most})`
  // Where there are fewer, all are. By time and id, for many events may be of one time.
  const [before, end] = stretch.direction === 'asc' ? ['<=', words.last] : ['>=', words.first]
  return sql`(${at}, ${id}) ${sql.raw(before)} (coalesce(${place(at)}, ${end}), coalesce(${place(id)}, ''))`
}
