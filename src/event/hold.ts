import type { Condition } from './condition.ts'
import { meets } from './meets.ts'
import type { StoredRow } from './row.ts'

/** Which events a legal hold covers: those that are all of this. What is undefined is of any. */
export interface HoldScope {
  /** null for events without a tenant. */
  readonly tenant?: string | null | undefined
  readonly actor?: string | undefined
  /** Any of the targets of an event. */
  readonly target?: { readonly type: string; readonly id?: string | undefined } | undefined
  /** Earliest `occurredAt`, included, in ms. */
  readonly from?: number | undefined
  /** Latest `occurredAt`, not included, in ms. */
  readonly to?: number | undefined
}

export const coveredBy = ({ tenant, actor, target, from, to }: HoldScope): Condition => ({
  and: [
    ...(tenant === undefined ? [] : [{ column: 'tenant', in: [tenant] } as const]),
    ...(actor === undefined ? [] : [{ column: 'actorId', in: [actor] } as const]),
    ...(target === undefined
      ? []
      : [
          {
            some: 'targets',
            type: target.type,
            ids: target.id === undefined ? undefined : [target.id],
          } as const,
        ]),
    ...(from === undefined && to === undefined
      ? []
      : [{ column: 'occurredAt', from, to } as const]),
  ],
})

/** Whether any of them covers the event. */
export const isHeld = (row: StoredRow, holds: readonly HoldScope[]): boolean =>
  holds.some((hold) => meets(row, coveredBy(hold)))
