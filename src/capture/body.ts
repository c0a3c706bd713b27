import type { AnyContext } from '../options.ts'
import type { BodyPlan } from './rules.ts'

// A body is never read for the audit. The request's own methods are watched while the handler runs:
// what the handler reads is remembered, and what it leaves unread stays unread and unrecorded.

/** A body as it was read, or why it is not there. */
export interface BodyWatch {
  /** What becomes of `data.body`. Resolves at once unless a multipart body is still to be taken apart. */
  result(): BodyResult | Promise<BodyResult>
  /** Takes the watch off the request. */
  stop(): void
}

export type BodyResult =
  | { readonly kind: 'value'; readonly value: unknown; readonly cut: number | undefined }
  | { readonly kind: 'left-out'; readonly why: 'type' | 'unread' | 'stream' | 'unreadable' }

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

/** Bytes beyond this are not even looked at: what is cut away need not be parsed before. */
const clip = (text: string, limit: number): { readonly text: string; readonly cut: number | undefined } =>
  text.length <= limit ? { text, cut: undefined } : { text: text.slice(0, limit), cut: text.length }

/** Text of a body as the value that is kept: JSON and forms as what they say, the rest as text. */
export const valueOf = (type: string, body: string, limit: number): BodyResult => {
  const { text, cut } = clip(body, limit)
  if (type === 'application/x-www-form-urlencoded') {
    return { kind: 'value', value: new URLSearchParams(text), cut }
  }
  if (cut === undefined && (type === 'application/json' || type.endsWith('+json'))) {
    try {
      return { kind: 'value', value: JSON.parse(text), cut }
    } catch {
      // Not JSON after all: kept as the text it is, and redacted as text.
      return { kind: 'value', value: text, cut }
    }
  }
  return { kind: 'value', value: text, cut }
}

/** Names, and of files what they are called and how large they are: never what is in them. */
const formValue = (form: FormData): BodyResult => ({
  kind: 'value',
  value: Array.from(form, ([name, entry]) =>
    typeof entry === 'string' ? { name } : { name, file: entry.name, size: entry.size, type: entry.type },
  ),
  cut: undefined,
})

const READERS = ['text', 'arrayBuffer', 'bytes', 'blob', 'formData']

/** Watches what the handler reads of this request; undefined when nothing could be kept. */
export const watchBody = (c: AnyContext, plan: BodyPlan): BodyWatch | undefined => {
  const request = c.req.raw
  const type = essence(request.headers.get('content-type'))
  if (request.method === 'GET' || request.method === 'HEAD') return undefined
  if (!typeAllowed(type, plan.types)) {
    return { result: () => ({ kind: 'left-out', why: 'type' }), stop: () => undefined }
  }
  let seen: { readonly value: unknown } | undefined
  const watched: Request[] = []

  const watch = (target: Request): void => {
    watched.push(target)
    for (const how of READERS) {
      const read: unknown = Reflect.get(target, how)
      if (typeof read !== 'function') continue
      define(target, how, async () => {
        const value: unknown = await Reflect.apply(read, target, [])
        seen ??= { value }
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

  return {
    stop: () => {
      for (const target of watched) for (const name of [...READERS, 'json', 'clone']) Reflect.deleteProperty(target, name)
    },
    result: () => {
      if (seen === undefined) {
        return { kind: 'left-out', why: watched.some((target) => target.bodyUsed) ? 'stream' : 'unread' }
      }
      return resultOf(seen.value, type, plan.limit)
    },
  }
}

/** Own and hidden, over the prototype's method, and gone again after the handler. */
const define = (target: Request, name: string, value: unknown): void => {
  Reflect.defineProperty(target, name, { value, configurable: true, enumerable: false, writable: true })
}

const resultOf = (value: unknown, type: string, limit: number): BodyResult | Promise<BodyResult> => {
  if (value instanceof FormData) return formValue(value)
  if (typeof value === 'string') {
    return type === 'multipart/form-data' ? { kind: 'left-out', why: 'unreadable' } : valueOf(type, value, limit)
  }
  if (value instanceof Blob) return value.arrayBuffer().then((bytes) => decoded(bytes, type, limit))
  if (value instanceof ArrayBuffer || value instanceof Uint8Array) return decoded(value, type, limit)
  return { kind: 'left-out', why: 'unreadable' }
}

/** No character takes more than four bytes: what lies beyond would be cut anyway. */
const decoded = (bytes: ArrayBuffer | Uint8Array, type: string, limit: number): BodyResult => {
  if (type === 'multipart/form-data') return { kind: 'left-out', why: 'unreadable' }
  const view = new Uint8Array(bytes instanceof ArrayBuffer ? bytes : bytes.slice())
  return valueOf(type, new TextDecoder().decode(view.subarray(0, limit * 4 + 4)), limit)
}
