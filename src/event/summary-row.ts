import type { Columns } from './row.ts'

export interface SummaryQuery {
  /** Earliest `occurredAt`, included, in ms. */
  readonly from: number
  /** Latest `occurredAt`, not included; after `from`, and 366 days after it at most. */
  readonly to: number
  /** null asks for events without a tenant; undefined for those of all. */
  readonly tenant?: string | null | undefined
  readonly actorId?: string | undefined
  readonly actorType?: Columns['actorType'] | undefined
  /** Most rows of each of the parts `actor`, `action` and `route`, from 1 to 1,000. */
  readonly top: number
}

/**
 * One count. The rows come in no particular order; `all`, `request` and `issue` are one row each, of
 * the others there are none when there is nothing to count. By `part`, of the events that the query
 * asks for:
 *
 * - `all`: every event.
 * - `request`: events of that kind, with the percentiles of `data.durationMs` (nearest rank, of those
 *   that are numbers from 0 to 1e15).
 * - `deed`: by what was done. `name` is `create`, `update` or `delete` (kind `change`, the last part
 *   of the action), `view` (kind `access`), `login` (that action of kind `auth`), `export` or
 *   `download` (actions `export` and `export.download` of kind `export`) or `error` (`system.error`).
 * - `day`: `name` is the number of the day since 1970, UTC.
 * - `actor`: `name` is the id, `detail` the type. Those with most events; of as many, by `name` and
 *   then `detail`, bytewise, null last.
 * - `action`: `name` is the action, `detail` the kind. The same.
 * - `route`: of requests; `name` is the route, `detail` the method, with percentiles. The same.
 * - `process`: `name` is a state, `total` how many processes (target type `process`, by tenant and
 *   id) are in it at `to` that have an event here. Their earlier events, and those of others, count
 *   for the state. `foldProcess` of `event/process.ts` is the rule.
 * - `issue`: `name` is `open`, `total` how many issues (target type `issue`, by tenant and id) are
 *   open at `to`, whenever they occurred; with an actor, of those alone of which an event that
 *   `decides` (`event/issue.ts`) is the actor's. The last such event before `to` has the word.
 *
 * `process` and `issue` have no outcome: those counts are 0.
 */
export interface SummaryRow {
  readonly part:
    | 'all'
    | 'request'
    | 'deed'
    | 'day'
    | 'actor'
    | 'action'
    | 'route'
    | 'process'
    | 'issue'
  readonly name: string | null
  readonly detail: string | null
  readonly total: number
  readonly success: number
  readonly failure: number
  readonly denied: number
  readonly unknown: number
  /** In ms; null when no duration is known. */
  readonly p50: number | null
  readonly p95: number | null
}
