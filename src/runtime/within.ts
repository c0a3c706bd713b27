import { AuditError } from '../errors.ts'

/**
 * The promise, or AUDIT_DEADLINE after so many ms. The timer is cleared in either case: a timer left
 * behind keeps a Lambda or a test alive.
 */
export const within = async <Value>(promise: PromiseLike<Value>, ms: number): Promise<Value> => {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new AuditError('AUDIT_DEADLINE')), Math.max(0, ms))
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}
