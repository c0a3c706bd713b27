import type { AuditErrorCode } from '../../src/errors.ts'
import { AuditError, isAuditError } from '../../src/errors.ts'
import { unlessAborted } from '../../src/runtime/abort.ts'

/** What a backend's error means. `detail` is a code of the backend, never its message: messages quote values. */
export interface Failure {
  readonly code: AuditErrorCode
  readonly detail?: string | undefined
}

export type Classify = (error: unknown) => Failure

export interface Link {
  readonly code: string
  readonly status: number | undefined
  readonly message: string
}

// Drivers wrap one another: DrizzleQueryError > LibsqlError > HttpServerError is the longest seen.
const deepest = 6

/** The error and what caused it, outermost first, as the few fields that tell what happened. */
export const linksOf = (error: unknown): readonly Link[] => {
  const links: Link[] = []
  let link = error
  while (typeof link === 'object' && link !== null && links.length < deepest) {
    const code = 'code' in link && typeof link.code === 'string' ? link.code : ''
    const status = 'status' in link && typeof link.status === 'number' ? link.status : undefined
    const message = 'message' in link && typeof link.message === 'string' ? link.message : ''
    links.push({ code, status, message })
    link = 'cause' in link ? link.cause : undefined
  }
  return links
}

/** An HTTP answer that is worth another try. */
export const passing = (status: number): boolean =>
  status >= 500 || status === 429 || status === 408

const aborted = (): AuditError => new AuditError('AUDIT_STORE_UNAVAILABLE', 'aborted')

/**
 * Runs one call of a store. Whatever goes wrong leaves as an AuditError without a cause: the errors
 * of Drizzle, of PostgreSQL (`detail`) and of the drivers can hold the values of the row.
 */
export const guarded = async <Result>(
  work: () => Promise<Result>,
  classify: Classify,
  signal?: AbortSignal,
): Promise<Result> => {
  try {
    return await unlessAborted(work, signal, aborted)
  } catch (error) {
    if (isAuditError(error)) throw error
    if (signal?.aborted) throw aborted()
    const { code, detail } = classify(error)
    throw new AuditError(code, detail)
  }
}
