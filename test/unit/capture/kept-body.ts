import { type Context, Hono } from 'hono'
import { expect } from 'vitest'
import type { AuditEvent } from '../../../src/event/schema.ts'
import { body as keeping, type BodyOptions } from '../../../src/capture/body/body.ts'
import { trail } from '../../support/app.ts'

export type Read = (c: Context) => unknown

/** What is kept of a body that a handler reads in its way. */
export const kept = async (
  body: BodyInit,
  type: string | undefined,
  read: Read,
  options: BodyOptions = {},
): Promise<AuditEvent> => {
  const made = trail({ rules: [{ match: '**', body: keeping({ request: true, ...options }) }] })
  const app = new Hono().use(made.audit.middleware()).post('/a', async (c) => {
    await read(c)
    return c.text('ok')
  })
  const headers = type === undefined ? {} : { 'content-type': type }
  const response = await app.request('/a', { method: 'POST', body, headers })
  expect(response.status).toBe(200)
  return made.request()
}

export const json = 'application/json'
export const urlencoded = 'application/x-www-form-urlencoded'
