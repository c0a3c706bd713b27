import type { StoredRow } from '../../event/row.ts'
import type { AuditEvent, Kind } from '../../event/schema.ts'
import type { PageFilter, ReadingStore } from '../../ports/store.ts'
import { eventOf, type StoredEvent } from '../event.ts'
import { refuse } from '../parameters.ts'
import type { Reading } from '../reading.ts'
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

/**
 * Folds the events of one thing, the newest of them where there are more than `most`. `found` is one
 * that is known to be of weight, however long ago it was.
 */
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
  const rest = await upTo(source, { targetType, ...thing }, most, (row) => {
    if (row.kind === kind) events.push(eventOf(row))
  })
  if (rest === undefined) return fold(events)
  if (found !== undefined && !events.some(({ id }) => id === found.id)) events.push(eventOf(found))
  const view = fold(events)
  return view && { ...view, partial: true }
}
