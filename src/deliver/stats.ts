/** What became of the events, since the start. `captured = stored + deadLettered + lost + pending`. */
export interface Stats {
  /** Events that were captured and are to be stored. */
  readonly captured: number
  readonly stored: number
  /** Events that were tried again, counted once for each further attempt. */
  readonly retried: number
  readonly deadLettered: number
  readonly lost: number
  /** Captured, and not at an end yet. */
  readonly pending: number
  /** Request events that sampling left out. */
  readonly sampledOut: number
  /** Events that `skip` left out. */
  readonly skipped: number
  /** Events that a dry run only showed. */
  readonly dryRun: number
}

export type Counters = { -readonly [Name in Exclude<keyof Stats, 'pending'>]: number }

export const counters = (): Counters => ({
  captured: 0,
  stored: 0,
  retried: 0,
  deadLettered: 0,
  lost: 0,
  sampledOut: 0,
  skipped: 0,
  dryRun: 0,
})

export const statsOf = (counts: Counters): Stats => ({
  ...counts,
  pending: counts.captured - counts.stored - counts.deadLettered - counts.lost,
})
