import { AuditError, isAuditError } from '../../src/errors.ts'
import { unlessAborted } from '../../src/runtime/abort.ts'

/** What an error of a store means. `detail` is a code of the store, never its message: messages quote paths. */
export interface Failure {
  readonly code: 'AUDIT_ARCHIVE_UNAVAILABLE' | 'AUDIT_ARCHIVE_REFUSED'
  readonly detail: string
}

const aborted = (): AuditError => new AuditError('AUDIT_ARCHIVE_UNAVAILABLE', 'aborted')

/** @throws {AuditError} AUDIT_ARCHIVE_UNAVAILABLE once the signal is aborted. */
export const stopIfAborted = (signal: AbortSignal | undefined): void => {
  if (signal?.aborted === true) throw aborted()
}

/**
 * Runs one call of a store. Whatever goes wrong leaves as an AuditError without a cause: the errors of
 * file systems name paths, those of `fetch` can hold a signed request.
 */
export const guarded = async <Result>(
  work: () => Promise<Result>,
  classify: (error: unknown) => Failure,
  signal: AbortSignal | undefined,
): Promise<Result> => {
  try {
    return await unlessAborted(work, signal, aborted)
  } catch (error) {
    stopIfAborted(signal)
    if (isAuditError(error)) throw error
    const { code, detail } = classify(error)
    throw new AuditError(code, detail)
  }
}
