import { normaliseAddress } from '../../event/address.ts'
import { type Facts, factsOf, messageOf, type Person, said, some } from './facts.ts'
import { kindsOf } from './ecs-kinds.ts'
import type { ExportFormat, TrailerOptions } from './format.ts'
import { hostOf, instantOf } from './network.ts'
import { lines } from './ndjson.ts'
import { checkOptions, filled, trailerOption } from './options.ts'
import { jsonOf } from './text.ts'

// ECS 8.17.0, the last of the 8th: https://www.elastic.co/guide/en/ecs/8.17
const VERSION = '8.17.0'

export interface EcsOptions extends TrailerOptions {
  /** The name of the app or service that was audited, as `service.name`. @default none */
  readonly service?: string | undefined
}

/** A document of ECS: field sets as objects. */
export interface EcsDocument {
  /** RFC 3339, UTC. */
  readonly '@timestamp': string
  readonly ecs: { readonly version: string }
  readonly event: Readonly<Record<string, unknown>>
  readonly [fieldSet: string]: unknown
}

// Longer keywords Elasticsearch leaves out of its index, or refuses (32,766 bytes, Lucene's limit).
const KEYWORD = 8_191

const keyword = (text: string | undefined): string | undefined =>
  text === undefined || text.length <= KEYWORD ? text : text.slice(0, KEYWORD).toWellFormed()

const keywords = (members: {
  readonly [name: string]: string | undefined
}): ReturnType<typeof some> =>
  some(Object.fromEntries(Object.entries(members).map(([name, text]) => [name, keyword(text)])))

const severities: Readonly<Record<string, number>> = { low: 1, medium: 2, high: 3, critical: 4 }

const eventSet = (facts: Facts): Readonly<Record<string, unknown>> => {
  const { action, data, durationMs, event, id, kind, outcome, reason, recordedAt } = facts
  const severity = data('severity') ?? ''
  return {
    ...kindsOf(facts),
    ...keywords({
      id,
      action,
      code: data('code'),
      dataset: `edge_audit.${kind}`,
      module: 'edge_audit',
      provider: 'edge-audit',
      reason,
    }),
    // ECS knows no other outcomes.
    outcome: outcome === 'denied' ? 'failure' : outcome,
    ...some({
      ingested: recordedAt === undefined ? undefined : instantOf(recordedAt),
      duration: durationMs === undefined ? undefined : nanoseconds(durationMs),
      severity: Object.hasOwn(severities, severity) ? severities[severity] : undefined,
      original: jsonOf(event),
    }),
  }
}

const nanoseconds = (ms: number): number | undefined => {
  const whole = Math.round(ms * 1_000_000)
  return Number.isSafeInteger(whole) ? whole : undefined
}

const personSet = ({ id, name, role }: Partial<Person>): ReturnType<typeof some> => {
  const roles = keyword(role)
  return some({ ...keywords({ id, name }), roles: roles === undefined ? undefined : [roles] })
}

const userSet = ({ actor, onBehalfOf, targets }: Facts): ReturnType<typeof some> => {
  const [behalf] = onBehalfOf
  const target = targets.find(({ type }) => type === 'user')
  return some({
    ...personSet(actor),
    // Whose rights were used, where one person acts for another.
    effective: behalf && personSet(behalf),
    target: target && personSet(target),
  })
}

const country = /^[A-Z]{2}$/

const sourceSet = ({ request, geo }: Facts): ReturnType<typeof some> => {
  const address = request('ip')
  const asn = geo('asn')
  return some({
    ...keywords({ address }),
    ip: normaliseAddress(address),
    as:
      typeof asn === 'number' && Number.isSafeInteger(asn) && asn >= 0
        ? { number: asn }
        : undefined,
    geo: keywords({
      city_name: said(geo('city')),
      country_iso_code: country.test(said(geo('country')) ?? '') ? said(geo('country')) : undefined,
      postal_code: said(geo('postalCode')),
      region_name: said(geo('region')),
      timezone: said(geo('timezone')),
    }),
  })
}

const relatedSet = ({ actor, onBehalfOf, targets, request }: Facts): ReturnType<typeof some> => {
  const ip = normaliseAddress(request('ip'))
  const people = [actor, ...onBehalfOf, ...targets.filter(({ type }) => type === 'user')]
  const named = people.flatMap(({ id, name }) => [keyword(id), keyword(name)])
  const user = [...new Set(named.filter((text) => text !== undefined))]
  return some({
    ip: ip === undefined ? undefined : [ip],
    user: user.length === 0 ? undefined : user,
  })
}

const mapTo =
  (service: string | undefined) =>
  (event: unknown): EcsDocument => {
    const facts = factsOf(event)
    const { actor, data, error, kind, occurredAt, request, status, targets, tenant } = facts
    const [target] = targets
    const host = hostOf(request('host'))
    const rule = keyword(data('rule'))
    return {
      '@timestamp': instantOf(occurredAt),
      ecs: { version: VERSION },
      message: messageOf(facts),
      event: eventSet(facts),
      ...some({
        error: some({
          ...keywords({ type: error.type, stack_trace: error.stack }),
          message: error.message,
        }),
        http: some({
          request: keywords({
            id: request('id'),
            method: request('method'),
            referrer: request('referrer'),
          }),
          response: status === undefined ? undefined : { status_code: status },
        }),
        labels: keywords({
          kind,
          actor_type: actor.type,
          actor_via: actor.via,
          target_type: target?.type,
          target_id: target?.id,
          target_name: target?.name,
          route: request('route'),
        }),
        organization: keywords({ id: tenant }),
        related: relatedSet(facts),
        rule: rule === undefined ? undefined : { id: rule, name: rule },
        service: keywords({ name: service }),
        source: sourceSet(facts),
        span: keywords({ id: request('spanId') }),
        trace: keywords({ id: request('traceId') }),
        url: some({
          ...keywords({ domain: host.name, path: request('path'), scheme: request('scheme') }),
          port: host.port,
        }),
        user: userSet(facts),
        user_agent: keywords({ original: request('userAgent') }),
      }),
    }
  }

/**
 * An event as a document of ECS 8.17. `event.original` is the event as JSON; `labels` name what ECS has
 * no field for.
 * @example
 * import { toEcs } from 'edge-audit/export'
 * const document = toEcs(event, { service: 'billing' })
 * @see https://www.elastic.co/guide/en/ecs/8.17
 */
export const toEcs = (event: unknown, { service }: EcsOptions = {}): EcsDocument =>
  mapTo(service)(event)

/**
 * ECS 8.17, one document in JSON on each line; see `toEcs`. Each line is a document: there is a trailer
 * only where it is asked for.
 * @throws {AuditError} AUDIT_QUERY_INVALID for an option that is not known or wrong.
 * @example
 * import { ecs, exportStream } from 'edge-audit/export'
 * const { stream, done } = exportStream(ecs({ service: 'billing' }), source)
 */
export const ecs = (options: EcsOptions = {}): ExportFormat => {
  checkOptions(options, { ...trailerOption, service: filled })
  return lines('ecs', options, mapTo(options.service))
}
