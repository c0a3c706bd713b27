import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import type { AuditOptions } from '../../../src/options.ts'
import { trail } from '../../support/app.ts'

const headersOf = async (headers: Record<string, string>, options: Partial<AuditOptions>) => {
  const { audit, request } = trail(options)
  await new Hono().use(audit.middleware()).request('/', { headers })
  return (await request()).data?.['headers']
}

describe('headers', () => {
  it('are none by default', async () => {
    expect(await headersOf({ accept: 'text/html' }, {})).toBeUndefined()
  })

  it('are those on the list, in any case, and no other', async () => {
    const headers = { Accept: 'text/html', 'x-other': '1' }
    expect(await headersOf(headers, { headers: ['ACCEPT', 'x-absent'] })).toEqual({
      accept: 'text/html',
    })
  })

  it.each([
    'authorization',
    'Proxy-Authorization',
    'cookie',
    'Cookie2',
    'set-cookie',
    'x-api-key',
    'X-Auth-Token',
    'x-amz-security-token',
    'cf-access-jwt-assertion',
    'x-forwarded-client-cert',
    'x-csrf-token',
  ])('that carry credentials are masked, whatever the redactor is told: %s', async (name) => {
    const kept = await headersOf(
      { [name]: 'Basic hunter2' },
      { headers: [name], redact: { defaults: false, allow: [name], detect: [] } },
    )
    expect(kept).toEqual({ [name.toLowerCase()]: '***REDACTED***' })
  })

  it('have their secrets masked like all text', async () => {
    const kept = await headersOf({ 'x-note': 'Bearer abcdefgh' }, { headers: ['x-note'] })
    expect(kept).toEqual({ 'x-note': 'Bearer ***REDACTED***' })
  })
})
