import { factsOf, some } from './facts.ts'
import type { ExportFormat, TrailerOptions } from './format.ts'
import { instantOf } from './network.ts'
import { lines } from './ndjson.ts'
import { checkOptions, trailerOption } from './options.ts'
import { refuse } from '../parameters.ts'

export interface CloudEventsOptions extends TrailerOptions {
  /** Where the events come from: a URI reference, better an absolute URI. @default '/edge-audit' */
  readonly source?: string | undefined
}

/** An event in the JSON format of CloudEvents 1.0.2. */
export interface CloudEvent {
  readonly specversion: '1.0'
  readonly id: string
  readonly source: string
  /** `dev.edge-audit.<kind>` */
  readonly type: string
  /** RFC 3339, UTC. */
  readonly time: string
  /** `<type>/<id>` of the first target. */
  readonly subject?: string
  /** An extension: the tenant. */
  readonly tenant?: string
  readonly datacontenttype: 'application/json'
  readonly data: unknown
}

/** RFC 3986: what a URI reference is made of; a space or a quote would have been encoded. */
const isReference = (value: unknown): value is string =>
  typeof value === 'string' && /^(?:[\w\-.~:/?#[\]@!$&'()*+,;=]|%[\da-f]{2}){1,2048}$/i.test(value)

// A context attribute is a text without control characters (1.0.2, type String).
const attribute = (text: string): string => text.replaceAll(/[\p{Cc}\p{Cs}\p{Cn}]/gu, '\uFFFD')

const mapTo =
  (source: string) =>
  (event: unknown): CloudEvent => {
    const { id, kind, occurredAt, targets, tenant } = factsOf(event)
    const [target] = targets
    const subject = target && some({ type: target.type, id: target.id })
    return {
      specversion: '1.0',
      id: attribute(id),
      source,
      type: `dev.edge-audit.${attribute(kind)}`,
      time: instantOf(occurredAt),
      ...(subject && { subject: attribute(Object.values(subject).join('/')) }),
      ...(tenant !== undefined && { tenant: attribute(tenant) }),
      datacontenttype: 'application/json',
      data: event,
    }
  }

const sourceOf = ({ source = '/edge-audit' }: CloudEventsOptions): string =>
  isReference(source) ? source : refuse('source', 'a URI reference, such as https://app.example')

/**
 * An event as a CloudEvent, structured, with the event as its `data`.
 * @throws {AuditError} AUDIT_QUERY_INVALID when `source` is no URI reference.
 * @example
 * import { toCloudEvent } from 'edge-audit/export'
 * const { type, subject } = toCloudEvent(event, { source: 'https://app.example/audit' })
 * @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md
 */
export const toCloudEvent = (event: unknown, options: CloudEventsOptions = {}): CloudEvent =>
  mapTo(sourceOf(options))(event)

/**
 * CloudEvents 1.0.2, one structured event in JSON on each line, with the event as its `data`.
 * Each line is an event: there is a trailer only where it is asked for.
 * @throws {AuditError} AUDIT_QUERY_INVALID for an option that is not known or wrong.
 * @example
 * import { cloudEvents, exportStream } from 'edge-audit/export'
 * const { stream, done } = exportStream(cloudEvents({ source: 'https://app.example' }), source)
 */
export const cloudEvents = (options: CloudEventsOptions = {}): ExportFormat => {
  checkOptions(options, { ...trailerOption, source: ['', () => true] })
  return lines('cloudevents', options, mapTo(sourceOf(options)))
}
