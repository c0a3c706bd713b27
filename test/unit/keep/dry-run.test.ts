import { describe, expect, it } from 'vitest'
import { memory } from '../../../adapters/store/memory.ts'
import { createAudit } from '../../../src/audit.ts'
import { dryRun, hold, keep } from '../../../src/keep/keep.ts'
import { rowOf } from '../../conformance/rows.ts'
import { memoryObjects } from '../../support/objects.ts'

const now = Date.UTC(2026, 5, 30, 12)
const day = 86_400_000
const ambient = { now: () => now }

const trail = async () => {
  const store = memory(ambient)
  const audit = createAudit({ store, ambient })
  const ages = [500, 400, 200, 100, 10]
  await store.append(
    ages.flatMap((age) =>
      (['a', 'b'] as const).map((tenant) => rowOf({ tenant, occurredAt: now - age * day })),
    ),
  )
  return { store, audit }
}

const options = {
  to: memoryObjects(),
  archiveAfter: '90d',
  policies: [{ tenant: 'a', deleteAfter: '1y', source: 'contract' }],
  ambient,
} as const

describe('a dry run', () => {
  it('counts what a run would do, by policy too, and what a hold keeps', async () => {
    const { audit } = await trail()
    await hold(audit, { tenant: 'b', from: now - 450 * day, reason: 'a case', by: 'counsel' })
    expect(await dryRun(audit, options)).toEqual({
      move: { count: 3, more: false },
      delete: { count: 2, more: false },
      held: { count: 3, more: false },
      expire: { segments: 0, events: 0 },
      policies: [
        { source: 'contract', move: { count: 2, more: false }, delete: { count: 2, more: false } },
        { source: undefined, move: { count: 3, more: false }, delete: { count: 2, more: false } },
      ],
    })
  })

  it('changes nothing, and says what the run then does', async () => {
    const { audit, store } = await trail()
    const before = await store.page({ limit: 100 })
    const { move, delete: gone } = await dryRun(audit, options)
    expect(await store.page({ limit: 100 })).toEqual(before)
    expect(await keep(audit, options)).toMatchObject({ moved: move.count, deleted: gone.count })
    expect(await dryRun(audit, options)).toMatchObject({ move: { count: 0 }, delete: { count: 0 } })
  })

  it('counts archived segments that may go', async () => {
    const { audit } = await trail()
    await keep(audit, { ...options, policies: [] })
    const { expire } = await dryRun(audit, options)
    expect(expire).toEqual({ segments: 4, events: 4 })
  })
})
