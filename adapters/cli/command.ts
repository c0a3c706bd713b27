import type { parseArgs } from 'node:util'

const text = { type: 'string' } as const
const flag = { type: 'boolean' } as const

/** Every option of every command, so that one word means one thing, or at least has one form. */
export const options = {
  url: text,
  'auth-token': text,
  help: { type: 'boolean', short: 'h' },
  json: flag,
  text: flag,
  to: text,
  from: text,
  'archive-after': text,
  'delete-after': text,
  policies: text,
  format: text,
  'object-lock': text,
  budget: text,
  'dry-run': flag,
  archive: text,
  into: text,
  hold: text,
  tenant: text,
  'no-tenant': flag,
  actor: text,
  'target-type': text,
  'target-id': text,
  everything: flag,
  reason: text,
  by: text,
  out: text,
  filter: text,
  state: text,
  order: text,
  limit: text,
  most: text,
  language: text,
  'time-zone': text,
  events: text,
  attach: flag,
  font: { type: 'string', multiple: true },
} as const

export type OptionName = keyof typeof options

export type Values = ReturnType<
  typeof parseArgs<{ readonly args: string[]; readonly options: typeof options }>
>['values']

/** What was written on the command line, and what surrounds it. */
export interface Given {
  readonly values: Values
  /** What stands behind the command and is no option. */
  readonly rest: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
}

/** What a command says. */
export interface Told {
  /** For people. */
  readonly text: string
  /** For machines, by `--json`. */
  readonly data?: unknown
  /** @default 0 */
  readonly code?: number
}

export interface Command {
  readonly help: string
  /** Those it takes besides `--help`. */
  readonly takes: readonly OptionName[]
  /** What stands behind it: `<id>`. @default nothing */
  readonly argument?: string
  readonly run: (given: Given) => Promise<Told>
}

/** An option that the command cannot do without. */
export const needed = ({ values }: Given, name: OptionName): string => {
  const value = values[name]
  if (typeof value !== 'string' || value === '') throw new Error(`--${name} must be given.`)
  return value
}

/** Who asks for it, and why: both stand in the books for good. */
export const whyOf = (given: Given): { readonly reason: string; readonly by: string } => ({
  reason: needed(given, 'reason'),
  by: needed(given, 'by'),
})

/** A tenant, null for events that have none, undefined for all. */
export const tenantOf = ({ values }: Given): string | null | undefined => {
  const { tenant, 'no-tenant': none = false } = values
  if (none && tenant !== undefined) throw new Error('Give --tenant or --no-tenant, not both.')
  return none ? null : tenant
}
