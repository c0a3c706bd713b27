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

/** Two events of a tenant, the older one of which is archived, and routes that may read both. */
const archived = async (fence: object = { tenants: 'all' }) => {
  const store = memory({ now: () => NOW })
  const rows = [200, 1].map((age) => {
    const row = rowOf({ tenant: 'a', occurredAt: NOW - age * day, action: 'post.view' })
    const actor = { id: 'u1', type: 'user' }
    return { ...row, record: JSON.stringify({ id: row.id, actor, targets: [], tenant: 'a' }) }
  })
  await store.append(rows)
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
      keep: { at: NOW, outcome: 'success', state: 'done', moved: 1, left: 0, lagMs: 0 },
    })
  })

  it('is told of no run to a reader of one tenant', async () => {
    const { ask } = await archived({ tenant: 'a' })
    expect(await (await ask('/stats')).json()).toMatchObject({ keep: null })
  })
})
