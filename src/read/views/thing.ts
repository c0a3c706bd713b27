import type { StoredRow } from '../../event/row.ts'
import type { AuditEvent, Kind } from '../../event/schema.ts'
import type { PageFilter, ReadingStore, Scan } from '../../ports/store.ts'
import { eventOf, type StoredEvent } from '../event.ts'
import { refuse } from '../parameters.ts'
import type { Reading } from '../reading.ts'
import { newestOf } from '../newest.ts'
import { upTo } from '../pages.ts'

/** There when the thing has more events than are read: what is shown is made of the newest. */
export type Partly<View> = View & { readonly partial?: true }

/** Which things are shown, and how their events are folded. */
export interface Recipe<View> {
  readonly kind: Kind
  readonly targetType: string
  readonly fold: (events: readonly AuditEvent[]) => View | undefined
  /** What of an event decides the state: a reader that is not shown it would be told a wrong one. */
  readonly needs: readonly string[]
}

/** @throws {AuditError} AUDIT_QUERY_INVALID, naming what the reader is not shown. */
export const askForNeeds = ({ needs }: Pick<Recipe<unknown>, 'needs'>, audit: Reading): void => {
  const hidden = needs.find((path) => audit.shows?.(path) === false)
  if (hidden !== undefined) refuse(hidden, 'something that this reader is shown')
}

export interface Thing extends Pick<PageFilter, 'tenant'> {
  readonly targetId: string
  /** It is shown as it stood then. */
  readonly to?: number | undefined
}

/** `found` is an event that is known to be of weight, however long ago it was. */
const viewIn = <View extends object>(
  fold: Recipe<View>['fold'],
  events: StoredEvent[],
  isWhole: boolean,
  found: StoredRow | undefined,
): Partly<View> | undefined => {
  if (isWhole) return fold(events)
  if (found !== undefined && !events.some(({ id }) => id === found.id)) events.push(eventOf(found))
  const view = fold(events)
  return view && { ...view, partial: true }
}

/** Folds the events of one thing, the newest of them where there are more than `most`. */
export const viewOf = async <View extends object>(
  source: ReadingStore,
  { kind, targetType, fold }: Recipe<View>,
  thing: Thing,
  most: number,
  found?: StoredRow,
): Promise<Partly<View> | undefined> => {
  const events: StoredEvent[] = []
  // An index finds the thing, and no index the kind besides: to ask for that too takes a store three
  // statements, and what is about a process or an issue is of its kind.
  const rest = await upTo(source, { targetType, kinds: [kind], ...thing }, most, (row) => {
    if (row.kind === kind) events.push(eventOf(row))
  })
  return viewIn(fold, events, rest === undefined, found)
}

/** By which things of a type are told apart: ids of two tenants may be the same. */
export type Key = Pick<StoredRow, 'tenant' | 'targetId'>

export const keyOf = ({ tenant, targetId }: Key): string => JSON.stringify([tenant, targetId])

/** The same of several things, each by an event that was found of it, in one look at all events. */
export const viewsOf = async <View extends object>(
  scan: Scan,
  { kind, targetType, fold }: Recipe<View>,
  to: number,
  most: number,
  found: readonly StoredRow[],
): Promise<readonly (Partly<View> | undefined)[]> => {
  if (found.length === 0) return []
  const things = new Map(found.map((row) => [keyOf(row), newestOf(most)]))
  for await (const rows of scan({ targetType, to, kinds: [kind], about: found }))
    for (const row of rows) things.get(keyOf(row))?.add(row)
  return found.map((row) => {
    const newest = things.get(keyOf(row)) ?? newestOf(most)
    const events = newest.rows().filter((one) => one.kind === kind)
    return viewIn(fold, events.map(eventOf), newest.count() <= most, row)
  })
}
