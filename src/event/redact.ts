import type { Cut } from './clean.ts'
import { createEnvelopeWriter, type Written } from './envelope.ts'
import { fill } from './fill.ts'
import { countLimits, ENVELOPE, limitDefaults, type Limits, type Truncation } from './limits.ts'
import { columnsOf, type EventRow, type Indexed } from './row.ts'
import type { Actor, AuditEvent, Fault, RequestFacts, Target } from './schema.ts'
import { compileSecrets, type RedactOptions } from './secrets.ts'
import { byteLength, head, sound } from './text.ts'
import { write, type Writing } from './write.ts'

/** An event as it was captured: nothing is masked, nothing cut, any value anywhere. */
export interface Captured extends Pick<
  AuditEvent,
  'id' | 'kind' | 'action' | 'occurredAt' | 'outcome' | 'tenant'
> {
  readonly actor: Actor
  readonly targets: readonly Target[]
  readonly request?: RequestFacts | undefined
  readonly reason?: string | undefined
  readonly error?: Fault | undefined
  readonly changes?: unknown
  readonly data?: unknown
  readonly metadata?: unknown
  /** What capture itself has cut already. */
  readonly cuts?: readonly Cut[] | undefined
}

export type FreeForm = Partial<
  Pick<Captured, 'changes' | 'data' | 'metadata' | 'error' | 'targets'>
>

/**
 * What has no fixed size, redacted when it was handed over: what the app changes afterwards is not
 * seen. All of it shares what the fixed fields leave of the record's limit.
 */
export interface Prepared {
  readonly error: string | undefined
  readonly targets: Written<Indexed['targets']>
  readonly changes: string | undefined
  readonly data: string | undefined
  readonly metadata: string | undefined
  readonly cuts: readonly Cut[]
  readonly status: unknown
}

export interface Redactor {
  prepare(values: FreeForm): Prepared
  /** The only maker of an {@link EventRow}. Never throws, whatever the values are. */
  redact(event: Captured, prepared?: Prepared): EventRow
}

export interface RedactorOptions {
  readonly redact?: RedactOptions | undefined
  readonly limits?: Limits | undefined
  readonly onTruncate?: ((truncation: Truncation) => void) | undefined
}

/**
 * Stands between capture and everything else. One pass masks, clamps and writes canonical JSON.
 * @example
 * const { redact } = createRedactor({ redact: { keys: ['iban'] } })
 */
export const createRedactor = (options: RedactorOptions): Redactor => {
  const secrets = compileSecrets(options.redact ?? {})
  const limits = fill(limitDefaults, options.limits)
  const envelope = createEnvelopeWriter(secrets, limits.stack)
  const { onTruncate } = options

  const prepare: Redactor['prepare'] = (values) => {
    const cuts: Cut[] = []
    const error = values.error === undefined ? undefined : envelope.fault(values.error, cuts)
    const targets = envelope.targets(values.targets ?? [], cuts)
    const writing: Writing = {
      secrets,
      limits,
      left: limits.record - ENVELOPE - byteLength(error ?? '') - byteLength(targets.json),
      cut: (field, limit, length) => cuts.push({ field, limit, length }),
    }
    const part = (name: 'data' | 'changes' | 'metadata'): string | undefined =>
      values[name] === undefined ? undefined : write(writing, values[name], name)
    // In order of what an auditor would miss most, should the budget end.
    const data = part('data')
    const changes = part('changes')
    const metadata = part('metadata')
    return { changes, data, metadata, error, targets, cuts, status: statusIn(data) }
  }

  const redact: Redactor['redact'] = (event, prepared = prepare(event)) => {
    const cuts: Cut[] =
      event.cuts === undefined ? [...prepared.cuts] : [...event.cuts, ...prepared.cuts]
    const action = envelope.action(event.action, cuts)
    const actor = envelope.actor(event.actor, cuts)
    const reason =
      event.reason === undefined ? '' : `,"reason":${envelope.reason(event.reason, cuts).json}`
    const request = event.request === undefined ? undefined : envelope.request(event.request, cuts)
    const { targets } = prepared
    const tenant = event.tenant === null ? undefined : envelope.tenant(event.tenant, cuts)
    // Canonical by construction: the keys stand sorted here, in the envelope and in what write() wrote.
    const record = `{"action":${action.json},"actor":${actor.json}${optional('changes', prepared.changes)}${optional(
      'data',
      prepared.data,
    )}${optional('error', prepared.error)},"id":"${event.id}","kind":"${event.kind}"${optional(
      'metadata',
      prepared.metadata,
    )},"occurredAt":${event.occurredAt},"outcome":"${event.outcome}"${reason}${optional(
      'request',
      request?.json,
    )},"targets":${targets.json},"tenant":${tenant?.json ?? 'null'}${truncated(cuts)},"v":1}`

    if (onTruncate !== undefined) tell(onTruncate, event.id, cuts)
    return rowOf(record, {
      id: event.id,
      kind: event.kind,
      occurredAt: event.occurredAt,
      outcome: event.outcome,
      action: action.text,
      actor: actor.value,
      request: request?.value,
      targets: targets.value,
      tenant: tenant?.text ?? null,
      data: { status: prepared.status },
    })
  }

  return { prepare, redact }
}

const tell = (
  onTruncate: (truncation: Truncation) => void,
  id: string,
  cuts: readonly Cut[],
): void => {
  try {
    for (const cut of cuts) onTruncate({ id, ...cut })
  } catch {
    // The app's own mistake, and no reason to lose the event: the cuts stand in it too.
  }
}

const rowOf = (record: string, indexed: Indexed): EventRow => {
  // The brand has no value: it only says that this function made the row. The record is added to the
  // object that the columns are in, for a copy of seventeen members costs what a regular expression does.
  const row = columnsOf(indexed) as unknown as {
    -readonly [Name in keyof EventRow]: EventRow[Name]
  }
  // A text that was put together stays in its pieces until it is read; whole, it is a fifth of them.
  record.charCodeAt(0)
  row.record = record
  return row
}

const optional = (name: string, json: string | undefined): string =>
  json === undefined ? '' : `,"${name}":${json}`

/** The status is read from what was written, so that the column cannot say another. */
const statusIn = (data: string | undefined): unknown => {
  // It is the last but for few, and mostly alone: the parser is asked only when it is not.
  if (data === undefined || !data.includes('"status":')) return undefined
  if (/[{,]"status":\d{1,9}\}$/.test(data)) return Number(data.slice(data.lastIndexOf(':') + 1, -1))
  const parsed: { readonly status?: unknown } = JSON.parse(data)
  return parsed.status
}

const truncated = (cuts: readonly Cut[]): string => {
  if (cuts.length === 0) return ''
  const paths = new Set<string>()
  for (const { field } of cuts) {
    if (paths.size === countLimits.truncated) break
    paths.add(sound(head(field, 128)))
  }
  return `,"truncated":${JSON.stringify([...paths].sort())}`
}
