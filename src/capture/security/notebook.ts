import type { RequestFacts } from '../../event/schema.ts'
import type { AnyContext } from '../../input.ts'
import { property } from '../../runtime/ambient.ts'
import type { Recorder, ScopeHandle } from '../scope.ts'
import { hitEvent, type Incident, type Judged, overflowEvent, tallyEvent } from './incident.ts'
import type { Look } from './look.ts'
import { createWindow, type Due } from './window.ts'

/** What is used of an audit. */
export interface SecurityAudit {
  readonly record: Recorder
  readonly tryScope?: (() => ScopeHandle | undefined) | undefined
}

export interface Keeping {
  readonly audit: SecurityAudit
  /** Milliseconds of a window, and how many are opened in the time of one. */
  readonly length: number
  readonly most: number
  readonly now: () => number
  readonly elapsed: () => number
  readonly tenant: ((c: AnyContext) => string | null | undefined) | undefined
  readonly onError: (where: string, error: unknown) => void
}

/** So many hits of one kind, in one request. */
export interface Noted {
  readonly judged: Judged
  readonly count: number
}

export interface Notebook {
  /** Records what is new of this request and counts the rest; records the windows that are over. */
  note(c: AnyContext, look: Pick<Look, 'address' | 'client'>, noted: readonly Noted[]): void
  /** Records all that was counted and not told. */
  flush(): void
}

const anonymous = { id: 'anonymous', type: 'anonymous' } as const

const isHandle = (value: unknown): value is ScopeHandle =>
  typeof property(value, 'record') === 'function' &&
  typeof property(value, 'requestId') === 'function'

const factsOf = (c: AnyContext, { address }: Pick<Look, 'address'>): Partial<RequestFacts> => ({
  ip: address?.ip,
  ipFrom: address?.from,
  method: c.req.method,
  path: c.req.path,
  userAgent: c.req.raw.headers.get('user-agent') ?? undefined,
})

/** Stands between what is found and what is recorded. */
export const createNotebook = (keeping: Keeping): Notebook => {
  const { audit, elapsed, length, now, onError } = keeping
  const window = createWindow<Incident>(length, keeping.most)

  /** The scope of this request: also where there is no async context, and above `audit.middleware()`. */
  const scopeOf = (c: AnyContext): ScopeHandle | undefined => {
    const known: unknown = audit.tryScope?.() ?? c.get('audit')
    return isHandle(known) ? known : undefined
  }

  const tenantOf = (c: AnyContext): string | null | undefined => {
    try {
      return keeping.tenant?.(c)
    } catch (error) {
      onError('tenant', error)
      return undefined
    }
  }

  const tell = ({ overflow, tallies }: Due<Incident>, { record }: { record: Recorder }): void => {
    for (const tally of tallies) record(tallyEvent(tally, length))
    if (overflow !== undefined) record(overflowEvent(overflow, length))
  }

  const note: Notebook['note'] = (c, look, noted) => {
    const at = elapsed()
    const due = window.due(at)
    if (noted.length === 0 && due.tallies.length === 0 && due.overflow === undefined) return
    const scope = scopeOf(c)
    const recorder = scope ?? audit
    tell(due, recorder)
    if (noted.length === 0) return
    const facts = factsOf(c, look)
    const tenant = tenantOf(c)
    const { method, path } = c.req
    const seen = { at: now(), id: scope?.requestId(), method, path: path.slice(0, 512) }
    const client = { ip: facts.ip, ipFrom: facts.ipFrom }
    for (const { count, judged } of noted) {
      const what: Incident = { ...judged, client, tenant }
      const { action, outcome, target } = judged.event
      // A slow route is slow for everybody; an attack is somebody's.
      const whose = target?.id ?? look.client ?? ''
      const key = JSON.stringify([judged.rule, action, outcome, whose, tenant])
      if (!window.add({ key, rule: judged.rule, what, seen, count }, at)) continue
      const event = hitEvent(what, { count, windowMs: length }, facts, seen.at)
      recorder.record(scope === undefined ? { ...event, actor: anonymous } : event)
    }
  }

  return {
    note: (c, look, noted) => {
      try {
        note(c, look, noted)
      } catch (error) {
        onError('security', error)
      }
    },
    flush: () => {
      try {
        tell(window.all(), audit)
      } catch (error) {
        onError('security', error)
      }
    },
  }
}
