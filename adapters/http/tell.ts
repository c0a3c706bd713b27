import type { Outcome } from '../../src/event/schema.ts'
import type { EventInput } from '../../src/input.ts'
import { property } from '../../src/runtime/ambient.ts'
import { queryOf } from './parse.ts'

// That somebody read the trail is itself in the trail. These events are recorded in so many words, so
// no rule of the app leaves them out, and nothing in a request decides over them.

/** What a request reads, for its event. */
export interface Reads {
  /** Of many things at once, or of one. */
  readonly kind: 'list' | 'view' | 'export' | 'resolve'
  /** `audit.event`, `audit.process` … */
  readonly type: string
}

/** How the request came out. */
export interface Came {
  readonly outcome: Outcome
  /** Why it was refused. */
  readonly refused?: string | undefined
  readonly count?: number | undefined
  readonly error?: unknown
}

/** What was asked, as it stands in the URL; the redactor sees it before anything else does. */
export const askedFor = (url: string): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    [...queryOf(url)].map(([name, all]) => [name, all.length === 1 ? all[0] : all]),
  )

const actions = {
  list: 'list',
  view: 'view',
  export: 'export.start',
  // None that decides over an issue: it was refused.
  resolve: 'issue.resolve',
} as const

/** The event of a request that reads, or that was not let. */
export const readingEvent = (
  { kind, type }: Reads,
  { id, url }: { readonly id: string | undefined; readonly url: string },
  { outcome, refused, count, error }: Came,
): EventInput => ({
  kind: kind === 'export' ? 'export' : 'access',
  action: actions[kind],
  outcome,
  target: { type, id: id ?? '*' },
  data: { count, filter: askedFor(url), refused },
  error,
})

/** How an answer of this status came out. */
export const outcomeOfStatus = (status: number): Outcome => {
  if (status < 400) return 'success'
  return status === 401 || status === 403 || status === 429 ? 'denied' : 'failure'
}

/** An HTTPException of 401 or 403 is a denial, too. */
export const outcomeOfThrown = (thrown: unknown): Outcome => {
  const status = property(thrown, 'status')
  return typeof status === 'number' ? outcomeOfStatus(Math.max(400, status)) : 'failure'
}
