import { describe, expect, it } from 'vitest'
import { memory } from '../../../../adapters/store/memory.ts'
import { withArchive } from '../../../../src/archive.ts'
import { createAudit } from '../../../../src/audit.ts'
import { keep } from '../../../../src/keep/keep.ts'
import { exportEvents } from '../../../../src/read/export/events.ts'
import { ndjson as ndjsonFile } from '../../../../src/read/export/ndjson.ts'
import { page, query, reader } from '../../../../src/read/page.ts'
import { summary } from '../../../../src/read/summary.ts'
import { exports, history, issues, logins, processes } from '../../../../src/read/views.ts'
import { rowOf } from '../../../conformance/rows.ts'
import { memoryObjects } from '../../../support/objects.ts'

const now = Date.UTC(2026, 5, 30, 12)
const day = 86_400_000
const ages = [200, 150, 100, 50, 1]

const kept = async () => {
  const store = memory({ now: () => now })
  const audit = createAudit({ store, ambient: { now: () => now } })
  const rows = ages.map((age) =>
    rowOf({ tenant: 'a', occurredAt: now - age * day, targetType: 'invoice', targetId: '7' }),
  )
  const records = rows.map((row) => ({
    ...row,
    record: JSON.stringify({
      id: row.id,
      actor: { id: 'u1', type: 'user' },
      targets: [{ id: '7', type: 'invoice' }],
      tenant: 'a',
    }),
  }))
  await store.append(records)
  const objects = memoryObjects()
  await keep(audit, { archiveAfter: '90d', to: objects, ambient: { now: () => now } })
  return { audit, all: withArchive(audit, { archive: objects }), ids: rows.map(({ id }) => id) }
}

describe('a question about what is archived', () => {
  it('says so at its end, if it is of that time and tenant', async () => {
    const { audit } = await kept()
    expect(await page(audit, { tenant: 'a' })).toMatchObject({ archived: true, next: null })
    const first = await page(audit, { tenant: 'a', limit: 1 })
    expect(first).not.toHaveProperty('archived')
    expect(await page(audit, { tenant: 'a', order: 'oldest', limit: 1 })).toHaveProperty('archived')
    expect(await page(audit, { tenant: 'a', from: now - 99 * day })).not.toHaveProperty('archived')
    expect(await page(audit, { tenant: 'b' })).not.toHaveProperty('archived')
    expect(await page(reader(audit, { tenant: 'b' }))).not.toHaveProperty('archived')
    expect(await page(reader(audit, { tenants: ['a', 'b'] }))).toHaveProperty('archived')
  })

  it('says so of a summary and of a history', async () => {
    const { audit } = await kept()
    const span = { from: now - 250 * day, to: now, tenant: 'a' }
    expect(await summary(audit, span)).toHaveProperty('archived', true)
    expect(await summary(audit, { ...span, from: now - 60 * day })).not.toHaveProperty('archived')
    expect(await history(audit, { type: 'invoice', id: '7' }, { tenant: 'a' })).toMatchObject({
      archived: true,
    })
  })

  it('says so of what hangs on the time before a span, and of who logged in', async () => {
    const { audit, all } = await kept()
    const old = { from: now - 250 * day, to: now, tenant: 'a' }
    const young = { from: now - 60 * day, to: now, tenant: 'a' }
    expect(await summary(audit, young)).toHaveProperty('archivedBefore', true)
    expect(await summary(audit, old)).not.toHaveProperty('archivedBefore')
    expect(await summary(audit, { ...young, tenant: 'b' })).not.toHaveProperty('archivedBefore')
    expect(await logins(audit, old)).toHaveProperty('archived', true)
    expect(await logins(audit, young)).not.toHaveProperty('archived')
    expect(await summary(all, young)).not.toHaveProperty('archivedBefore')
    expect(await logins(all, old)).not.toHaveProperty('archived')
  })

  it.each([
    ['processes', processes],
    ['issues', issues],
    ['exports', exports],
  ])('says so of a list of %s, with each of its pages', async (_, list) => {
    const { audit, all } = await kept()
    expect(await list(audit, { tenant: 'a' })).toHaveProperty('archived', true)
    expect(await list(audit, { from: now - day })).toHaveProperty('archived', true)
    expect(await list(audit, { tenant: 'b' })).not.toHaveProperty('archived')
    expect(await list(audit, { tenant: 'a', to: now - 250 * day })).not.toHaveProperty('archived')
    expect(await list(reader(audit, { tenant: 'b' }))).not.toHaveProperty('archived')
    expect(await list(all, { tenant: 'a' })).not.toHaveProperty('archived')
  })

  it('is answered with the archive, and says nothing then', async () => {
    const { all, ids } = await kept()
    const found = await page(all, { tenant: 'a' })
    expect(found.events.map(({ id }) => id)).toEqual(ids.toReversed())
    expect(found).not.toHaveProperty('archived')
    const about = await history(all, { type: 'invoice', id: '7' }, { tenant: 'a' })
    expect(about.events.map(({ id }) => id)).toEqual(ids)
    const counted = await summary(all, { from: now - 250 * day, to: now, tenant: 'a' })
    expect(counted.actions.total).toBe(5)
    const read: string[] = []
    for await (const { id } of query(all, { tenant: 'a', order: 'oldest' })) read.push(id)
    expect(read).toEqual(ids)
  })

  it('goes on by a cursor of its own', async () => {
    const { audit, all, ids } = await kept()
    const first = await page(all, { tenant: 'a', limit: 3 })
    const second = await page(all, { tenant: 'a', limit: 3, next: first.next })
    expect([...first.events, ...second.events].map(({ id }) => id)).toEqual(ids.toReversed())
    await expect(page(audit, { tenant: 'a', limit: 3, next: first.next })).rejects.toMatchObject({
      code: 'AUDIT_QUERY_INVALID',
    })
  })

  it('stays inside of the fence', async () => {
    const { all } = await kept()
    expect((await page(reader(all, { tenant: 'b' }))).events).toEqual([])
    expect((await page(reader(all, { tenant: 'a', actors: ['u2'] }))).events).toEqual([])
    expect((await page(reader(all, { tenant: 'a', actors: ['u1'] }))).events).toHaveLength(5)
  })

  it('is exported with the archive', async () => {
    const { all, ids } = await kept()
    const { stream, done } = await exportEvents(all, { tenant: 'a', order: 'oldest' }, ndjsonFile())
    const text = await new Response(stream).text()
    expect(await done).toMatchObject({ ended: 'complete', rows: 5 })
    expect(ids.every((id) => text.includes(id))).toBe(true)
  })
})
