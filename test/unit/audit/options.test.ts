import { describe, expect, it } from 'vitest'
import { memory } from '../../../adapters/store/memory.ts'
import { createAudit } from '../../../src/audit.ts'

const make = (options: object) => () => createAudit({ store: memory(), ...options })

describe('createAudit', () => {
  it.each<[string, object]>([
    ['store', { store: undefined }],
    ['store', { store: { append: () => undefined } }],
    ['colour', { colour: 'secret-value' }],
    ['enabled', { enabled: 'secret-value' }],
    ['dryRun', { dryRun: 1 }],
    ['include', { include: '/secret-value' }],
    ['exclude[0]', { exclude: [7] }],
    ['rules[1].match', { rules: [{ match: '/' }, { sample: 1 }] }],
    ['rules[0].sample', { rules: [{ match: '/', sample: 1.5 }] }],
    ['rules[0].delivery', { rules: [{ match: '/', delivery: 'transaction' }] }],
    ['rules[0].body', { rules: [{ match: '/', body: { request: true } }] }],
    ['rules[0].body', { rules: [{ match: '/', body: true }] }],
    ['rules[0].match.regexp', { rules: [{ match: { regexp: '(' } }] }],
    ['rules[0].match.path2', { rules: [{ match: { path2: '/' } }] }],
    ['actor[1]', { actor: [() => null, 'secret-value'] }],
    ['tenant', { tenant: 'secret-value' }],
    ['headers[0]', { headers: [7] }],
    ['address', { address: 'secret-value' }],
    ['redact.hash', { redact: { mask: 'hash' } }],
    ['redact.hash', { redact: { hash: 'secret-value' } }],
    ['delivery', { delivery: 'later' }],
    ['onFailure', { onFailure: 'secret-value' }],
    ['deadline', { deadline: 0 }],
    ['retry.attempts', { retry: { attempts: Infinity } }],
    ['batch.events', { batch: { events: 1_001 } }],
    ['queue.bytes', { queue: { bytes: 1 } }],
    ['deadLetter', { deadLetter: {} }],
    ['onLoss', { onLoss: true }],
    ['asyncContext', { asyncContext: {} }],
  ])('refuses a wrong option by its path, and never tells its value: %s', (path, options) => {
    expect(make(options)).toThrow(
      expect.objectContaining({
        code: 'AUDIT_OPTION_INVALID',
        detail: expect.stringContaining(path),
      }),
    )
    expect(make(options)).not.toThrow(/secret-value/)
  })

  it('does no I/O and makes no store', () => {
    const store = (): never => {
      throw new Error('not now')
    }
    expect(make({ store })).not.toThrow()
  })

  it('makes no store for reading but that of the app', async () => {
    const store = memory()
    const audit = createAudit({ store })
    expect(audit.store()).toBe(store)
    expect(await audit.migrate()).toEqual([])
  })
})
