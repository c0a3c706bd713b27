import { parseJson } from '../../event/parse.ts'
import { byteLength } from '../../event/text.ts'
import type { AnyContext } from '../../input.ts'
import { property } from '../../runtime/ambient.ts'

// A body is never read for the audit. The request's own methods are watched while the handler runs:
// what the handler reads is remembered, and what it leaves unread stays unread and unrecorded.

/** A body as it was read, or why it is not there. */
export interface Reading {
  hasSeen(): boolean
  /** What becomes of `data.body`. A promise only where the handler itself parsed what it had read. */
  result(limit: number): BodyResult | Promise<BodyResult>
  /** Takes the watch off the request. */
  stop(): void
}

export type BodyResult =
  | { readonly kind: 'value'; readonly value: unknown; readonly cut: BodyCut | undefined }
  | { readonly kind: 'left-out'; readonly why: 'type' | 'unread' | 'stream' | 'unreadable' }

interface BodyCut {
  /** In bytes. */
  readonly limit: number
  readonly length: number
}

export const essence = (contentType: string | null): string =>
  (contentType ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? ''

/** Whether a content type is on the list: `text/*`, `application/*+json`. */
export const typeAllowed = (type: string, allowed: readonly string[]): boolean =>
  allowed.some((pattern) => {
    const star = pattern.indexOf('*')
    if (star === -1) return pattern === type
    return (
      type.length >= pattern.length - 1 &&
      type.startsWith(pattern.slice(0, star)) &&
      type.endsWith(pattern.slice(star + 1))
    )
  })

/**
 * Text of a body as the value that is kept: JSON and forms as what they say, the rest as text. What
 * lies beyond the limit is not even looked at; `whole` is the length of a body that was cut before.
 */
const valueOf = (type: string, body: string, limit: number, whole?: number): BodyResult => {
  const isCut = whole !== undefined || body.length > limit || byteLength(body) > limit
  const cut = isCut ? { limit, length: whole ?? body.length } : undefined
  const text = isCut ? textOf(new TextEncoder().encode(body.slice(0, limit)), limit) : body
  if (type === 'application/x-www-form-urlencoded') {
    return { kind: 'value', value: new URLSearchParams(text), cut }
  }
  if (cut === undefined && (type === 'application/json' || type.endsWith('+json'))) {
    try {
      return { kind: 'value', value: parseJson(text), cut }
    } catch {
      // Not JSON after all: kept as the text it is, and redacted as text.
      return { kind: 'value', value: text, cut }
    }
  }
  return { kind: 'value', value: text, cut }
}

/** The same of the first bytes of a body that has so many in all. */
export const valueOfBytes = (
  type: string,
  bytes: Uint8Array,
  limit: number,
  length: number,
): BodyResult => {
  if (length <= limit) return valueOf(type, new TextDecoder().decode(bytes), limit)
  return valueOf(type, textOf(bytes, limit), limit, length)
}

/** A character that the limit cuts in two is left out, not made up. */
const textOf = (bytes: Uint8Array, limit: number): string =>
  new TextDecoder().decode(bytes.subarray(0, limit), { stream: true })

/** Names, and of files what they are called and how large they are: never what is in them. */
const formValue = (form: FormData): BodyResult => ({
  kind: 'value',
  value: Array.from(form, ([name, entry]) =>
    typeof entry === 'string'
      ? { name }
      : { name, file: entry.name, size: entry.size, type: entry.type },
  ),
  cut: undefined,
})

/** What was read, as it was at that moment: buffers and forms belong to the app, which may change them. */
type Seen = (limit: number) => BodyResult | Promise<BodyResult>

const unreadable: BodyResult = { kind: 'left-out', why: 'unreadable' }

const seenOf = (value: unknown, type: string, most: number, c: AnyContext): Seen => {
  const multipart = type === 'multipart/form-data'
  if (value instanceof FormData) {
    if (multipart) {
      const kept = formValue(value)
      return () => kept
    }
    const text = Array.from(value, (entry) =>
      entry.map((part) => encodeURIComponent(String(part))).join('='),
    ).join('&')
    return (limit) => valueOf(type, text, limit)
  }
  // Hono's parseBody() reads bytes, and remembers the form that it makes of them.
  if (multipart) return () => formOf(property(c.req.bodyCache, 'formData'))
  if (typeof value === 'string') return (limit) => valueOf(type, value, limit)
  if (value instanceof Blob) {
    return async (limit) =>
      valueOfBytes(
        type,
        new Uint8Array(await value.slice(0, limit).arrayBuffer()),
        limit,
        value.size,
      )
  }
  if (value instanceof ArrayBuffer || value instanceof Uint8Array) {
    const bytes = new Uint8Array(value.slice(0, most))
    const length = value.byteLength
    return (limit) => valueOfBytes(type, bytes, Math.min(limit, most), length)
  }
  return () => unreadable
}

/** Runs inside the handler's own read, which must end as it would have without us. */
const seenSafely = (...read: Parameters<typeof seenOf>): Seen => {
  try {
    return seenOf(...read)
  } catch {
    return () => unreadable
  }
}

const formOf = async (parsed: unknown): Promise<BodyResult> => {
  const form: unknown = await parsed
  return form instanceof FormData ? formValue(form) : unreadable
}

const READERS = ['text', 'arrayBuffer', 'bytes', 'blob', 'formData']

/** Watches what the handler reads of this request; undefined when nothing could be kept. */
export const readingOf = (
  c: AnyContext,
  plan: { readonly types: readonly string[]; readonly limit: number },
): Reading | undefined => {
  const request = c.req.raw
  const type = essence(request.headers.get('content-type'))
  if (request.method === 'GET' || request.method === 'HEAD') return undefined
  if (!typeAllowed(type, plan.types)) {
    return {
      hasSeen: () => false,
      result: () => ({ kind: 'left-out', why: 'type' }),
      stop: () => undefined,
    }
  }
  let seen: Seen | undefined
  const watched: Request[] = []

  const watch = (target: Request): void => {
    watched.push(target)
    for (const how of READERS) {
      const read: unknown = Reflect.get(target, how)
      if (typeof read !== 'function') continue
      define(target, how, async () => {
        const value: unknown = await Reflect.apply(read, target, [])
        seen ??= seenSafely(value, type, plan.limit, c)
        return value
      })
    }
    // Fetch, «parse JSON from bytes»: `json()` is `text()` parsed. The app may change the object that
    // it gets; the audit keeps what came in.
    define(target, 'json', async () => JSON.parse(await target.text()))
    const { clone } = target
    define(target, 'clone', () => {
      const copy = clone.call(target)
      watch(copy)
      return copy
    })
  }
  watch(request)

  const result = async (kept: Promise<BodyResult>): Promise<BodyResult> => {
    try {
      return await kept
    } catch {
      // The app was told by the same error; that it was unreadable is what there is to record.
      return unreadable
    }
  }

  return {
    hasSeen: () => seen !== undefined,
    stop: () => {
      for (const target of watched)
        for (const name of [...READERS, 'json', 'clone']) Reflect.deleteProperty(target, name)
    },
    result: (limit) => {
      if (seen === undefined) {
        return {
          kind: 'left-out',
          why: watched.some((target) => target.bodyUsed) ? 'stream' : 'unread',
        }
      }
      const kept = seen(limit)
      return kept instanceof Promise ? result(kept) : kept
    },
  }
}

/** Own and hidden, over the prototype's method, and gone again after the handler. */
const define = (target: Request, name: string, value: unknown): void => {
  Reflect.defineProperty(target, name, {
    value,
    configurable: true,
    enumerable: false,
    writable: true,
  })
}
