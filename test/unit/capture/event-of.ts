import { Hono } from 'hono'
import type { AuditEvent } from '../../../src/event/schema.ts'
import type { AuditOptions } from '../../../src/options.ts'
import { trail } from '../../support/app.ts'

/** The event of one request to an app that answers anything. */
export const eventOf = async (
  request: Request | string,
  options: Partial<AuditOptions> = {},
  answer: (app: Hono) => Hono = (app) => app.all('*', (c) => c.text('ok')),
): Promise<AuditEvent> => {
  const made = trail(options)
  await answer(new Hono().use(made.audit.middleware())).request(request)
  return made.request()
}
