import { expect } from 'vitest'
import { AuditError } from '../../../src/errors.ts'

/** What is said against an option; undefined when nothing is. */
export const told = (check: () => unknown): string | undefined => {
  try {
    check()
    return undefined
  } catch (error) {
    expect(error).toBeInstanceOf(AuditError)
    const { code, detail } = error as AuditError
    expect(code).toBe('AUDIT_OPTION_INVALID')
    return detail
  }
}
