import type { StoredRow } from '../../event/row.ts'
import type { Condition } from '../../event/condition.ts'
import type { Position } from '../../ports/store.ts'
import { ambient } from '../../runtime/ambient.ts'
import { afterOf, cursorOf } from '../cursor.ts'
import { cursor, order, textOrNull, time, type Wanted, wholeFrom } from '../parameters.ts'
import type { Reading } from '../reading.ts'
import { askForNeeds, type Partly, type Recipe, viewOf, viewsOf } from './thing.ts'

/** Events that are read of one thing, where nobody says how many. */
export const MOST = 1_000

/** What is asked of a list of things. */
export interface ListOptions {
  /**
   * Whose things they are; null for those of no tenant. Things of two tenants are two things, whatever
   * their ids. @default those of all tenants
   */
  readonly tenant?: string | null | undefined
  /** The last event of a thing is not before this, in ms since 1970 UTC, or as a Date. @default any time */
  readonly from?: number | Date | undefined
  /**
   * Things are shown as they stood then: no event at this time, or after, is looked at. What a list was
   * begun with holds for all of its pages. @default now
   */
  readonly to?: number | Date | undefined
  /** By the last event of each. @default 'newest' */
  readonly order?: 'newest' | 'oldest' | undefined
  /** Most things of a page, from 1 to 100. @default 20 */
  readonly limit?: number | undefined
  /** `next` of the page before, as it came, with the same options. @default the first page */
  readonly next?: string | null | undefined
  /**
   * Most events that are read of one thing, the newest, from 1 to 100,000: what is shown of one that has
   * more says `partial`. @default 1_000
   */
  readonly most?: number | undefined
}

export const listParameters: Readonly<Record<keyof ListOptions, Wanted>> = {
  tenant: textOrNull,
  from: time,
  to: time,
  order,
  limit: wholeFrom(1, 100),
  next: cursor,
  most: wholeFrom(1, 100_000),
}

/** Which of the things are listed. */
export interface Choice<View> {
  /** Actions of the event that finds a thing: an index knows these. @default all of the kind */
  readonly actions?: readonly string[] | undefined
  /** What else that event is like. */
  readonly where?: Condition | undefined
  /** Among which events of the thing it is the last. */
  readonly among?: Condition | undefined
  /** What a cursor of the list is bound to, besides what is asked of every list. */
  readonly asked?: readonly unknown[] | undefined
  readonly keep?: ((view: View) => boolean) | undefined
}

/** What every page of a list tells besides the things. */
export interface Listing {
  /** Where the next page starts, safe in a URL; null when this was the last. */
  readonly next: string | null
  /**
   * Some events before `to`, of these tenants, lie in the archive: a thing of which all do is not
   * listed, and others are made of the rest. See `withArchive` of `edge-audit/archive`.
   */
  readonly archived?: true
}

interface Listed<View> extends Listing {
  readonly views: readonly Partly<View>[]
}

/** As many are read at once: a Worker has six connections (Cloudflare's limit), and a pool ten. */
const ABREAST = 4

const abreast = async <Item, Made>(
  items: readonly Item[],
  make: (item: Item) => Promise<Made>,
): Promise<readonly Made[]> => {
  const made: Made[] = []
  for (let start = 0; start < items.length; start += ABREAST)
    made.push(...(await Promise.all(items.slice(start, start + ABREAST).map(make))))
  return made
}

const begun = /^(-?\d{1,16})\.(.+)$/s

/**
 * A thing that has another event moves to the front, past a cursor that goes the other way. So a list
 * ends where it was begun to be read, and its cursor remembers when that was.
 */
const startOf = (
  { to, next }: ListOptions,
  questionTo: (to: number) => string,
  audit: Reading,
): { readonly to: number; readonly question: string; readonly after: Position | undefined } => {
  const [, written, rest] = (typeof next === 'string' && begun.exec(next)) || []
  // What happened this very millisecond has happened.
  const end = Number(to ?? written ?? ambient.now() + 1)
  const question = questionTo(end)
  return { to: end, question, after: afterOf(rest ?? next, question, audit) }
}

/**
 * Lists things by the last of their events: `lastOf` finds those, an index at a time, and each is then
 * folded from its own.
 * @throws {AuditError} AUDIT_QUERY_INVALID, naming the parameter; else what the store rejects with.
 */
export const listOf = async <View extends object>(
  audit: Reading,
  recipe: Recipe<View>,
  options: ListOptions,
  { actions, where, among, asked = [], keep = () => true }: Choice<View>,
  env: unknown,
): Promise<Listed<View>> => {
  askForNeeds(recipe, audit)
  const { tenant: whose, order: along = 'newest', limit = 20, most = MOST } = options
  const { kind, targetType } = recipe
  const from = options.from === undefined ? undefined : Number(options.from)
  const questionTo = (to: number): string =>
    JSON.stringify([kind, { tenant: whose, from, to, order: along, asked }])
  const { to, question, after } = startOf(options, questionTo, audit)
  const before: Condition = { column: 'occurredAt', to }
  // What the index does not know is looked at here: a database that is told more of what goes together
  // anyway, such as kind and action, expects next to nothing, and reads all before it gives the first.
  const by: Condition =
    actions === undefined ? { column: 'kind', in: [kind] } : { column: 'action', in: actions }
  const source = audit.store(env)
  const { rows, next } = await source.page({
    tenant: whose,
    from,
    to,
    order: along,
    limit,
    after,
    kinds: [kind],
    where: {
      and: [
        by,
        ...(where === undefined ? [] : [where]),
        { lastOf: { and: [before, ...(among === undefined ? [] : [among])] } },
      ],
    },
  })
  const found = rows.filter((row) => row.kind === kind && row.targetType === targetType)
  const { scan } = source
  const folded =
    scan === undefined
      ? abreast(found, async (row: StoredRow) => {
          const { tenant, targetId } = row
          return targetId === null
            ? undefined
            : viewOf(source, recipe, { tenant, targetId, to }, most, row)
        })
      : viewsOf(scan, recipe, to, most, found)
  const [shown, isArchived] = await Promise.all([folded, source.isArchived({ tenant: whose, to })])
  return {
    views: shown.flatMap((view) => (view !== undefined && keep(view) ? [view] : [])),
    next: next && `${to}.${cursorOf(next, question, audit)}`,
    ...(isArchived && { archived: true }),
  }
}
