import { describe, expect, it } from 'vitest'
import { desk } from './desk.ts'

describe('the policies', () => {
  it('are recorded by the first run, and by one that has others', async () => {
    const { keep, told, pass } = desk()
    await keep({ archiveAfter: '90d' })
    await keep({ archiveAfter: '90d' })
    expect(await told('audit.policy')).toHaveLength(1)
    pass(1_000)
    await keep({ archiveAfter: '180d' })
    const [, changed, ...more] = await told('audit.policy')
    expect(more).toEqual([])
    expect(changed?.data?.['policies']).toMatchObject([{ archiveAfter: { ms: 180 * 86_400_000 } }])
    expect(changed?.changes?.['policies']).toMatchObject({
      old: [{ archiveAfter: { ms: 90 * 86_400_000 } }],
      new: [{ archiveAfter: { ms: 180 * 86_400_000 } }],
    })
  })
})
