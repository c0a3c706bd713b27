import { hc } from 'hono/client'
import { describe, expect, it } from 'vitest'
import type { auditRoutes } from '../../../adapters/http/routes.ts'
import { desk } from './desk.ts'

const clientOf = (made: ReturnType<typeof desk>) =>
  hc<ReturnType<typeof auditRoutes>>('http://desk.example/audit', {
    fetch: (input: RequestInfo | URL, init?: RequestInit) => made.app.request(input, init),
  })

describe('the typed client', () => {
  it('asks for events by their parameters, page by page', async () => {
    const made = desk()
    await made.put({ action: 'a', metadata: { plan: 'pro' } }, { action: 'b' })
    const client = clientOf(made)
    const query = {
      kind: ['custom' as const],
      'metadata.plan': 'pro',
      limit: '1',
      count: 'true' as const,
    }
    const response = await client.events.$get({ query })
    if (!response.ok) throw new Error(String(response.status))
    const { events, next, count } = await response.json()
    expect([events[0]?.action, next, count?.count]).toEqual(['a', null, 1])
    const one = await client.events[':id'].$get({ param: { id: events[0]?.id ?? '' } })
    if (!one.ok) throw new Error(String(one.status))
    expect((await one.json()).event.metadata).toEqual({ plan: 'pro' })
  })

  it('is told what was wrong by a type of its own', async () => {
    const client = clientOf(desk())
    const response = await client.history.$get({ query: { targetType: '', targetId: '7' } })
    if (response.ok) throw new Error('it should have been refused')
    const { status, errors } = await response.json()
    expect([status, errors?.map(({ parameter }) => parameter)]).toEqual([400, ['targetType']])
  })

  it('resolves issues, and fetches files', async () => {
    const made = desk()
    await made.put({
      kind: 'system',
      action: 'system.error',
      target: { type: 'issue', id: 'disk' },
    })
    const client = clientOf(made)
    const answer = await client.issues[':id'].resolve.$post({
      param: { id: 'disk' },
      json: { note: 'ok' },
    })
    if (!answer.ok) throw new Error(String(answer.status))
    expect((await answer.json()).resolution?.note).toBe('ok')
    const file = await client.export.$get({ query: { format: 'ndjson', trailer: 'false' } })
    expect((await file.text()).split('\n').length).toBeGreaterThan(1)
  })
})
