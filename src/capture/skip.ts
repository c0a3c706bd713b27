import type { AuditOptions, NamePattern } from '../options.ts'
import type { Finishing } from './finish.ts'

/** Whether a name is on a list in which `invoice.*` stands for all that begin like it. */
export const namesOneOf = (patterns: readonly NamePattern[] = []): ((name: string) => boolean) => {
  const exact = new Set(patterns.filter((pattern) => !pattern.endsWith('*')))
  const starts = patterns
    .filter((pattern) => pattern.endsWith('*'))
    .map((pattern) => pattern.slice(0, -1))
  return (name) => exact.has(name) || starts.some((start) => name.startsWith(start))
}

/** What is left out by its action, actor, tenant or kind; undefined when nothing is. */
export const skipping = (skip: AuditOptions['skip']): Finishing['skips'] => {
  if (skip === undefined) return undefined
  const isAction = namesOneOf(skip.actions)
  const actors = new Set(skip.actors)
  const tenants = new Set<string | null>(skip.tenants)
  const kinds = new Set(skip.kinds)
  return (kind, action, actor, tenant) =>
    kinds.has(kind) || isAction(action) || actors.has(actor.id) || tenants.has(tenant)
}
