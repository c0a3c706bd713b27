import type { AuditOptions, NamePattern } from '../options.ts'
import type { Finishing } from './finish.ts'

/**
 * Whether an action is on a list in which `invoice.*` stands for all that begin like it. The list is
 * spelled as actions are: a capital in it must not make it one of nothing.
 */
export const namesOneOf = (
  written: readonly NamePattern[] = [],
  spell: (action: string) => string,
): ((name: string) => boolean) => {
  const patterns = written.flatMap((pattern) => [pattern, spelled(pattern, spell)])
  return (name) =>
    patterns.some((pattern) =>
      pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern,
    )
}

const spelled = (pattern: string, spell: (action: string) => string): string => {
  try {
    const found: unknown = spell(pattern)
    return typeof found === 'string' && found !== '' && found !== '*' ? found : pattern
  } catch {
    // The app's own spelling takes actions, and this may be half of one.
    return pattern
  }
}

/** What is left out by its action, actor, tenant or kind; undefined when nothing is. */
export const skipping = (
  skip: AuditOptions['skip'],
  spell: (action: string) => string,
): Finishing['skips'] => {
  if (skip === undefined) return undefined
  const { actors = [], kinds = [], tenants = [] } = skip
  const isAction = namesOneOf(skip.actions, spell)
  return (kind, action, { id }, tenant) =>
    kinds.includes(kind) ||
    isAction(action) ||
    actors.includes(id) ||
    (tenant !== null && tenants.includes(tenant))
}
