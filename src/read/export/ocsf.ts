import { factsOf, messageOf, pick, some } from './facts.ts'
import type { ExportFormat, TrailerOptions } from './format.ts'
import { lines } from './ndjson.ts'
import { ownOf, profilesOf, severityOf, statusOf } from './ocsf-attributes.ts'
import { classOf } from './ocsf-classes.ts'
import { checkOptions, filled, trailerOption } from './options.ts'

// Written to OCSF 1.6.0; every attribute stands in 1.7.0 and 1.8.0 too, with the same meaning.
const VERSION = '1.6.0'

export interface OcsfOptions extends TrailerOptions {
  /** The name of the app or service that was audited. @default 'app' */
  readonly service?: string | undefined
}

/** An event of OCSF: the attributes that all classes have, and those of its class. */
export interface OcsfEvent {
  readonly activity_id: number
  readonly activity_name: string
  readonly category_uid: number
  readonly category_name: string
  readonly class_uid: number
  readonly class_name: string
  readonly type_uid: number
  readonly severity_id: number
  /** Milliseconds since 1970 UTC. */
  readonly time: number
  readonly metadata: Readonly<Record<string, unknown>>
  readonly [attribute: string]: unknown
}

const product = { name: 'edge-audit', vendor_name: 'edge-audit' }

// What no attribute of OCSF holds, as it is.
const unmapped = [
  'actor',
  'changes',
  'data',
  'kind',
  'metadata',
  'targets',
  'truncated',
  'unreadable',
]

const mapTo =
  (service: string) =>
  (event: unknown): OcsfEvent => {
    const facts = factsOf(event)
    const known = classOf(facts)
    const { activity, category } = known
    const [severityId, severity] = severityOf(facts)
    const { action, outcome, error, status, durationMs, recordedAt, request } = facts
    return {
      activity_id: activity.id,
      activity_name: activity.name,
      category_uid: category.id,
      category_name: category.name,
      class_uid: known.uid,
      class_name: known.name,
      type_uid: known.uid * 100 + activity.id,
      type_name: `${known.name}: ${activity.id === 99 ? 'Other' : activity.name}`,
      severity_id: severityId,
      severity,
      ...statusOf(facts, known.uid),
      ...some({
        status_code: status === undefined ? undefined : String(status),
        status_detail: error.message ?? facts.data('failure'),
        duration:
          durationMs === undefined
            ? undefined
            : Math.min(Math.round(durationMs), Number.MAX_SAFE_INTEGER),
        message: messageOf(facts),
      }),
      ...(outcome === 'denied' && { action_id: 2, action: 'Denied' }),
      time: facts.occurredAt,
      metadata: {
        version: VERSION,
        product,
        log_name: 'edge-audit',
        log_version: '1',
        uid: facts.id,
        event_code: action,
        ...some({
          tenant_uid: facts.tenant,
          correlation_uid: request('traceId') ?? request('id'),
          logged_time: recordedAt,
          profiles: profilesOf(facts, known),
        }),
      },
      ...some(ownOf(facts, known, service)),
      ...some({ unmapped: pick(event, unmapped) }),
    }
  }

/**
 * An event as an event of OCSF 1.6.0: API Activity (6003); of `auth` Authentication (3002) or Account
 * Change (3001); of `security` Detection Finding (2004); of `system` Application Error (6008) or
 * Application Lifecycle (6002). `unmapped` holds what OCSF has no attribute for.
 * @example
 * import { toOcsf } from 'edge-audit/export'
 * const { class_uid, activity_name } = toOcsf(event, { service: 'billing' })
 * @see https://schema.ocsf.io/1.6.0
 */
export const toOcsf = (event: unknown, { service = 'app' }: OcsfOptions = {}): OcsfEvent =>
  mapTo(service)(event)

/**
 * OCSF 1.6.0, one event in JSON on each line; see `toOcsf`. Each line is an event: there is a trailer
 * only where it is asked for.
 * @throws {AuditError} AUDIT_QUERY_INVALID for an option that is not known or wrong.
 * @example
 * import { exportStream, ocsf } from 'edge-audit/export'
 * const { stream, done } = exportStream(ocsf({ service: 'billing' }), source)
 */
export const ocsf = (options: OcsfOptions = {}): ExportFormat => {
  checkOptions(options, { ...trailerOption, service: filled })
  return lines('ocsf', options, mapTo(options.service ?? 'app'))
}
