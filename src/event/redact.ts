import { fill } from './fill.ts'
import { countLimits, ENVELOPE, fieldLimits, limitDefaults, type Limits, type Truncation } from './limits.ts'
import { REDACTED } from './mask.ts'
import { columnsOf, type EventRow } from './row.ts'
import type { Actor, AuditEvent, Fault, RequestFacts, Target } from './schema.ts'
import { compileSecrets, type RedactOptions } from './secrets.ts'
import { head, sound } from './text.ts'
import { quote, write, type Writing } from './write.ts'

/** An event as it was captured: nothing is masked, nothing cut, any value anywhere. */
export interface Captured
  extends Pick<AuditEvent, 'id' | 'kind' | 'action' | 'occurredAt' | 'outcome' | 'tenant'> {
  readonly actor: Actor
  readonly targets: readonly Target[]
  readonly request?: RequestFacts | undefined
  readonly reason?: string | undefined
  readonly error?: Fault | undefined
  readonly changes?: unknown
  readonly data?: unknown
  readonly metadata?: unknown
  /** What capture itself has cut already. */
  readonly cuts?: readonly Omit<Truncation, 'id'>[] | undefined
}

export type FreeForm = Pick<Captured, 'changes' | 'data' | 'metadata'>

/** Free-form values, redacted when they were handed over: what the app changes afterwards is not seen. */
export interface Prepared {
  readonly changes: string | undefined
  readonly data: string | undefined
  readonly metadata: string | undefined
  readonly cuts: readonly Omit<Truncation, 'id'>[]
  /** Bytes of JSON that the next preparation of the same event may use. */
  readonly left: number
  readonly status: unknown
}

export interface Redactor {
  prepare(values: FreeForm, budget?: number): Prepared
  /** The only maker of an {@link EventRow}. Never throws, whatever the values are. */
  redact(event: Captured, prepared?: Prepared): EventRow
}

export interface RedactorOptions {
  readonly redact?: RedactOptions | undefined
  readonly limits?: Limits | undefined
  readonly onTruncate?: ((truncation: Truncation) => void) | undefined
}

type Cleaner = (text: string, cuts: Cut[]) => string
type Cut = Omit<Truncation, 'id'>

const ROOTS = {
  changes: { parent: undefined, key: 'changes' },
  data: { parent: undefined, key: 'data' },
  metadata: { parent: undefined, key: 'metadata' },
} as const

/**
 * Stands between capture and everything else. One pass masks, clamps and writes canonical JSON.
 * @example
 * const { redact } = createRedactor({ redact: { keys: ['iban'] } })
 */
