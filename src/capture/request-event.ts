import { faultOf } from '../event/fault.ts'
import type { Captured } from '../event/redact.ts'
import type { Actor, Outcome, RequestFacts } from '../event/schema.ts'
import { REDACTED } from '../event/mask.ts'
import type { AuditOptions } from '../options.ts'
import type { AnyContext, TargetInput } from '../input.ts'
import type { BodyFacts } from '../seams.ts'
import { actionOf, type Drafting, OUTCOMES, targetsOf } from './record.ts'
import type { Scope } from './scope.ts'
import { queryOf } from './request.ts'

/** How a request came out. */
export interface Ending {
  /** Null when the handler threw what is no Error: Hono has no response then. */
  readonly status: number | null
  readonly thrown: unknown
  readonly failed: boolean
  readonly durationMs: number
  readonly responseBytes: number | null
  /** What is known of the bodies. */
  readonly bodies?: BodyFacts | undefined
}

export interface Describing extends Drafting {
  readonly options: AuditOptions
  /** Lower-case names of the headers that are kept; true for those that are always masked. */
  readonly headers: readonly (readonly [name: string, masked: boolean])[]
}

/** 2xx and 3xx success, 401 and 403 denied, everything else failure; 101 is a success too. */
const outcomeOfStatus = (status: number | null): Outcome => {
  if (status === null) return 'failure'
  if (status === 401 || status === 403) return 'denied'
  return status < 400 ? 'success' : 'failure'
}

/** What came of the request, before anything of it is decided or described. */
export const outcomeOf = (
  scope: Scope,
  ending: Ending,
  { options, onError }: Describing,
): Outcome => {
  const told = scope.override.outcome
  if (told !== undefined && OUTCOMES.has(told)) return told
  const { c } = scope
  if (options.outcome !== undefined && c !== undefined) {
    try {
      const outcome = options.outcome(c, ending.status)
      if (outcome !== undefined && OUTCOMES.has(outcome)) return outcome
    } catch (error) {
      onError('outcome', error)
    }
  }
  return ending.failed ? 'failure' : outcomeOfStatus(ending.status)
}

const sizeOf = (length: string | null): number | null => {
  const size = length === null ? Number.NaN : Number(length)
  return Number.isSafeInteger(size) && size >= 0 ? size : null
}

/** The size that the response states, 0 where it can have no body, else null. */
export const statedSize = (response: Response): number | null => {
  const { status } = response
  if (status === 204 || status === 205 || status === 304 || status < 200) return 0
  return sizeOf(response.headers.get('content-length'))
}

const keptHeaders = (
  c: AnyContext,
  names: Describing['headers'],
): Readonly<Record<string, string>> | undefined => {
  if (names.length === 0) return undefined
  const kept: Record<string, string> = {}
  for (const [name, masked] of names) {
    const value = c.req.raw.headers.get(name)
    if (value !== null) kept[name] = masked ? REDACTED : value
  }
  return Object.keys(kept).length === 0 ? undefined : kept
}

const targetOf = (scope: Scope, c: AnyContext, { onError }: Drafting): TargetInput | undefined => {
  const { target } = scope.override
  if (typeof target !== 'function') return target
  try {
    return target(c)
  } catch (error) {
    onError('target', error)
    return undefined
  }
}

/** Everything that a request event tells, still as it came. */
export const requestEvent = (
  scope: Scope,
  c: AnyContext,
  ending: Ending,
  who: { readonly actor: Actor; readonly tenant: string | null; readonly outcome: Outcome },
  facts: RequestFacts,
  writtenQuery: string,
  describing: Describing,
): Captured => {
  const { options } = describing
  const { bodies } = ending
  const cuts = bodies === undefined ? [] : [...bodies.cuts]
  const query = writtenQuery === '' || options.query === false ? undefined : queryOf(writtenQuery)
  if (query?.cut !== undefined) cuts.push({ field: 'data.query', limit: 8_192, length: query.cut })

  // In the order in which they are written.
  const data: { [name: string]: unknown } = {}
  data['durationMs'] = Math.round(ending.durationMs * 1_000) / 1_000
  if (describing.headers.length > 0) data['headers'] = keptHeaders(c, describing.headers)
  if (query !== undefined) data['query'] = query.values
  data['requestBytes'] = sizeOf(c.req.raw.headers.get('content-length'))
  data['responseBytes'] = ending.responseBytes
  if (scope.plan.sample < 1) data['sample'] = scope.plan.sample
  data['status'] = ending.status
  if (bodies !== undefined) Object.assign(data, bodies.data)
  const thrown = ending.failed ? ending.thrown : c.error
  const { override, plan } = scope
  return {
    id: describing.mint(scope.startedAt),
    occurredAt: scope.startedAt,
    kind: 'request',
    action: actionOf(override.action ?? plan.action ?? `http.${c.req.method}`, describing),
    outcome: who.outcome,
    tenant: who.tenant,
    actor: who.actor,
    targets: targetsOf(targetOf(scope, c, describing), override.targets),
    request: facts,
    reason: override.reason ?? scope.reason,
    error:
      ending.failed || thrown !== undefined ? faultOf(thrown, options.stack !== false) : undefined,
    data,
    metadata: scope.extra === undefined ? scope.metadata : { ...scope.extra, ...scope.metadata },
    cuts,
  }
}
