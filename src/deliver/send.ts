import { AuditError, isAuditError } from '../errors.ts'
import type { EventRow } from '../event/row.ts'
import type { AuditEvent } from '../event/schema.ts'
import type { DeadLetter } from '../ports/dead-letter.ts'
import type { AuditStore } from '../ports/store.ts'
import type { Ambient } from '../runtime/ambient.ts'
import type { Counters } from './stats.ts'
import { within } from '../runtime/within.ts'

export interface SendOptions {
  readonly deadline: number
  readonly batch: { readonly events: number; readonly bytes: number }
  readonly retry: { readonly attempts: number; readonly base: number; readonly max: number }
  readonly onLoss: (events: readonly AuditEvent[], error: AuditError) => void
  readonly ambient: Ambient
  readonly counts: Counters
}

/** Where events of one invocation go; made where they are needed, for a client may belong to a request. */
export interface Destination {
  readonly store: () => AuditStore
  readonly deadLetter: () => Pick<DeadLetter, 'put'> | undefined
}

/** The rows that were not stored, and why. They are dead-lettered or told to `onLoss` by then. */
export type Failures = ReadonlyMap<EventRow, AuditError>

export const noFailures: Failures = new Map()

export interface Sender {
  /** Stores the rows, whatever it takes within the deadline. Never rejects. */
  send(rows: readonly EventRow[], to: Destination): Promise<Failures>
  /** Ends rows without asking the store: dead letter, or loss. Never rejects. */
  giveUp(rows: readonly EventRow[], to: Destination, why: AuditError): Promise<Failures>
  /** Tells them as lost, at once. */
  lose(rows: readonly EventRow[], why: AuditError): Failures
}

/** Share of the deadline that is left for the dead letter. */
const FOR_STORE = 0.75

/**
 * From a batch to one of its three ends: stored, dead-lettered, or told to `onLoss`.
 * Appending is idempotent by id, so an attempt that may have worked is simply made again.
 */
export const createSender = (options: SendOptions): Sender => {
  const { deadline, batch, retry, onLoss, ambient, counts } = options

  const lose: Sender['lose'] = (rows, why) => {
    counts.lost += rows.length
    onLoss(rows.map(eventOf), why)
    return all(rows, why)
  }

  const giveUp: Sender['giveUp'] = async (rows, to, why) => {
    let deadLetter: Pick<DeadLetter, 'put'> | undefined
    try {
      deadLetter = to.deadLetter()
      if (deadLetter === undefined) return lose(rows, why)
      const put = deadLetter.put(rows)
      await within(put, deadline * (1 - FOR_STORE))
    } catch (cause) {
      return lose(rows, new AuditError('AUDIT_DEAD_LETTER_FAILED', why.code, { cause }))
    }
    counts.deadLettered += rows.length
    return all(rows, why)
  }

  const pause = (attempt: number, left: number): Promise<void> => {
    const span = Math.min(retry.max, retry.base * 2 ** attempt, Math.max(0, left))
    const [byte = 0] = randomBytes(ambient)
    // «Full jitter»: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
    return new Promise((resolve) => setTimeout(resolve, (span * byte) / 255))
  }

  /** One batch until it is stored, refused, or out of time. */
  const attempt = async (
    rows: readonly EventRow[],
    to: Destination,
    end: number,
  ): Promise<AuditError | undefined> => {
    for (let made = 1; ; made++) {
      const left = end - ambient.elapsed()
      if (left <= 0) return new AuditError('AUDIT_DEADLINE')
      const error = await appendOnce(rows, to, left)
      if (error === undefined || error.code !== 'AUDIT_STORE_UNAVAILABLE') return error
      if (made >= retry.attempts) return error
      counts.retried += rows.length
      await pause(made - 1, end - ambient.elapsed())
    }
  }

  /**
   * A refused batch is halved until the refused event stands alone; the others are stored. At most
   * 2 × log2(n) writes for one such event.
   */
  const store = async (
    rows: readonly EventRow[],
    to: Destination,
    end: number,
  ): Promise<Failures> => {
    const error = await attempt(rows, to, end)
    if (error === undefined) {
      counts.stored += rows.length
      return noFailures
    }
    if (error.code !== 'AUDIT_STORE_REFUSED' || rows.length === 1) return giveUp(rows, to, error)
    const half = rows.length >> 1
    const first = await store(rows.slice(0, half), to, end)
    const second = await store(rows.slice(half), to, end)
    return new Map([...first, ...second])
  }

  const send: Sender['send'] = async (rows, to) => {
    const end = ambient.elapsed() + deadline * FOR_STORE
    let failures = noFailures
    for (const chunk of chunks(rows, batch)) {
      const failed = await store(chunk, to, end)
      if (failed.size > 0) failures = new Map([...failures, ...failed])
    }
    return failures
  }

  return { send, giveUp, lose }
}

const all = (rows: readonly EventRow[], why: AuditError): Failures =>
  new Map(rows.map((row) => [row, why]))

/** Cuts rows to what one write may hold; a single row is never cut. */
const chunks = (
  rows: readonly EventRow[],
  { events, bytes }: SendOptions['batch'],
): readonly (readonly EventRow[])[] => {
  const size = bytesOf(rows)
  if (rows.length <= events && size <= bytes) return [rows]
  const cut: EventRow[][] = []
  let last: EventRow[] = []
  let left = 0
  for (const row of rows) {
    if (last.length === 0 || last.length === events || row.record.length > left) {
      last = []
      cut.push(last)
      left = bytes
    }
    last.push(row)
    left -= row.record.length
  }
  return cut
}

/** Size of the records, near enough: UTF-16 units, which are bytes for most of JSON. */
export const bytesOf = (rows: readonly EventRow[]): number => {
  let bytes = 0
  for (const row of rows) bytes += row.record.length
  return bytes
}

/** One call of the store, with its own signal and a limit even where the store heeds none. */
const appendOnce = async (
  rows: readonly EventRow[],
  to: Destination,
  left: number,
): Promise<AuditError | undefined> => {
  const controller = new AbortController()
  try {
    const append = to.store().append(rows, { signal: controller.signal })
    await within(append, left)
    return undefined
  } catch (cause) {
    controller.abort()
    if (isAuditError(cause)) return cause
    // A foreign store, or the function that makes one: it may work the next time.
    return new AuditError('AUDIT_STORE_UNAVAILABLE', undefined, { cause })
  }
}

const randomBytes = ({ random }: Ambient): Uint8Array => {
  const bytes = new Uint8Array(1)
  random(bytes)
  return bytes
}

/** The event of a row, for people: the record is JSON that redact() wrote. */
export const eventOf = (row: { readonly record: string }): AuditEvent => {
  const event: AuditEvent = JSON.parse(row.record)
  return event
}
