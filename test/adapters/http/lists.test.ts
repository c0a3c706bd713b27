import { beforeAll, describe, expect, it } from 'vitest'
import { desk, may, NOW } from './desk.ts'

type Thing = Readonly<Record<string, unknown>>

const made = desk({ secret: 'a-secret-of-the-tests' })
const { audit, get, ask } = made

beforeAll(async () => {
  for (const tenant of ['acme', 'globex'])
    await audit.runAs({ source: 'cron', tenant, actor: { id: 'ada' } }, () => {
      for (const id of ['1', '2', '3']) {
        const order = audit.process('order.place', { id: `${tenant}-${id}`, steps: ['pay'] })
        if (id !== '3') order.step('pay').ok('card')
        audit
          .exported({ type: `${tenant}-${id}`, format: 'csv', records: 3, bytes: 1_200 })
          .downloaded()
      }
      audit.system('error', { title: `${tenant} disk`, fingerprint: 'disk', severity: 'high' })
      audit.resolve(audit.system('warning', { title: `${tenant} mail`, fingerprint: 'mail' }))
      audit.loginFailed({ name: `${tenant}-eve`, method: 'password', failure: 'wrong' })
      audit.login({ actor: { id: 'ada' }, name: 'ada', method: 'passkey' })
      const target = { type: 'invoice', id: '7' }
      audit.record({
        kind: 'change',
        action: 'invoice.create',
        target,
        changes: { sum: { new: 1 } },
      })
      audit.record({
        kind: 'change',
        action: 'invoice.update',
        target,
        changes: { sum: { old: 1, new: 2 } },
      })
    })
})

const acme = { headers: may({ tenant: 'acme' }) }

describe('the lists of things', () => {
  it('show processes by their state, and each by itself', async () => {
    const { processes } = await get<{ processes: Thing[] }>(
      '/processes?state=pending&state=failed',
      acme,
    )
    expect(processes).toMatchObject([{ id: 'acme-3', state: 'pending' }])
    expect(await get('/processes/acme-1', acme)).toMatchObject({ id: 'acme-1', state: 'succeeded' })
    expect((await ask('/processes/globex-1', acme)).status).toBe(404)
  })

  it('show issues by state, type and severity', async () => {
    const seen = async (query: string): Promise<readonly unknown[]> =>
      (await get<{ issues: Thing[] }>(`/issues?${query}`, acme)).issues.map(({ title }) => title)
    expect(await seen('state=open')).toEqual(['acme disk'])
    expect(await seen('state=resolved')).toEqual(['acme mail'])
    expect(await seen('type=error&type=info')).toEqual(['acme disk'])
    expect(await seen('severity=low')).toEqual([])
    expect(await get('/issues/disk', acme)).toMatchObject({ tenant: 'acme', title: 'acme disk' })
  })

  it('show exports with their downloads', async () => {
    const { exports } = await get<{ exports: Thing[] }>('/exports?limit=2', acme)
    expect(exports).toMatchObject([{ type: 'acme-3', downloads: 1 }, { type: 'acme-2' }])
    expect(await get(`/exports/${String(exports[0]?.['id'])}`, acme)).toMatchObject({
      size: '1.2 kB',
    })
  })

  it('count logins by user', async () => {
    const { users } = await get<{ users: Thing[] }>('/logins', acme)
    expect(users).toMatchObject([
      { user: 'acme-eve', failures: 1 },
      { user: 'ada', successes: 1 },
    ])
    expect(await get('/logins?user=ada&limit=1', acme)).toMatchObject({
      users: [{ user: 'ada' }],
      others: 0,
    })
  })

  it('show what became of a thing', async () => {
    expect(await get('/history?targetType=invoice&targetId=7', acme)).toMatchObject({
      events: [{ action: 'invoice.create' }, { action: 'invoice.update' }],
      fields: [{ name: 'sum', value: 2, changes: 2 }],
      created: { by: { id: 'ada' } },
    })
    for (const missing of ['targetType', 'targetId'])
      expect(
        await get('/history?targetType=a&targetId=b'.replace(`${missing}=`, 'tenant='), acme, 400),
      ).toMatchObject({
        errors: [{ parameter: missing }],
      })
  })

  it('count a span of time', async () => {
    const day = `from=${NOW - 1}&to=${NOW + 1}`
    expect(await get(`/summary?${day}`, acme)).toMatchObject({
      creates: { total: 1 },
      unresolved: 1,
    })
    expect(await get(`/summary?${day}&tenant=globex&actor=ada&actorType=user&top=1`)).toMatchObject(
      {
        creates: { total: 1 },
        byActor: [{ id: 'ada' }],
      },
    )
    expect(await get('/summary')).toMatchObject({ from: NOW + 1 - 30 * 86_400_000, to: NOW + 1 })
    for (const query of [`from=${NOW}&to=${NOW}`, 'from=0&to=2026-01-01'])
      expect(await get(`/summary?${query}`, {}, 400)).toMatchObject({
        errors: [{ parameter: 'to' }],
      })
  })

  it.each(['processes', 'issues', 'exports'] as const)(
    'of %s are read page by page, each thing once, and as lines',
    async (list) => {
      const seen: unknown[] = []
      let query = '?limit=1'
      for (;;) {
        const found = await get<Record<string, Thing[]> & { next: string | null }>(
          `/${list}${query}`,
        )
        seen.push(...(found[list] ?? []).map(({ tenant, id }) => `${String(tenant)} ${String(id)}`))
        if (found.next === null) break
        query = `?limit=1&next=${found.next}`
      }
      expect(new Set(seen).size).toBe(seen.length)
      const lines = await ask(`/${list}`, { headers: { accept: 'application/x-ndjson' } })
      expect((await lines.text()).trimEnd().split('\n')).toHaveLength(seen.length)
    },
  )

  it('refuse a cursor of another list', async () => {
    const { next } = await get<{ next: string }>('/processes?limit=1')
    for (const path of [
      '/issues',
      '/exports',
      '/events',
      '/export',
      '/history?targetType=a&targetId=b',
    ]) {
      const query = `${path}${path.includes('?') ? '&' : '?'}next=${next}`
      const { errors } = await get(query, {}, 400)
      expect({ path, errors }).toMatchObject({ path, errors: [{ parameter: 'next' }] })
    }
  })

  it('tell when the newest event was', async () => {
    expect(await get('/stats')).toMatchObject({ newestAt: NOW })
    expect(await get('/stats', { headers: may({ tenant: 'nobody' }) })).toMatchObject({
      newestAt: null,
    })
  })
})
