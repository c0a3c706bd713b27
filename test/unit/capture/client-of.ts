import { Hono } from 'hono'
import { expect } from 'vitest'
import type { Geo } from '../../../src/event/schema.ts'
import type { AuditOptions } from '../../../src/options.ts'
import { trail } from '../../support/app.ts'

export interface Client {
  readonly ip: string | undefined
  readonly ipFrom: string | undefined
  readonly geo: Geo | undefined
  readonly errors: readonly unknown[]
}

export interface Asked {
  readonly headers?: Record<string, string>
  readonly env?: object
  readonly cf?: object
}

/** The client as the event knows it, of a request shaped as a platform shapes it. */
export const clientOf = async (
  { headers = {}, env = {}, cf }: Asked,
  options: Partial<AuditOptions> = {},
): Promise<Client> => {
  const { audit, request, errors } = trail(options)
  const app = new Hono().use(audit.middleware()).get('/', (c) => c.text('ok'))
  const asked = new Request('http://localhost/', { headers })
  if (cf !== undefined) Object.defineProperty(asked, 'cf', { value: cf })
  expect((await app.fetch(asked, env)).status).toBe(200)
  const { ip, ipFrom, geo } = (await request()).request ?? {}
  return { ip, ipFrom, geo, errors }
}

/** Present where a request came through Vercel. */
export const vercel = Symbol.for('@vercel/request-context')
