import { describe, expect, it } from 'vitest'
import { deletableAt } from '../../../src/keep/policy/due.ts'
import { checkPolicies } from '../../../src/keep/policy/policy.ts'
import { gdprMinimal, hipaa, pciDss, soc2 } from '../../../src/keep/policy/presets.ts'
import { stored } from './sample.ts'
import { told } from './told.ts'

const event = stored({ occurredAt: Date.UTC(2028, 1, 29, 12) })

const deletable = (...policies: Parameters<typeof checkPolicies>[0]): string | null => {
  const at = deletableAt(event, checkPolicies(policies))
  return at === null ? null : new Date(at).toISOString()
}

describe('a preset', () => {
  it.each([
    ['pciDss', pciDss, 'PCI DSS v4.0.1, 10.5.1'],
    ['hipaa', hipaa, '45 CFR 164.316(b)(2)(i)'],
    ['soc2', soc2, 'sets no period'],
    ['gdprMinimal', gdprMinimal, 'Art. 5(1)(e)'],
  ])('%s is a policy that names where it stands', (_, preset, source) => {
    const [policy] = checkPolicies([preset()])
    expect(policy?.source).toContain(source)
    expect(policy?.match).toEqual([])
  })

  it('deletes nothing where a rule sets a least time, and lets no other policy do so', () => {
    expect(deletable(pciDss())).toBeNull()
    expect(deletable(hipaa())).toBeNull()
    expect(deletable(soc2())).toBeNull()
    expect(deletable(hipaa(), gdprMinimal())).toBeNull()
  })

  it('deletes when it is told after how long', () => {
    expect(deletable(pciDss({ deleteAfter: '12mo' }))).toBe('2029-03-01T00:00:00.000Z')
    expect(deletable(hipaa({ deleteAfter: '6y' }), gdprMinimal())).toBe('2034-03-01T00:00:00.000Z')
    expect(deletable(soc2({ deleteAfter: '2y' }))).toBe('2030-03-01T00:00:00.000Z')
  })

  it('of the GDPR deletes after six months, or as it is told', () => {
    expect(deletable(gdprMinimal())).toBe('2028-08-29T12:00:00.000Z')
    expect(deletable(gdprMinimal({ deleteAfter: '30d' }))).toBe('2028-03-30T12:00:00.000Z')
  })

  it('keeps live what must be at hand', () => {
    expect(pciDss().archiveAfter).toBe('3mo')
    expect(hipaa()).not.toHaveProperty('archiveAfter')
    expect(soc2().archiveAfter).toBe('1y')
    expect(gdprMinimal()).not.toHaveProperty('archiveAfter')
  })

  it.each<[string, () => unknown]>([
    ['pciDss.deleteAfter', () => pciDss({ deleteAfter: '11mo' })],
    ['pciDss.deleteAfter', () => pciDss({ deleteAfter: '365d' as '12mo' })],
    ['pciDss.archiveAfter', () => pciDss({ archiveAfter: '2mo' })],
    ['pciDss.archiveAfter', () => pciDss({ archiveAfter: 'never' as '3mo' })],
    ['hipaa.deleteAfter', () => hipaa({ deleteAfter: '5y' })],
    ['hipaa.deleteAfter', () => hipaa({ deleteAfter: '71mo' })],
    ['hipaa.archiveAfter', () => hipaa({ archiveAfter: 90 })],
    ['soc2.deleteAfter', () => soc2({ deleteAfter: 0 })],
    ['gdprMinimal.deleteAfter', () => gdprMinimal({ deleteAfter: 'never' as '1y' })],
    ['gdprMinimal.deleteAfter', () => gdprMinimal({ deleteAfter: undefined as unknown as '1y' })],
    ['gdprMinimal.keep', () => gdprMinimal({ keep: '1y' } as object)],
  ])('refuses less than its rule asks for, and slips: %s', (place, preset) => {
    expect(told(preset)).toMatch(new RegExp(`^${place} (?:must|is not)`))
  })
})
