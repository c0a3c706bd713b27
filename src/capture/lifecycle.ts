import type { AuditOptions, EventInput } from '../options.ts'
import type { AuditStore } from '../ports/store.ts'
import { isRecord } from '../shape.ts'
import { system } from './actor.ts'
import { digest } from './kinds/digest.ts'
import type { Scope } from './scope.ts'

// That auditing starts, stops and changes is itself on record (PCI DSS 4.0, 10.2.1.6).

const target = { type: 'audit', id: 'settings' }

/** An event of auditing itself. */
export const aboutAudit = (
  action: string,
  more: Partial<Omit<EventInput, 'action' | 'kind' | 'target'>> = {},
): EventInput => ({ actor: system, tenant: null, ...more, kind: 'system', action, target })

/** A value as it may be compared and read: a function is only told to be one, a RegExp by its source. */
const plain = (value: unknown, depth: number): unknown => {
  if (value instanceof RegExp) return String(value)
  if (typeof value === 'function') return '[function]'
  if (depth === 0) return undefined
  if (Array.isArray(value)) return value.map((item: unknown) => plain(item, depth - 1))
  if (!isRecord(value)) return value
  const members = Object.entries(value).map(([name, member]) => [name, plain(member, depth - 1)])
  return Object.fromEntries(members)
}

/** The settings in force, as JSON: what of them is no setting of what is captured is left out. */
const settingsOf = (options: AuditOptions): string => {
  const { store, ambient, asyncContext, deadLetter, waitUntil, ...rest } = options
  return JSON.stringify(plain(rest, 6))
}

interface Told {
  readonly digest: string
  readonly settings: unknown
}

/** What the last start or change of auditing told of the settings; undefined when none did. */
const lastTold = async (store: AuditStore): Promise<Told | undefined> => {
  const about = { tenant: null, targetType: target.type, targetId: target.id }
  const { rows } = await store.page({ ...about, limit: 20 })
  for (const { record } of rows) {
    const event: unknown = JSON.parse(record)
    const data = isRecord(event) ? event['data'] : undefined
    if (isRecord(data) && typeof data['digest'] === 'string')
      return { digest: data['digest'], settings: data['settings'] }
  }
  return undefined
}

export interface Starting {
  readonly options: AuditOptions
  readonly store: (env: unknown) => AuditStore
  readonly tell: (event: EventInput, scope: Scope) => void
  readonly onError: (where: string, error: unknown) => void
}

/** What the first scope of this audit tells: that auditing starts, and whether its settings changed. */
export const starter = ({ options, store, tell, onError }: Starting): ((scope: Scope) => void) => {
  const settings = settingsOf(options)
  const now: Told = { digest: digest(settings), settings }
  return (scope) => {
    // Asked before the start is stored, and by a job of its own: no request waits for the answer.
    const asked = (async () => lastTold(store(scope.env)))().then(
      (before) => {
        if (before === undefined || before.digest === now.digest) return
        const changes = { settings: { old: before.settings, new: settings } }
        tell(aboutAudit('audit.configure', { data: { ...now }, changes }), scope)
      },
      // A store that is down, or has no tables yet, tells of itself when something is stored.
      (error: unknown) => onError('lifecycle', error),
    )
    scope.work.push(asked)
    tell(aboutAudit('audit.start', { data: { ...now } }), scope)
  }
}
