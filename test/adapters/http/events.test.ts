import { describe, expect, it } from 'vitest'
import type { EventInput } from '../../../src/input.ts'
import { desk, NOW } from './desk.ts'

interface Listed {
  readonly events: readonly { readonly id: string; readonly action: string }[]
  readonly next: string | null
  readonly count?: { readonly count: number; readonly more: boolean; readonly text: string }
}

const events: readonly EventInput[] = [
  {
    action: 'a.first',
    kind: 'change',
    actor: { id: 'ada', onBehalfOf: [{ id: 'eve' }] },
    targets: [
      { type: 'invoice', id: '7' },
      { type: 'order', id: '9' },
    ],
    outcome: 'denied',
    occurredAt: NOW - 86_400_000,
    changes: { status: { old: 'open', new: 'paid' } },
    metadata: { plan: 'pro', seats: 7, paid: true, batchId: 'b1', 'a%b': 'x', note: '' },
    data: { durationMs: 300, status: 404 },
    request: {
      id: 'r1',
      method: 'GET',
      route: '/x/:id',
      path: '/x/7',
      ip: '10.1.2.3',
      userAgent: 'Curl/8',
      traceId: 'abcd',
    },
  },
  {
    action: 'b.second',
    actor: { id: 'ada', type: 'service' },
    tenant: null,
    metadata: { plan: 'free', seats: '7', note: null, text: 'hello wide world' },
    data: { durationMs: 20, status: 503 },
    request: { id: 'r2', method: 'POST', path: '/y' },
  },
]

const filled = async () => {
  const made = desk()
  await made.put(...events)
  const found = async (query: string): Promise<string> => {
    const answer = await made.get<Listed>(`/events?order=oldest&kind=change&kind=custom&${query}`)
    return answer.events.map(({ action }) => action[0]).join('')
  }
  return { ...made, found }
}

const json = (filter: unknown): string => `filter=${encodeURIComponent(JSON.stringify(filter))}`

