import type { SecurityRule } from './rule.ts'
import { agentRules } from './rules/agents.ts'
import { commandRules } from './rules/command.ts'
import { markupRules } from './rules/markup.ts'
import { pathRules } from './rules/paths.ts'
import { sqlRules } from './rules/sql.ts'
import { templateRules } from './rules/template.ts'
import { traversalRules } from './rules/traversal.ts'

/**
 * The rules that hold unless you say otherwise: data, each with its id and where it is published.
 * @example
 * import { securityRules } from 'edge-audit/security'
 * const paths = securityRules.filter(({ category }) => category === 'path')
 */
export const securityRules: readonly SecurityRule[] = [
  ...pathRules,
  ...traversalRules,
  ...sqlRules,
  ...markupRules,
  ...commandRules,
  ...templateRules,
  ...agentRules,
]
