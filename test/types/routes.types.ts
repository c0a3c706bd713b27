// What a wrong use of the routes looks like to an app, and to a client, that is written in TypeScript.

import { type Context, Hono } from 'hono'
import { hc } from 'hono/client'
import { auditRoutes } from '../../adapters/http/routes.ts'
import type { Audit } from '../../src/index.ts'

declare const audit: Audit

type Env = { Variables: { user?: { role: string; tenant: string } } }

// The app's own context may be named, or left to be any.
const routes = auditRoutes(audit, {
  authorize: (c: Context<Env>, action) =>
    action !== 'resolve' && { tenant: c.get('user')?.tenant ?? null },
})
auditRoutes(audit, { authorize: (c) => c.get('user')?.role === 'auditor' })
auditRoutes(audit, { authorize: async () => ({ tenants: 'all', fields: ['reason'] }) })
export const app = new Hono<Env>().route('/audit', routes)

// @ts-expect-error there is no default for who may
auditRoutes(audit, {})
// @ts-expect-error a fence says whose events may be seen
auditRoutes(audit, { authorize: () => ({ actors: ['ada'] }) })
// @ts-expect-error an answer is yes, no, or a fence
auditRoutes(audit, { authorize: () => 'yes' })
// @ts-expect-error an option that is not known
auditRoutes(audit, { authorize: () => true, cors: true })

export const client = hc<typeof app>('/').audit

export const asked = async (): Promise<void> => {
  await client.events.$get()
  await client.events.$get({
    query: { actor: ['ada', 'bob'], order: 'oldest', 'metadata.plan': 'pro' },
  })
  await client.events[':id'].$get({ param: { id: 'x' } })
  await client.issues[':id'].reopen.$post({ param: { id: 'x' }, json: {} })

  // @ts-expect-error a parameter that is not known
  await client.events.$get({ query: { nobody: '1' } })
  // @ts-expect-error an order that there is not
  await client.events.$get({ query: { order: 'sideways' } })
  // @ts-expect-error a history is of one thing
  await client.history.$get({ query: { targetType: 'invoice' } })
  // @ts-expect-error a note is a text
  await client.issues[':id'].resolve.$post({ param: { id: 'x' }, json: { note: 7 } })
  // @ts-expect-error an event has an id
  await client.events[':id'].$get({})
}

export const read = async (): Promise<number | undefined> => {
  const response = await client.events.$get({ query: {} })
  // @ts-expect-error it may be a problem, which has no events
  await response.json().then(({ events }) => events)
  if (!response.ok) return (await response.json()).errors?.length
  const { events, count } = await response.json()
  const [event] = events
  // @ts-expect-error an event has no such member
  const nobody: unknown = event?.nobody
  return nobody === undefined ? count?.count : event?.occurredAt
}
