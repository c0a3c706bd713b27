import { describe, expect, it } from 'vitest'
import { s3, type S3Options } from '../../../adapters/archive/s3.ts'

const valid: S3Options = {
  bucket: 'bucket',
  region: 'auto',
  accessKeyId: 'AKIAEXAMPLE',
  secretAccessKey: 'key',
}

describe('the options of s3', () => {
  it.each([
    {},
    { endpoint: 'http://127.0.0.1:9000/path/' },
    { sessionToken: 'a+/=', prefix: 'a/b/', objectLock: 'governance', fetch },
    { endpoint: undefined, sessionToken: undefined, prefix: undefined, objectLock: undefined },
  ] as const)('are taken: %j', (more) => {
    expect(s3({ ...valid, ...more })).toHaveProperty('put')
  })

  it.each([
    ['bucket', { bucket: 'a/b' }],
    ['bucket', { bucket: '' }],
    ['endpoint', { endpoint: 'ftp://hidden' }],
    ['endpoint', { endpoint: 'https://key:hidden@s3.test' }],
    ['endpoint', { endpoint: 'https://s3.test/?hidden' }],
    ['endpoint', { endpoint: 's3.hidden.test' }],
    ['region', { region: '' }],
    ['accessKeyId', { accessKeyId: '' }],
    ['secretAccessKey', { secretAccessKey: 'hidden\n' }],
    ['sessionToken', { sessionToken: 'hid hidden' }],
    ['prefix', { prefix: '/hidden' }],
    ['prefix', { prefix: 'x'.repeat(125) }],
    ['objectLock', { objectLock: 'COMPLIANCE' }],
    ['fetch', { fetch: 'hidden' }],
    ['secretKey', { secretKey: 'hidden' }],
  ])('refuses a wrong %s: %j', (name, wrong) => {
    const given = { ...valid, ...wrong } as S3Options
    let error: unknown
    try {
      s3(given)
    } catch (cause) {
      error = cause
    }
    expect(error).toMatchObject({ code: 'AUDIT_OPTION_INVALID' })
    expect(error).toHaveProperty('detail', expect.stringMatching(new RegExp(`^${name}\\b`)))
    expect(String(error)).not.toContain('hidden')
  })
})
