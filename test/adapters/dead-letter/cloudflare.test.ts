import { describe, expect, it } from 'vitest'
import { kvDeadLetter, r2DeadLetter } from '../../../adapters/dead-letter/cloudflare.ts'
import { deadLetterConformance } from '../../conformance/dead-letter.ts'
import { bundlesBackend, queueBackend } from './workerd.ts'

deadLetterConformance('Workers KV', () => bundlesBackend('kv'))
deadLetterConformance('R2', () => bundlesBackend('r2'))
deadLetterConformance('Cloudflare Queue', queueBackend, { ordered: false })

describe('a prefix', () => {
  const unused = (): never => {
    throw new Error('nothing is asked of the backend')
  }
  const binding = { put: unused, get: unused, list: unused, delete: unused }

  it('is refused where a key would become too long for the backend', () => {
    const invalid = expect.objectContaining({ code: 'AUDIT_OPTION_INVALID' })
    expect(() => kvDeadLetter(binding, { prefix: 'ü'.repeat(207) })).toThrow(invalid)
    expect(() => kvDeadLetter(binding, { prefix: 'ü'.repeat(206) })).not.toThrow()
    expect(() => r2DeadLetter(binding, { prefix: 'x'.repeat(925) })).toThrow(invalid)
    expect(() => r2DeadLetter(binding, { prefix: 'x'.repeat(924) })).not.toThrow()
  })
})
