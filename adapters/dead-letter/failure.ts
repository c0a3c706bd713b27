import { AuditError } from '../../src/errors.ts'

/** Gives what a backend rejects with our code, and what it said as the cause. */
export const asked = async <Answer>(answer: Promise<Answer>): Promise<Answer> => {
  try {
    return await answer
  } catch (cause) {
    throw new AuditError('AUDIT_DEAD_LETTER_FAILED', undefined, { cause })
  }
}

/** Throws unless it is a number of letters that `drain` can hand over. */
export const checkPortion = (portion: number): void => {
  if (Number.isSafeInteger(portion) && portion > 0) return
  throw new AuditError('AUDIT_OPTION_INVALID', 'portion: a whole number, 1 or more')
}

/** Throws unless keys of this prefix and our 73 characters fit the backend. */
export const checkPrefix = (prefix: string, longestKey: number): void => {
  const longest = longestKey - 100
  if (new TextEncoder().encode(prefix).byteLength <= longest) return
  throw new AuditError('AUDIT_OPTION_INVALID', `prefix: at most ${longest} bytes`)
}
