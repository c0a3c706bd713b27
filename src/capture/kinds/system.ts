import { faultOf } from '../../event/fault.ts'
import type { ActorInput, EventInput } from '../../input.ts'
import { textOf } from '../actor.ts'
import { digest } from './digest.ts'
import { callerOf, type Frame, frameOf } from './frame.ts'
import type { Telling, Told } from './told.ts'

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
  /** The tenant of the issue. @default the scope's */
  readonly tenant?: string | null | undefined
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

const TYPES: ReadonlySet<string> = new Set([
  'error',
  'warning',
  'info',
  'security',
  'performance',
  'maintenance',
])

const SEVERITIES: { readonly [Type in SystemType]?: Severity } = {
  error: 'high',
  security: 'high',
  warning: 'medium',
  performance: 'medium',
}

/** Order 4711 and order 4712 fail for one reason; so do two UUIDs, and 1.5 s and 12:30. */
const withoutIds = (title: string): string =>
  title
    .slice(0, 512)
    .replaceAll(/[\w-]+(?:[.,:]\d[\w-]*)*/g, (word) =>
      /\d|^[\da-f]{8,}$/i.test(word) ? '#' : word,
    )

interface Issue {
  readonly id: string
  readonly event: Partial<EventInput>
}

const issueOf = (type: SystemType, input: SystemInput, caller: () => Frame): Issue => {
  const { title, description, severity, code, fingerprint, line, ...rest } = input
  const { function: fn, module, ...told } = rest
  const fault = told.error === undefined ? undefined : faultOf(told.error, true)
  const frame = fault === undefined ? caller() : frameOf(fault.stack, fault.message)
  const place = {
    function: textOf(fn) ?? frame.function,
    module: textOf(module) ?? frame.module,
    line: line ?? frame.line,
  }
  const named = textOf(title) ?? (fault === undefined ? type : `${fault.type}: ${fault.message}`)
  const parts = [type, textOf(code), fault?.type, place.module, place.function, withoutIds(named)]
  const id = textOf(fingerprint) ?? digest(parts.map((part) => part ?? '').join('\n'))
  return {
    id,
    event: {
      ...told,
      outcome: told.outcome ?? (type === 'error' ? 'failure' : 'unknown'),
      target: { type: 'issue', id, name: named },
      data: {
        code,
        description,
        fingerprint: id,
        function: place.function,
        line: place.line,
        module: place.module,
        severity: severity ?? SEVERITIES[type] ?? 'low',
        title: named,
      },
    },
  }
}

export const systemKinds = (tell: Telling): SystemKinds => {
  const system: SystemKinds['system'] = (written, input) => {
    const type = isType(written) ? written : 'info'
    const caller = (): Frame => callerOf(system)
    let id = ''
    const event = (from: SystemInput) => (): Partial<EventInput> => {
      const issue = issueOf(type, from, caller)
      id = issue.id
      return issue.event
    }
    tell({ kind: 'system', action: `system.${type}` }, event(input ?? {}), event({}))
    return id
  }

  const decide =
    (action: string): SystemKinds['resolve'] =>
    (issues, resolution) => {
      const decided = (id: string | undefined): void => {
        const target = id === undefined ? undefined : { type: 'issue', id }
        tell({ kind: 'system', action, target }, () => {
          const { by, note, tenant } = resolution ?? {}
          return { actor: by, tenant, data: { note } }
        })
      }
      listOf(issues).forEach(decided)
    }
  return { system, resolve: decide('system.resolve'), reopen: decide('system.reopen') }
}

const isType = (type: unknown): type is SystemType => typeof type === 'string' && TYPES.has(type)

/** One or some; of what is neither an event is left that names none. */
const listOf = (issues: string | readonly string[]): readonly (string | undefined)[] => {
  try {
    return typeof issues === 'string' ? [issues] : [...issues]
  } catch {
    return [undefined]
  }
}
