/**
 * That auditing starts, stops and changes is itself on record.
 * @module
 */
import type { Lifecycle } from '../seams.ts'
import type { AuditStore } from '../ports/store.ts'
import { isRecord } from '../shape.ts'
import { aboutAudit, settingsTarget } from './about-audit.ts'
import { digest } from './kinds/digest.ts'

/** A value as it may be compared and read: a function is only told to be one, a RegExp by its source. */
const plain = (value: unknown, depth: number): unknown => {
  if (value instanceof RegExp) return String(value)
  if (typeof value === 'function') return '[function]'
  if (depth === 0) return undefined
  if (Array.isArray(value)) return value.map((item: unknown) => plain(item, depth - 1))
  if (!isRecord(value)) return value
  // Sorted: options that are written in another order are no others.
  const names = Object.keys(value).toSorted()
  return Object.fromEntries(names.map((name) => [name, plain(value[name], depth - 1)]))
}

/** Options that are no settings of what is captured. */
const APART: ReadonlySet<string> = new Set([
  'store',
  'ambient',
  'asyncContext',
  'deadLetter',
  'lifecycle',
  'waitUntil',
])

/** The settings in force, as JSON. */
const settingsOf = (options: object): string =>
  JSON.stringify(
    plain(Object.fromEntries(Object.entries(options).filter(([name]) => !APART.has(name))), 6),
  )

const START = 'audit.start'

interface Told {
  readonly digest: string
  readonly settings: unknown
}

/** What the last start of auditing before this told of the settings; undefined when none did. */
const lastTold = async (store: AuditStore, to: number): Promise<Told | undefined> => {
  const { id: targetId, type: targetType } = settingsTarget
  const about = { tenant: null, targetType, targetId, action: START }
  const { rows } = await store.page({ ...about, to, limit: 1 })
  for (const { record } of rows) {
    const event: unknown = JSON.parse(record)
    const data = isRecord(event) ? event['data'] : undefined
    if (isRecord(data) && typeof data['digest'] === 'string')
      return { digest: data['digest'], settings: data['settings'] }
  }
  return undefined
}

/**
 * Records `audit.start` with the settings in force when the first request or job comes,
 * `audit.configure` with both when they are not those of the start before, and `audit.stop` at
 * `close()`. Each isolate and process is a start of its own.
 * @see PCI DSS 4.0, 10.2.1.6
 * @example
 * import { createAudit } from 'edge-audit'
 * import { lifecycle } from 'edge-audit/lifecycle'
 * import { memory } from 'edge-audit/memory'
 * const audit = createAudit({ store: memory(), lifecycle: lifecycle() })
 */
export const lifecycle = (): Lifecycle => ({
  start: async (options, store, tell, startedAt) => {
    const settings = settingsOf(options)
    const data: Readonly<Record<string, unknown>> = { digest: digest(settings), settings }
    // Told first, with what the scope records itself; the store is asked beside it.
    tell(aboutAudit(START, { data }))
    const before = await lastTold(store(), startedAt)
    if (before === undefined || before.digest === data['digest']) return
    const changes = { settings: { old: before.settings, new: settings } }
    tell(aboutAudit('audit.configure', { data, changes }))
  },
  stop: aboutAudit('audit.stop'),
})
