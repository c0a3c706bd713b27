import { faultOf } from '../../event/fault.ts'
import type { ActorInput } from '../../input.ts'
import { digest } from './digest.ts'
import { callerOf, type Frame, frameOf } from './frame.ts'
import type { Tell, Told } from './told.ts'

export type SystemType = 'error' | 'warning' | 'info' | 'security' | 'performance' | 'maintenance'

export type Severity = 'low' | 'medium' | 'high' | 'critical'

export interface SystemInput extends Omit<Told, 'target' | 'targets'>, Frame {
  /** @default the error's type and message */
  readonly title?: string | undefined
  readonly description?: string | undefined
  /** @default high for errors and security, medium for warnings and performance, else low */
  readonly severity?: Severity | undefined
  /** An error code of your own. */
  readonly code?: string | undefined
  /** Equal ones are one issue. @default made of type, code, error, place and title without its numbers */
  readonly fingerprint?: string | undefined
}

export interface Resolution {
  /** Who decided. @default the scope's actor */
  readonly by?: ActorInput | undefined
  readonly note?: string | undefined
}

export interface SystemKinds {
  /**
   * Records something of the system's own, and gives the id of its issue: equal ones share it.
   * `function`, `module` and `line` are read from the error's stack, or are the caller's.
   * @example
   * const issue = audit.system('error', { error, code: 'E_MAIL' })
   * audit.resolve(issue, { note: 'mail server was full' })
   */
  system(type: SystemType, input?: SystemInput): string
  /** Says that issues are dealt with. One event for each. */
  resolve(issues: string | readonly string[], resolution?: Resolution): void
  reopen(issues: string | readonly string[], resolution?: Resolution): void
}

const SEVERITIES: { readonly [Type in SystemType]?: Severity } = {
  error: 'high',
  security: 'high',
  warning: 'medium',
  performance: 'medium',
}

/** Order 4711 and order 4712 fail for one reason; so do two UUIDs. */
const without = (title: string): string =>
  title.slice(0, 512).replaceAll(/[\da-f]{8,}|[\da-f]*\d[\da-f-]*/gi, '#')

export const systemKinds = (record: Tell): SystemKinds => {
  const system: SystemKinds['system'] = (type, input = {}) => {
    const {
      title,
      description,
      severity,
      code,
      fingerprint,
      function: fn,
      module,
      line,
      ...told
    } = input
    const fault = told.error === undefined ? undefined : faultOf(told.error, true)
    const frame = fault === undefined ? callerOf(system) : frameOf(fault.stack)
    const place = {
      function: fn ?? frame.function,
      module: module ?? frame.module,
      line: line ?? frame.line,
    }
    const named = title ?? (fault === undefined ? type : `${fault.type}: ${fault.message}`)
    const parts = [type, code, fault?.type, place.module, place.function, without(named)]
    const known = fingerprint ?? digest(parts.map((part) => part ?? '').join('\n'))
    record({
      ...told,
      kind: 'system',
      action: `system.${type}`,
      outcome: told.outcome ?? (type === 'error' ? 'failure' : 'unknown'),
      target: { type: 'issue', id: known, name: named },
      data: {
        code,
        description,
        fingerprint: known,
        function: place.function,
        line: place.line,
        module: place.module,
        severity: severity ?? SEVERITIES[type] ?? 'low',
        title: named,
      },
    })
    return known
  }

  const decide =
    (action: string): SystemKinds['resolve'] =>
    (issues, { by, note } = {}) => {
      for (const id of typeof issues === 'string' ? [issues] : issues) {
        const target = { type: 'issue', id }
        record({ kind: 'system', action, target, actor: by, data: { note } })
      }
    }
  return { system, resolve: decide('system.resolve'), reopen: decide('system.reopen') }
}
