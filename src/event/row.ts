import type { AuditEvent } from './schema.ts'

declare const redacted: unique symbol

/** The indexed columns of an event. They repeat what `record` says and can be derived from it again. */
export interface Columns {
  readonly id: string
  readonly tenant: string | null
  readonly occurredAt: number
  readonly kind: AuditEvent['kind']
  readonly action: string
  readonly outcome: AuditEvent['outcome']
  readonly actorType: AuditEvent['actor']['type']
  readonly actorId: string
  readonly targetType: string | null
  readonly targetId: string | null
  readonly requestId: string | null
  readonly method: string | null
  readonly route: string | null
  readonly status: number | null
  readonly ip: string | null
}

/**
 * An event that may leave the process: redacted, clamped, in its stored form. Only `redact()` makes
 * one, so what was not redacted cannot be stored, dead-lettered or logged.
 */
export interface EventRow extends Columns {
  /** The canonical JSON (RFC 8785) of the event; the bytes that are stored and hashed. */
  readonly record: string
  readonly [redacted]: true
}

/** A row as the store gives it back. */
export interface StoredRow extends Columns {
  readonly record: string
  /** When the store took it, by the store's clock, in ms since 1970 UTC. */
  readonly recordedAt: number
}

/** What the columns are derived from: the record, parsed; or what is about to be written as one. */
export type Indexed = Pick<
  AuditEvent,
  'id' | 'tenant' | 'occurredAt' | 'kind' | 'action' | 'outcome' | 'actor' | 'targets' | 'request'
> & { readonly data?: { readonly status?: unknown } | undefined }

/** Derives the index columns from an event: the one function for writers and verifiers alike. */
export const columnsOf = (event: Indexed): Columns => {
  const target = event.targets[0]
  const { request } = event
  const status = event.data?.status
  return {
    id: event.id,
    tenant: event.tenant,
    occurredAt: event.occurredAt,
    kind: event.kind,
    action: event.action,
    outcome: event.outcome,
    actorType: event.actor.type,
    actorId: event.actor.id,
    targetType: target?.type ?? null,
    targetId: target?.id ?? null,
    requestId: request?.id ?? null,
    method: request?.method ?? null,
    route: request?.route ?? null,
    status: typeof status === 'number' ? status : null,
    ip: request?.ip ?? null,
  }
}
