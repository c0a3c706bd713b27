/**
 * Gives actions a schema each.
 * @module
 */
import { AuditError } from '../errors.ts'
import type { Registry } from '../seams.ts'

/** What is used of a schema: Zod's, Valibot's, ArkType's … (https://standardschema.dev). */
export interface StandardSchema<Input = unknown> {
  readonly '~standard': {
    readonly validate: (value: unknown) => unknown
    readonly types?: { readonly input: Input } | undefined
  }
}

export type ActionSchemas = { readonly [action: string]: StandardSchema }

/** Actions with what their metadata must be. The types are for the compiler, `check` for the rest. */
export interface Actions<Schemas extends ActionSchemas> extends Registry {
  readonly schemas: Schemas
}

/** Problems that are told of one event. */
const MOST = 50

const isObject = (value: unknown): value is { readonly [name: string]: unknown } =>
  typeof value === 'object' && value !== null

/** `lines.0.amount` of an issue's path, whose parts are keys or objects that hold one. */
const pathOf = (issue: unknown): string => {
  const path = isObject(issue) && Array.isArray(issue['path']) ? issue['path'] : []
  const parts = path.map((part: unknown) => String(isObject(part) ? part['key'] : part))
  return ['metadata', ...parts].join('.')
}

/**
 * Says what the metadata of your actions must be: a wrong payload does not compile, and one that
 * comes all the same is kept, marked in `data.invalid`, and told to `onInvalid`. Schemas are
 * synchronous ones of any library that speaks Standard Schema.
 * @example
 * import { createAudit } from 'edge-audit'
 * import { defineActions } from 'edge-audit/actions'
 * import { memory } from 'edge-audit/memory'
 * import * as z from 'zod'
 * const actions = defineActions({ 'invoice.refund': z.object({ amount: z.number() }) })
 * const audit = createAudit({ store: memory(), actions })
 * audit.record({ action: 'invoice.refund', metadata: { amount: 12 } })
 */
export const defineActions = <const Schemas extends ActionSchemas>(
  schemas: Schemas,
): Actions<Schemas> => ({
  schemas,
  check: (action, metadata) => {
    const schema = Object.hasOwn(schemas, action) ? schemas[action] : undefined
    if (schema === undefined) return []
    const result = schema['~standard'].validate(metadata ?? {})
    if (result instanceof Promise) {
      result.catch(() => undefined)
      throw new AuditError('AUDIT_OPTION_INVALID', `the schema of ${action} is asynchronous`)
    }
    const issues = isObject(result) ? result['issues'] : undefined
    return Array.isArray(issues) ? issues.slice(0, MOST).map(pathOf) : []
  },
})