describe('the list of events', () => {
  it.each([
    ['', 'ab'],
    ['tenant=acme', 'a'],
    ['tenant=', 'b'],
    ['tenant=acme&tenant=', 'ab'],
    ['action=a.first', 'a'],
    ['action=a.*&action=b.second', 'ab'],
    ['action=%25', ''],
    ['action=_.first', ''],
    ['outcome=denied', 'a'],
    ['outcome=success&outcome=failure', 'b'],
    ['actor=ada', 'ab'],
    ['actor=ada&actorType=service', 'b'],
    ['actorType=user', 'a'],
    ['onBehalfOf=eve', 'a'],
    ['targetType=order', 'a'],
    ['targetType=invoice&targetId=7', 'a'],
    ['targetType=invoice&targetType=order&targetId=9', 'a'],
    ['targetType=invoice&targetId=9', ''],
    ['requestId=r1', 'a'],
    ['traceId=abcd', 'a'],
    ['batchId=b1', 'a'],
    ['method=GET&method=PUT', 'a'],
    ['route=%2Fx%2F%3Aid', 'a'],
    ['route=', 'b'],
    ['path=/x/*', 'a'],
    ['status=404', 'a'],
    ['status=5xx', 'b'],
    ['status=4xx&status=503', 'ab'],
    ['ip=10.0.0.0/8', 'a'],
    ['ip=', 'b'],
    ['userAgent=curl', 'a'],
    ['minDurationMs=20.5', 'a'],
    ['changed=status', 'a'],
    ['metadata.plan=pro', 'a'],
    ['metadata.plan=pro&metadata.plan=free', 'ab'],
    ['metadata.plan=pro&metadata.seats=8', ''],
    ['metadata.seats=7', 'ab'],
    ['metadata.paid=true', 'a'],
    ['metadata.note=', 'ab'],
    ['metadata.a%25b=x', 'a'],
    ['text=WIDE%20hello', 'b'],
    ['text=%22hello%20wide%22', 'b'],
    [`from=${NOW}`, 'b'],
    [`to=${NOW}`, 'a'],
    [`from=2026-01-01T00:00:00Z`, 'b'],
    [`to=2026-01-01T01:00:00%2B01:00`, 'a'],
    [`to=2026-01-01`, 'a'],
    [json({ not: { actor: { id: 'ada', type: 'service' } } }), 'a'],
    [json({ or: [{ status: '5xx' }, { target: { type: 'order' } }] }), 'ab'],
    [`${json({ not: { outcome: 'denied' } })}&metadata.seats=7`, 'b'],
  ])('shows by %s the events that are so', async (query, wanted) => {
    const { found } = await filled()
    expect(await found(query)).toBe(wanted)
  })

  it.each([
    ['nobody=1', 'nobody'],
    ['__proto__=1', '__proto__'],
    ['constructor=1', 'constructor'],
    ['limit=0', 'limit'],
    ['limit=201', 'limit'],
    ['limit=1&limit=2', 'limit'],
    ['limit=ten', 'limit'],
    ['order=sideways', 'order'],
    ['count=yes', 'count'],
    ['kind=nothing', 'kind'],
    ['outcome=', 'outcome'],
    ['status=9999', 'status'],
    ['status=6xx', 'status'],
    ['minDurationMs=-1', 'minDurationMs'],
    ['from=yesterday', 'from'],
    ['from=2026-02-30', 'from'],
    ['from=2026-01-01T00:00:00', 'from'],
    ['to=9999999999999999', 'to'],
    ['next=forged.0123456789abcdef0123456789abcdef', 'next'],
    ['next=', 'next'],
    ['targetId=7', 'targetId'],
    ['ip=10.0.0.0/99', 'ip'],
    ['tenant=%00', 'tenant'],
    ['metadata=pro', 'metadata'],
    ['metadata.=pro', 'metadata.'],
    ['metadata.a%22b=pro', 'metadata.a"b'],
    [`userAgent=${'x'.repeat(1_001)}`, 'userAgent'],
    ['tenant=a&'.repeat(101), 'tenant'],
    ['action=a*&'.repeat(30), 'action'],
    ['filter=', 'filter'],
    ['filter=[]', 'filter'],
    ['filter=%7B', 'filter'],
    [`${json({ actor: 'ada' })}&metadata.a%22b=pro`, 'metadata.a"b'],
    [json({ nobody: 1 }), 'filter'],
    [json({ and: [{ status: 'x' }] }), 'filter'],
    [json({ tenant: { id: 1 } }), 'filter'],
    [json({ action: 'x'.repeat(4_096) }), 'filter'],
  ])('names the parameter that is wrong in %s', async (query, parameter) => {
    const { ask } = desk({ limits: { url: 16_000 } })
    const response = await ask(`/events?${query}`)
    const told = await response.json()
    expect([response.status, response.headers.get('content-type')]).toEqual([
      400,
      'application/problem+json',
    ])
    expect(told).toMatchObject({ type: 'about:blank', title: 'Bad Request', status: 400 })
    expect(told.errors).toEqual([{ parameter, detail: expect.stringMatching(/^(must|is)\b/) }])
  })

  it('names every parameter that is wrong, and no more than twenty', async () => {
    const { get } = desk()
    const { errors } = await get<{ errors: { parameter: string }[] }>(
      '/events?limit=0&order=x&a=1',
      {},
      400,
    )
    expect(errors.map(({ parameter }) => parameter).toSorted()).toEqual(['a', 'limit', 'order'])
    const many = Array.from({ length: 500 }, (_, index) => `p${index}=1`).join('&')
    expect((await get<{ errors: object[] }>(`/events?${many}`, {}, 400)).errors).toHaveLength(20)
  })

  it('is read page by page, each event once, in either order', async () => {
    const { put, get } = desk({ secret: 'a-secret-of-the-tests' })
    await put(...Array.from({ length: 7 }, (_, index) => ({ action: `n.${index}` })))
    for (const order of ['newest', 'oldest']) {
      const seen: string[] = []
      let next: string | null = ''
      do {
        const query = `/events?kind=custom&limit=3&order=${order}${next && `&next=${next}`}`
        const page: Listed = await get<Listed>(query)
        seen.push(...page.events.map(({ action }) => action))
        next = page.next
      } while (next !== null)
      const wanted = Array.from({ length: 7 }, (_, index) => `n.${index}`)
      expect(seen).toEqual(order === 'oldest' ? wanted : wanted.toReversed())
    }
  })

  it('refuses a cursor of another question', async () => {
    const { put, get } = desk()
    await put({ action: 'a' }, { action: 'b' })
    const { next } = await get<Listed>('/events?limit=1')
    for (const query of [`order=oldest&next=${next}`, `actor=ada&next=${next}`])
      expect(await get(`/events?${query}`, {}, 400)).toMatchObject({
        errors: [{ parameter: 'next' }],
      })
    expect((await get<Listed>(`/events?limit=2&next=${next}`)).events).toHaveLength(1)
  })

  it('refuses a cursor that was signed with another secret', async () => {
    const { put, get, store } = desk({ secret: 'a-secret-of-the-tests' })
    await put({ action: 'a' }, { action: 'b' })
    const { next } = await get<Listed>('/events?limit=1')
    const other = desk({ secret: 'another-secret-of-theirs' }, { store })
    const refused = { errors: [{ parameter: 'next' }] }
    expect(await other.get(`/events?limit=1&next=${next}`, {}, 400)).toMatchObject(refused)
  })

  it('counts too, up to a bound, when it is asked to', async () => {
    const { put, get, ask } = desk()
    await put({ action: 'a' }, { action: 'b' })
    expect((await get<Listed>('/events?limit=1')).count).toBeUndefined()
    const { count } = await get<Listed>('/events?limit=1&count=true&kind=custom')
    expect(count).toEqual({ count: 2, more: false, text: '2' })
    expect((await ask('/events?count=true&kind=custom')).headers.get('x-count')).toBe('2')
  })

  it('comes as lines when that is wanted, with the next page in a header', async () => {
    const { put, ask, get } = desk()
    await put({ action: 'a' }, { action: 'b' })
    const response = await ask('/events?kind=custom&limit=1', {
      headers: { accept: 'application/json;q=0.5, application/x-ndjson' },
    })
    expect(response.headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8')
    const lines = (await response.text()).split('\n')
    expect(lines).toHaveLength(2)
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ action: 'b' })
    const [, query = ''] = /^<(\?.*)>; rel="next"$/.exec(response.headers.get('link') ?? '') ?? []
    expect((await get<Listed>(`/events${query}`)).events).toMatchObject([{ action: 'a' }])
    expect((await ask('/events?kind=change')).headers.get('link')).toBeNull()
  })

  it.each([
    [null, 200],
    ['*/*', 200],
    ['application/*;q=0.1', 200],
    ['text/html, */*;q=0.1', 200],
    ['application/json;q=0, */*', 200],
    ['text/html', 406],
    ['application/json;q=0', 406],
    ['*/*;q=0', 406],
  ])('is given to who accepts %s, with %d', async (accept, status) => {
    const { ask } = desk()
    const response = await ask('/events', { headers: accept === null ? {} : { accept } })
    expect(response.status).toBe(status)
    if (accept === 'application/json;q=0, */*')
      expect(response.headers.get('content-type')).toContain('x-ndjson')
  })
})

