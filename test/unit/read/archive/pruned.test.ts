import { describe, expect, it } from 'vitest'
import { memory } from '../../../../adapters/store/memory.ts'
import { withArchive } from '../../../../src/archive.ts'
import { createAudit } from '../../../../src/audit.ts'
import type { EventRow } from '../../../../src/event/row.ts'
import { manifestIn } from '../../../../src/keep/archive/manifest.ts'
import { keep } from '../../../../src/keep/keep.ts'
import { count, page } from '../../../../src/read/page.ts'
import { summary } from '../../../../src/read/summary.ts'
import { issues } from '../../../../src/read/views.ts'
import { rowOf } from '../../../conformance/rows.ts'
import { memoryObjects } from '../../../support/objects.ts'
import { ambient, day, now } from './twins.ts'

const eventOf = (kind: EventRow['kind'], age: number, action: string): EventRow => {
  const targetType = kind === 'system' ? 'issue' : null
  const targetId = kind === 'system' ? 'i1' : null
  const row = rowOf({
    kind,
    action,
    targetType,
    targetId,
    tenant: 'a',
    occurredAt: now - age * day,
  })
  const targets = targetType === null ? [] : [{ type: targetType, id: targetId }]
  const actor = { type: 'user', id: 'u1' }
  const { id, occurredAt, outcome, tenant } = row
  const event = { v: 1, id, occurredAt, kind, action, outcome, tenant, actor, targets, data: {} }
  return { ...row, record: JSON.stringify(event) }
}

/** Four days of which each is one object, and one event that is live. */
const archived = async () => {
  const store = memory(ambient)
  await store.append([
    eventOf('request', 104, 'GET /'),
    eventOf('system', 103, 'system.error'),
    eventOf('request', 102, 'GET /'),
    eventOf('auth', 102, 'login'),
    eventOf('request', 101, 'GET /'),
    eventOf('request', 1, 'GET /'),
  ])
  const audit = createAudit({ store, ambient, enabled: false })
  const objects = memoryObjects()
  await keep(audit, { archiveAfter: '90d', to: objects, ambient })
  const read: string[] = []
  const watched: typeof objects = {
    ...objects,
    get: (path, options) => {
      read.push(/day=(\d+)/.exec(path)?.[1] ?? path)
      return objects.get(path, options)
    },
  }
  const ledger = await store.ledger()
  return { all: withArchive(audit, { archive: watched }), read, ledger }
}

describe('the archive, read by its manifests', () => {
  it('has manifests that tell which kinds are in their objects', async () => {
    const { ledger } = await archived()
    const entries = await ledger.entries({ order: 'oldest', limit: 10 })
    expect(entries.map(({ manifest }) => manifestIn(manifest).kinds)).toEqual([
      ['request'],
      ['system'],
      ['auth', 'request'],
      ['request'],
    ])
  })

  it('opens no object without the kind that is asked for', async () => {
    const { all, read } = await archived()
    const { events } = await page(all, { tenant: 'a', kind: 'auth' })
    expect(events.map(({ action }) => action)).toEqual(['login'])
    // 102 days before the last of June.
    expect(read).toEqual(['20'])
    expect(await count(all, { tenant: 'a', kind: 'auth' })).toMatchObject({ count: 1 })
    expect(read).toEqual(['20', '20'])
  })

  it('asks the database for a summary to which nothing archived adds', async () => {
    const { all, read } = await archived()
    const to = now - 103.5 * day
    const counted = await summary(all, { tenant: 'a', from: to - day / 4, to })
    expect(counted).toMatchObject({ unresolved: 0, actions: { total: 0 } })
    expect(read).toEqual([])
  })

  it('opens those of issues alone for a list of issues, and for the states of a summary', async () => {
    const { all, read } = await archived()
    const { issues: open } = await issues(all, { tenant: 'a', state: 'open' })
    expect(open.map(({ id }) => id)).toEqual(['i1'])
    const counted = await summary(all, { tenant: 'a', from: now - 30 * day, to: now })
    expect(counted).toMatchObject({ unresolved: 1, actions: { total: 1 } })
    // The list looks into it three times, one after the other, and the summary once.
    expect(read).toEqual(['19', '19'])
  })
})
