import type { SQL } from 'drizzle-orm'
import type { Condition, FilterColumn, PartyCondition } from '../../../src/event/condition.ts'
import { conjuncts } from '../../../src/event/bounds.ts'
import type { EventSelection } from '../../../src/ports/store.ts'
import { filters } from '../../../src/event/columns.ts'

type Values = readonly (string | number | null)[]

/** What a selection asks for, taken apart: what an index may find, and what is looked at row by row. */
export interface Asked {
  /** By column, what it may have; of no values nothing is found. */
  readonly columns: ReadonlyMap<FilterColumn, Values>
  readonly others: readonly Condition[]
}

export const askedOf = ({ where, ...selection }: EventSelection): Asked => {
  const equal = filters.flatMap((column): Condition[] => {
    const value = selection[column]
    return value === undefined ? [] : [{ column, in: [value] }]
  })
  const columns = new Map<FilterColumn, Values>()
  const others: Condition[] = []
  for (const condition of [...equal, ...(where === undefined ? [] : conjuncts(where))]) {
    if ('column' in condition && 'in' in condition) {
      const before = columns.get(condition.column)
      const both = before?.filter((value) => condition.in.includes(value)) ?? condition.in
      columns.set(condition.column, [...new Set(both)])
    } else others.push(condition)
  }
  return { columns, others }
}

/** A way to find events in the order of time. */
export interface Index {
  readonly columns: readonly FilterColumn[]
  /** What is found by it has in these columns what is asked for, so that they need not be looked at. */
  readonly settles: readonly FilterColumn[]
  /** It begins with the tenant. */
  readonly byTenant: boolean
  /** What must be said word for word, for it holds these events alone. */
  readonly only?: string
  /** It finds the events about a thing, be it their first target or another. */
  readonly target?: PartyCondition
  /** It finds the events by what stands in their records: few enough to be put in order. */
  readonly ids?: SQL
  /** It finds the actions that begin so. */
  readonly begins?: Condition & { readonly prefix: string }
}

/** More than so many are read in the order of time, and looked at one by one. */
export const mostSeeks = 64

const by = (columns: readonly FilterColumn[], more: Partial<Index> = {}): Index => ({
  columns,
  settles: columns,
  byTenant: true,
  ...more,
})

const failedLogins = by(['ip'], {
  settles: ['ip', 'kind', 'outcome'],
  byTenant: false,
  only: `kind = 'auth' and outcome = 'failure'`,
})

/** The index by time alone, of a tenant's events or of all. */
export const inTime = (byTenant: boolean): Index => by([], { byTenant })

/** The index that finds the fewest events, as far as can be told without asking. */
export const indexFor = ({ columns, others }: Asked): Index => {
  const seeks = (column: FilterColumn, not?: string): boolean => {
    const values = columns.get(column)
    return (
      values !== undefined &&
      values.length <= mostSeeks &&
      !values.some((value) => value === null || value === not)
    )
  }
  const is = (column: FilterColumn, value: string): boolean =>
    columns.get(column)?.length === 1 && columns.get(column)?.[0] === value
  if (seeks('requestId')) return by(['requestId'], { byTenant: false })
  if (seeks('ip') && is('kind', 'auth') && is('outcome', 'failure')) return failedLogins
  const target = others.find(
    (one): one is PartyCondition =>
      'some' in one &&
      one.some === 'targets' &&
      one.type !== undefined &&
      one.ids !== undefined &&
      one.ids.length <= mostSeeks,
  )
  if (target !== undefined) return by([], { target })
  if (seeks('targetType') && seeks('targetId')) return by(['targetType', 'targetId'])
  if (seeks('actorId')) return by(['actorId'])
  if (seeks('action')) return by(['action'])
  const begins = others.find(
    (one): one is Condition & { readonly prefix: string } =>
      'prefix' in one && 'column' in one && one.column === 'action',
  )
  if (begins !== undefined) return by(['action'], { settles: [], begins })
  if (seeks('outcome', 'success')) return by(['outcome'], { only: `outcome <> 'success'` })
  if (seeks('kind', 'request')) return by(['kind'], { only: `kind <> 'request'` })
  return inTime(columns.has('tenant'))
}
