import type { AuditOptions, NamePattern } from '../options.ts'
import type { Finishing } from './finish.ts'

/** Whether a name is on a list in which `invoice.*` stands for all that begin like it. */
export const namesOneOf =
  (patterns: readonly NamePattern[] = []): ((name: string) => boolean) =>
  (name) =>
    patterns.some((pattern) =>
      pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern,
    )

/** What is left out by its action, actor, tenant or kind; undefined when nothing is. */
export const skipping = (skip: AuditOptions['skip']): Finishing['skips'] => {
  if (skip === undefined) return undefined
  const { actions, actors = [], kinds = [], tenants = [] } = skip
  const isAction = namesOneOf(actions)
  return (kind, action, { id }, tenant) =>
    kinds.includes(kind) ||
    isAction(action) ||
    actors.includes(id) ||
    (tenant !== null && tenants.includes(tenant))
}
