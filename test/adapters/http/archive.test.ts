import { describe, expect, it } from 'vitest'
import { memory } from '../../../adapters/store/memory.ts'
import { withArchive } from '../../../src/archive.ts'
import { createAudit } from '../../../src/audit.ts'
import { keep } from '../../../src/keep/keep.ts'
import { rowOf } from '../../conformance/rows.ts'
import { NOW } from '../../support/app.ts'
import { memoryObjects } from '../../support/objects.ts'
import { desk } from './desk.ts'

const day = 86_400_000

/** The end of a process of another tenant, which is archived as well. */
const processRow = () => {
  const about = { tenant: 'c', kind: 'process', action: 'import' } as const
  const row = rowOf({
    ...about,
    occurredAt: NOW - 200 * day,
    targetType: 'process',
    targetId: 'p1',
  })
  const { id, occurredAt, outcome } = row
  const actor = { id: 'u1', type: 'user' }
  const targets = [{ type: 'process', id: 'p1' }]
  const data = { phase: 'ended' }
  const event = { v: 1, id, occurredAt, ...about, outcome, actor, targets, data }
  return { ...row, record: JSON.stringify(event) }
}

/** Two events of a tenant, the older one of which is archived, and routes that may read both. */
const archived = async (fence: object = { tenants: 'all' }) => {
  const store = memory({ now: () => NOW })
  const rows = [200, 1].map((age) => {
    const row = rowOf({ tenant: 'a', occurredAt: NOW - age * day, action: 'post.view' })
    const actor = { id: 'u1', type: 'user' }
    return { ...row, record: JSON.stringify({ id: row.id, actor, targets: [], tenant: 'a' }) }
  })
  await store.append([...rows, processRow()])
  const objects = memoryObjects()
  const audit = createAudit({ store, ambient: { now: () => NOW } })
  await keep(audit, { archiveAfter: '90d', to: objects, ambient: { now: () => NOW } })
  const archive = withArchive(audit, { archive: objects })
  const authorize = () => fence as { tenants: 'all' }
  return {
    ...desk({ archive, authorize }, { store }),
    rows,
    without: desk({ authorize }, { store }),
  }
}

const idsIn = async (response: Response): Promise<readonly string[]> => {
  const { events } = (await response.json()) as { events: readonly { id: string }[] }
  return events.map(({ id }) => id)
}

describe('the archive, by routes', () => {
  it('is told of, and read where includeArchive asks for it', async () => {
    const { ask, rows } = await archived()
    const [old, young] = rows.map(({ id }) => id)
    const plain = await ask('/events?tenant=a&action=post.view')
    expect(await plain.clone().json()).toMatchObject({ archived: true })
    expect(await idsIn(plain)).toEqual([young])
    const all = await ask('/events?tenant=a&action=post.view&includeArchive=true')
    expect(await idsIn(all)).toEqual([young, old])
    expect((await ask(`/events/${old}`)).status).toBe(404)
    expect((await ask(`/events/${old}?includeArchive=true`)).status).toBe(200)
  })

  it.each(['events', 'processes', 'issues', 'exports', 'logins'])(
    'is told of beside the lines of %s too',
    async (list) => {
      const { ask } = await archived()
      const headers = { accept: 'application/x-ndjson' }
      const asked = `/${list}?tenant=a&from=${NOW - 250 * day}&to=${NOW}`
      expect((await ask(asked, { headers })).headers.get('x-archived')).toBe('true')
      const all = await ask(`${asked}&includeArchive=true`, { headers })
      expect([all.status, all.headers.get('x-archived')]).toEqual([200, null])
    },
  )

  it('gives a process of which all is archived, in the list and alone', async () => {
    const { ask } = await archived()
    expect(await (await ask('/processes?tenant=c')).json()).toMatchObject({
      processes: [],
      archived: true,
    })
    expect((await ask('/processes/p1?tenant=c')).status).toBe(404)
    const listed = await ask('/processes?tenant=c&includeArchive=true')
    expect(await listed.json()).toMatchObject({ processes: [{ id: 'p1' }] })
    const alone = await ask('/processes/p1?tenant=c&includeArchive=true')
    expect(await alone.json()).toMatchObject({ id: 'p1', state: 'incomplete' })
  })

  it('is in summaries and files as well', async () => {
    const { ask, rows } = await archived()
    const span = `from=${NOW - 250 * day}&to=${NOW}&tenant=a`
    expect(await (await ask(`/summary?${span}`)).json()).toMatchObject({
      archived: true,
      actions: { total: 1 },
    })
    expect(await (await ask(`/summary?${span}&includeArchive=true`)).json()).toMatchObject({
      actions: { total: 2 },
    })
    const file = await (await ask('/export?tenant=a&format=ndjson&includeArchive=true')).text()
    expect(rows.every(({ id }) => file.includes(id))).toBe(true)
  })

  it('stays inside of the fence', async () => {
    const { ask } = await archived({ tenant: 'b' })
    expect(await idsIn(await ask('/events?includeArchive=true'))).toEqual([])
  })

  it('is refused by name where the routes know of none', async () => {
    const { without } = await archived()
    const response = await without.ask('/events?includeArchive=true')
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ errors: [{ parameter: 'includeArchive' }] })
  })

  it('tells of its last run with the stats', async () => {
    const { ask } = await archived()
    expect(await (await ask('/stats')).json()).toMatchObject({
      keep: { at: NOW, outcome: 'success', state: 'done', moved: 2, left: 0, lagMs: 0 },
    })
  })

  it('is told of no run to a reader of one tenant', async () => {
    const { ask } = await archived({ tenant: 'a' })
    expect(await (await ask('/stats')).json()).toMatchObject({ keep: null })
  })
})