describe('one event', () => {
  it('is shown with the others of its request, oldest first, of its own tenant', async () => {
    const { put, get } = desk()
    const request = { id: 'r1' }
    await put(
      { action: 'third', request, occurredAt: NOW + 2 },
      { action: 'first', request, occurredAt: NOW },
      { action: 'second', request, occurredAt: NOW + 1 },
      { action: 'elsewhere', request, tenant: 'globex' },
      { action: 'other', request: { id: 'r2' } },
    )
    const { events } = await get<Listed>('/events?action=second')
    const answer = await get<{ event: object; neighbours: { action: string }[] }>(
      `/events/${events[0]?.id}`,
    )
    expect(answer.event).toMatchObject({ action: 'second', recordedAt: NOW + 5 })
    expect(answer.neighbours.map(({ action }) => action)).toEqual(['first', 'third'])
  })

  it('is shown with a hundred others at most, and without any where it has no request', async () => {
    const { put, get } = desk()
    await put({ action: 'alone', request: undefined })
    await put(
      ...Array.from({ length: 130 }, (_, at) => ({ action: `n.${at}`, request: { id: 'r1' } })),
    )
    const shown = async (action: string): Promise<number> => {
      const { events } = await get<Listed>(`/events?action=${action}`)
      const { neighbours } = await get<{ neighbours: object[] }>(`/events/${events[0]?.id}`)
      return neighbours.length
    }
    expect([await shown('n.129'), await shown('n.0'), await shown('alone')]).toEqual([100, 100, 0])
  })

  it('is a 404 when there is none', async () => {
    const { get } = desk()
    for (const id of ['nowhere', '%00x', '%ff', "'%20OR%201=1", 'x'.repeat(900)]) {
      const { ask } = desk()
      expect([400, 404]).toContain((await ask(`/events/${id}`)).status)
    }
    expect(await get('/events/nowhere', {}, 404)).toMatchObject({ title: 'Not Found' })
  })
})
