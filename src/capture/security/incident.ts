import type { RequestFacts } from '../../event/schema.ts'
import type { EventInput } from '../../input.ts'
import { pairOf } from './judge.ts'
import type { Finding } from './rule.ts'
import type { Overflow, Tally } from './window.ts'

// What becomes an event. A count is recorded while some other request is served: it names its own
// request and tenant and the system as its actor, so that nothing of that other request gets into it.

/** What was judged of a request, before it is known whose it was. */
export interface Judged {
  /** By this it is counted where there is no room for more. */
  readonly rule: string
  readonly event: Pick<EventInput, 'action' | 'kind' | 'outcome' | 'target'>
  readonly data: Readonly<Record<string, unknown>>
}

/** All that events of one window share. */
export interface Incident extends Judged {
  readonly client: Pick<RequestFacts, 'ip' | 'ipFrom'>
  readonly tenant: string | null | undefined
}

/** A name and a value as one text that the redactor reads as such: by its name it is masked, or not. */
const sampleOf = ({ name, sample, where }: Finding): string => {
  if (name === undefined) return sample
  if (where === 'header') return `${name}: ${sample}`
  return pairOf(name, sample)
}

export const probeOf = (finding: Finding, denied: boolean): Judged => {
  const { category, rule, severity, source, where } = finding
  return {
    rule,
    event: {
      kind: 'security',
      action: category === 'burst' ? 'burst.denied' : `probe.${category}`,
      outcome: denied ? 'denied' : 'unknown',
    },
    data: { rule, severity, source, where, sample: sampleOf(finding) },
  }
}

/** The finding of a burst, by which the app may be asked to block what is left of it. */
export const burstFinding = (path: string): Finding => ({
  rule: 'burst.denied',
  category: 'burst',
  severity: 'medium',
  source: 'CAPEC-112; CWE-799',
  where: 'path',
  name: undefined,
  sample: path.slice(0, 200),
})

export const slowOf = (
  method: string,
  route: string | undefined,
  durationMs: number,
  thresholdMs: number,
): Judged => {
  // Without a route the path would be the client's to choose, and each a new issue.
  const place = `${method} ${route ?? '(no route)'}`.slice(0, 200)
  const fingerprint = `slow-request ${place}`
  return {
    rule: 'slow',
    event: {
      kind: 'system',
      action: 'system.performance',
      outcome: 'unknown',
      target: { type: 'issue', id: fingerprint, name: `Slow request: ${place}` },
    },
    data: {
      title: `Slow request: ${place}`,
      severity: 'medium',
      fingerprint,
      durationMs: Math.round(durationMs),
      thresholdMs,
    },
  }
}

/** The first hit of a window, of the request that made it. */
export const hitEvent = (
  { event, data, tenant }: Incident,
  counted: { readonly count: number; readonly windowMs: number },
  request: Partial<RequestFacts>,
  at: number,
): EventInput => ({
  ...event,
  data: { ...data, ...counted },
  request,
  occurredAt: at,
  ...(tenant !== undefined && { tenant }),
})

const system = { id: 'system', type: 'system' } as const

/** The rest of a window that is over. */
export const tallyEvent = (
  { count, first, last, what }: Tally<Incident>,
  windowMs: number,
): EventInput => ({
  ...what.event,
  data: { ...what.data, count, windowMs, first, last },
  request: { ...what.client, id: last.id ?? '', method: last.method, path: last.path },
  occurredAt: last.at,
  actor: system,
  tenant: what.tenant ?? null,
})

/** What there was no room for: how much of what, and from when to when. */
export const overflowEvent = (
  { count, first, last, rules }: Overflow,
  windowMs: number,
): EventInput => ({
  kind: 'security',
  action: 'probe.overflow',
  outcome: 'unknown',
  data: { rule: 'overflow', severity: 'high', count, windowMs, rules, first, last },
  request: { id: last.id ?? '', method: last.method, path: last.path },
  occurredAt: last.at,
  actor: system,
  tenant: null,
})
