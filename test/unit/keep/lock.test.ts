import { describe, expect, it } from 'vitest'
import type { PutOptions } from '../../../src/ports/archive.ts'
import { day, desk, NOW } from './desk.ts'

const locking = () => {
  const locks: (number | undefined)[] = []
  const made = desk({
    objects: (objects) => ({
      ...objects,
      put: async (path, bytes, options?: PutOptions) => {
        if (path.startsWith('events/')) locks.push(options?.retainUntil)
        await objects.put(path, bytes, options)
      },
    }),
  })
  return { ...made, locks }
}

describe('an archived object', () => {
  it('is locked until the policies let the last of its events go', async () => {
    const { aged, keep, locks } = locking()
    await aged([100.25, 100])
    await keep({ archiveAfter: '90d', deleteAfter: '200d' })
    expect(locks).toEqual([NOW + 100 * day])
  })

  it('is not locked where some of its events may never be deleted', async () => {
    const { aged, keep, locks } = locking()
    await aged([100])
    await aged([100], { kind: 'auth' })
    await keep({ policies: [{ archiveAfter: '90d' }, { kind: 'auth', deleteAfter: '200d' }] })
    await aged([100], { tenant: 'a' })
    await keep({ archiveAfter: '90d' })
    expect(locks).toEqual([undefined, undefined])
  })

  it('is locked for as long as is asked for', async () => {
    const { aged, keep, locks } = locking()
    await aged([100])
    await keep({ archiveAfter: '90d', lockFor: '30d' })
    expect(locks).toEqual([NOW + 30 * day])
  })
})
