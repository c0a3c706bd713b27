import { isAuditError, type AuditError } from './errors.ts'
import type { AuditEvent } from './event/schema.ts'

// What is told when the app has named nobody to tell. One structured line, and never a body, a
// message of a foreign error, or any other text that could hold a secret.

/** Most events that a line names. */
const NAMED = 20

/** The default of `onLoss`. */
export const lossOnConsole = (events: readonly AuditEvent[], error: AuditError): void => {
  console.error(
    JSON.stringify({
      level: 'error',
      message: 'edge-audit: events were lost',
      code: error.code,
      count: events.length,
      events: events
        .slice(0, NAMED)
        .map(({ id, kind, action, occurredAt }) => ({ id, kind, action, occurredAt })),
    }),
  )
}

/** What a dry run shows. */
export const showOnConsole = (event: unknown): void => console.info(JSON.stringify(event))

/** The default of `onError`: the first error of each place. */
export const errorOnConsole = (): ((where: string, error: unknown) => void) => {
  const told = new Set<string>()
  return (where, error) => {
    if (told.has(where)) return
    told.add(where)
    const name = isAuditError(error)
      ? error.message
      : error instanceof Error
        ? error.name
        : typeof error
    console.warn(
      JSON.stringify({
        level: 'warn',
        message: `edge-audit: ${where} failed, and the event is kept; onError tells each`,
        error: name,
      }),
    )
  }
}

/** Calls a hook of the app's; what it throws is the app's mistake and must not reach a response. */
export const quietly =
  <Parameters extends readonly unknown[]>(
    hook: (...parameters: Parameters) => void,
    otherwise: (...parameters: Parameters) => void,
  ): ((...parameters: Parameters) => void) =>
  (...parameters) => {
    try {
      // A type of `void` accepts async functions too.
      const told: unknown = hook(...parameters)
      if (told instanceof Promise) told.catch(() => otherwise(...parameters))
    } catch {
      // The hook failed at telling: the console is told instead, so that nothing goes in silence.
      otherwise(...parameters)
    }
  }
