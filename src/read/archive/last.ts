import type { Condition } from '../../event/condition.ts'
import { byTime, type Position } from '../../event/order.ts'
import type { StoredRow } from '../../event/row.ts'
import { conjuncts } from '../../event/bounds.ts'
import type { PageQuery, Scan } from '../../ports/store.ts'

// Whether an event is the last of its thing, a database tells among the live ones, and an object not at all.

type Asked = Pick<PageQuery, 'where' | 'tenant'>

const askedOf = ({ where }: Asked): readonly Condition[] =>
  where === undefined ? [] : conjuncts(where)

/** Among which events a row must be the last of its thing; none where that is not asked. */
const lastsIn = (query: Asked): readonly Condition[] =>
  askedOf(query).flatMap((one) => ('lastOf' in one ? conjuncts(one.lastOf) : []))

const thingOf = ({ tenant, kind, targetType, targetId }: StoredRow): string =>
  JSON.stringify([tenant, kind, targetType, targetId])

/** Whether the last events of things are asked for. */
export const isOfLasts = (query: Asked): boolean => lastsIn(query).length > 0

/** Of several rows of a thing the latest, where the last is asked for: no other one can be it. */
export const latestOfEach = (query: Asked, rows: readonly StoredRow[]): readonly StoredRow[] => {
  if (!isOfLasts(query)) return rows
  const latest = new Map<string, StoredRow>()
  for (const row of rows) {
    const thing = thingOf(row)
    const other = latest.get(thing)
    if (other === undefined || byTime(row, other) > 0) latest.set(thing, row)
  }
  return [...latest.values()]
}

/** The least time that no event of the conditions is at, or after. */
const endOf = (conditions: readonly Condition[]): number | undefined => {
  const ends = conditions.flatMap((one) =>
    'column' in one && one.column === 'occurredAt' && 'to' in one && one.to !== undefined
      ? [one.to]
      : [],
  )
  return ends.length === 0 ? undefined : Math.min(...ends)
}

/**
 * Leaves out what is not the last of its thing in all of the source, where that is asked for. All that
 * lies behind the earliest of the rows is looked through once.
 */
export const lastOnes = async (
  scan: Scan,
  query: Asked,
  rows: readonly StoredRow[],
): Promise<readonly StoredRow[]> => {
  const lasts = lastsIn(query)
  if (lasts.length === 0 || rows.length === 0) return rows
  const wanted = new Set(rows.map(thingOf))
  const types = new Set(rows.map(({ targetType }) => targetType))
  const [targetType] = types
  const last = new Map<string, Position>()
  for await (const some of scan({
    targetType: types.size === 1 ? targetType : undefined,
    from: Math.min(...rows.map(({ occurredAt }) => occurredAt)),
    to: endOf(lasts),
    where: { and: lasts },
    about: rows,
    kinds: [...new Set(rows.map(({ kind }) => kind))],
  })) {
    for (const row of some) {
      const thing = thingOf(row)
      const other = last.get(thing)
      if (wanted.has(thing) && (other === undefined || byTime(row, other) > 0)) last.set(thing, row)
    }
  }
  return rows.filter((row) => last.get(thingOf(row))?.id === row.id)
}
