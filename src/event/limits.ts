/** Bounds of what an event may hold. Sizes are bytes of JSON text in UTF-8. */
export interface Limits {
  /** The whole record. From 49,152. @default 65_536 */
  readonly record?: number | undefined
  /** One text inside `data`, `metadata` or `changes`. @default 8_192 */
  readonly text?: number | undefined
  /** `error.stack`. @default 8_192 */
  readonly stack?: number | undefined
  /** Nesting of objects and arrays. @default 16 */
  readonly depth?: number | undefined
  /** Entries of one object or array. @default 1_000 */
  readonly entries?: number | undefined
}

export const limitDefaults = {
  record: 65_536,
  text: 8_192,
  stack: 8_192,
  depth: 16,
  entries: 1_000,
}

/**
 * Most bytes of the fixed fields. They are kept under the limit of any index and of any dialect's
 * row; request, actor, tenant and reason together stay under `ENVELOPE`, which is set aside before
 * anything else counts. Error and targets come next, and at most 25 KiB; the rest is free.
 */
export const fieldLimits = {
  action: 100,
  cause: 1_024,
  host: 255,
  id: 255,
  ip: 64,
  message: 2_048,
  method: 32,
  name: 255,
  path: 2_048,
  reason: 2_048,
  referrer: 1_024,
  requestId: 128,
  role: 255,
  route: 512,
  scheme: 16,
  tenant: 255,
  type: 100,
  userAgent: 512,
  via: 64,
} as const

/** Most targets, delegations, causes and truncated paths of one event. */
export const countLimits = { targets: 50, onBehalfOf: 4, causes: 4, truncated: 24 } as const

export const ENVELOPE = 20_480

/** A value was cut: where, to how many bytes, and how long it was, in UTF-16 units or entries. */
export interface Truncation {
  readonly id: string
  readonly field: string
  readonly limit: number
  readonly length: number
}