export const createRedactor = (options: RedactorOptions): Redactor => {
  const secrets = compileSecrets(options.redact ?? {})
  const limits = fill(limitDefaults, options.limits)
  const { onTruncate } = options

  /** Path rules of fixed fields are looked up once, not at each event. */
  const cleaner = (field: string, limit: number): Cleaner => {
    const masker = secrets.byPath?.(field)
    return (text, cuts) => {
      if (masker !== undefined) return sound(masker(text) ?? REDACTED)
      // Masking may look a little past the cut, see write().
      const window = sound(text.length > limit + 64 ? text.slice(0, limit + 64) : text)
      const masked = secrets.inText(window)
      const kept = head(masked, limit)
      if (kept.length < masked.length || text.length > limit + 64) {
        cuts.push({ field, limit, length: text.length })
      }
      return kept
    }
  }
  const fields = {
    action: cleaner('action', fieldLimits.action),
    tenant: cleaner('tenant', fieldLimits.tenant),
    reason: cleaner('reason', fieldLimits.reason),
    errorType: cleaner('error.type', fieldLimits.name),
    message: cleaner('error.message', fieldLimits.message),
    cause: cleaner('error.causes', fieldLimits.cause),
    stack: cleaner('error.stack', limits.stack),
    actorId: cleaner('actor.id', fieldLimits.id),
    actorName: cleaner('actor.name', fieldLimits.name),
    role: cleaner('actor.role', fieldLimits.role),
    via: cleaner('actor.via', fieldLimits.via),
    targetId: cleaner('targets.id', fieldLimits.id),
    targetName: cleaner('targets.name', fieldLimits.name),
    targetType: cleaner('targets.type', fieldLimits.type),
    geo: cleaner('request.geo', fieldLimits.city),
    host: cleaner('request.host', fieldLimits.host),
    requestId: cleaner('request.id', fieldLimits.requestId),
    ip: cleaner('request.ip', fieldLimits.ip),
    method: cleaner('request.method', fieldLimits.method),
    path: cleaner('request.path', fieldLimits.path),
    referrer: cleaner('request.referrer', fieldLimits.referrer),
    route: cleaner('request.route', fieldLimits.route),
    scheme: cleaner('request.scheme', fieldLimits.scheme),
    userAgent: cleaner('request.userAgent', fieldLimits.userAgent),
  }

  const optional = (clean: Cleaner, text: string | undefined, cuts: Cut[]): string | undefined =>
    text === undefined ? undefined : clean(text, cuts)

  const cleanParty = (actor: Actor, cuts: Cut[]): Actor => ({
    id: fields.actorId(actor.id, cuts),
    name: optional(fields.actorName, actor.name, cuts),
    role: optional(fields.role, actor.role, cuts),
    type: actor.type,
    via: optional(fields.via, actor.via, cuts),
  })

  const cleanActor = (actor: Actor, cuts: Cut[]): Actor => {
    const { onBehalfOf } = actor
    const clean = cleanParty(actor, cuts)
    if (onBehalfOf === undefined || onBehalfOf.length === 0) return clean
    const kept = onBehalfOf.slice(0, countLimits.onBehalfOf)
    if (kept.length < onBehalfOf.length) {
      cuts.push({ field: 'actor.onBehalfOf', limit: kept.length, length: onBehalfOf.length })
    }
    const { id, name, role, type, via } = clean
    return { id, name, onBehalfOf: kept.map((party) => cleanParty(party, cuts)), role, type, via }
  }

  const cleanTargets = (targets: readonly Target[], cuts: Cut[]): Target[] => {
    if (targets.length > countLimits.targets) {
      cuts.push({ field: 'targets', limit: countLimits.targets, length: targets.length })
    }
    return targets.slice(0, countLimits.targets).map((target) => ({
      id: fields.targetId(target.id, cuts),
      name: optional(fields.targetName, target.name, cuts),
      type: fields.targetType(target.type, cuts),
    }))
  }

  const cleanRequest = (request: RequestFacts, cuts: Cut[]): RequestFacts => ({
    geo: request.geo === undefined ? undefined : cleanGeo(request.geo, cuts),
    host: optional(fields.host, request.host, cuts),
    id: fields.requestId(request.id, cuts),
    ip: optional(fields.ip, request.ip, cuts),
    ipFrom: request.ipFrom,
    method: optional(fields.method, request.method, cuts),
    path: optional(fields.path, request.path, cuts),
    referrer: optional(fields.referrer, request.referrer, cuts),
    route: optional(fields.route, request.route, cuts),
    scheme: optional(fields.scheme, request.scheme, cuts),
    spanId: request.spanId,
    traceId: request.traceId,
    userAgent: optional(fields.userAgent, request.userAgent, cuts),
  })

  const cleanGeo = (geo: NonNullable<RequestFacts['geo']>, cuts: Cut[]): typeof geo => ({
    asn: geo.asn,
    city: optional(fields.geo, geo.city, cuts),
    colo: optional(fields.geo, geo.colo, cuts),
    country: optional(fields.geo, geo.country, cuts),
    latitude: optional(fields.geo, geo.latitude, cuts),
    longitude: optional(fields.geo, geo.longitude, cuts),
    postalCode: optional(fields.geo, geo.postalCode, cuts),
    region: optional(fields.geo, geo.region, cuts),
    timezone: optional(fields.geo, geo.timezone, cuts),
  })

  const cleanFault = (fault: Fault, cuts: Cut[]): Fault => ({
    causes: fault.causes?.slice(0, countLimits.causes).map((cause) => ({
      message: fields.cause(cause.message, cuts),
      type: fields.errorType(cause.type, cuts),
    })),
    message: fields.message(fault.message, cuts),
    stack: optional(fields.stack, fault.stack, cuts),
    type: fields.errorType(fault.type, cuts),
  })

  const prepare: Redactor['prepare'] = (values, budget = limits.record - ENVELOPE) => {
    const cuts: Cut[] = []
    const writing: Writing = {
      secrets,
      limits,
      left: budget,
      cut: (field, limit, length) => cuts.push({ field, limit, length }),
    }
    const part = (name: 'data' | 'changes' | 'metadata'): string | undefined =>
      values[name] === undefined ? undefined : write(writing, values[name], ROOTS[name])
    // In order of what an auditor would miss most, should the budget end.
    const data = part('data')
    const changes = part('changes')
    const metadata = part('metadata')
    return { changes, data, metadata, cuts, left: writing.left, status: statusOf(values.data) }
  }

  const redact: Redactor['redact'] = (event, prepared = prepare(event)) => {
    const cuts: Cut[] = event.cuts === undefined ? [...prepared.cuts] : [...event.cuts, ...prepared.cuts]
    const clean = {
      id: event.id,
      kind: event.kind,
      occurredAt: event.occurredAt,
      outcome: event.outcome,
      action: fields.action(event.action, cuts),
      actor: cleanActor(event.actor, cuts),
      request: event.request === undefined ? undefined : cleanRequest(event.request, cuts),
      targets: cleanTargets(event.targets, cuts),
      tenant: event.tenant === null ? null : fields.tenant(event.tenant, cuts),
    }
    const error = event.error === undefined ? undefined : cleanFault(event.error, cuts)
    const reason = optional(fields.reason, event.reason, cuts)
    const record = recordOf(clean, { error, reason, prepared, truncated: pathsOf(cuts) })
    if (onTruncate !== undefined) {
      for (const cut of cuts) onTruncate({ id: event.id, ...cut })
    }
    const row = { ...columnsOf({ ...clean, data: { status: prepared.status } }), record }
    // The brand has no value: it only says that this function made the row.
    return row as unknown as EventRow
  }

  return { prepare, redact }
}

const statusOf = (data: unknown): unknown =>
  typeof data === 'object' && data !== null && 'status' in data ? data.status : undefined

const pathsOf = (cuts: readonly Cut[]): string[] => {
  const paths = new Set<string>()
  for (const { field } of cuts) {
    if (paths.size === countLimits.truncated) break
    paths.add(sound(head(field, 128)))
  }
  return [...paths].sort()
}

interface Rest {
  readonly error: Fault | undefined
  readonly reason: string | undefined
  readonly prepared: Prepared
  readonly truncated: readonly string[]
}

type Clean = Pick<
  Captured,
  'id' | 'kind' | 'occurredAt' | 'outcome' | 'action' | 'actor' | 'request' | 'targets' | 'tenant'
>

/** Canonical by construction: keys stand sorted here and in the objects made above. */
const recordOf = (event: Clean, { error, reason, prepared, truncated }: Rest): string => {
  const { changes, data, metadata } = prepared
  return `{"action":${quote(event.action)},"actor":${JSON.stringify(event.actor)}${
    changes === undefined ? '' : `,"changes":${changes}`
  }${data === undefined ? '' : `,"data":${data}`}${
    error === undefined ? '' : `,"error":${JSON.stringify(error)}`
  },"id":"${event.id}","kind":"${event.kind}"${
    metadata === undefined ? '' : `,"metadata":${metadata}`
  },"occurredAt":${event.occurredAt},"outcome":"${event.outcome}"${
    reason === undefined ? '' : `,"reason":${quote(reason)}`
  }${event.request === undefined ? '' : `,"request":${JSON.stringify(event.request)}`},"targets":${
    event.targets.length === 0 ? '[]' : JSON.stringify(event.targets)
  },"tenant":${event.tenant === null ? 'null' : quote(event.tenant)}${
    truncated.length === 0 ? '' : `,"truncated":${JSON.stringify(truncated)}`
  },"v":1}`
}
