import { describe, expect, it } from 'vitest'
import { judgeOf } from '../../../src/capture/security/judge.ts'
import { securityRules } from '../../../src/capture/security/rules.ts'
import { attacks, fieldsOf, ordinary, type Sample } from '../../corpus/read.ts'

const judge = judgeOf(securityRules)

const caught = (samples: readonly Sample[], category: string): number =>
  samples.filter((sample) => judge(fieldsOf(sample)).some((one) => one.category === category))
    .length

/** Percent that must be found of each category: what the rules were made with, and what they were not. */
const least: Readonly<Record<string, readonly [tune: number, heldOut: number]>> = {
  command: [95, 85],
  path: [95, 90],
  scanner: [95, 55],
  sqli: [95, 85],
  template: [95, 80],
  traversal: [95, 90],
  xss: [95, 90],
}

describe('the corpus', () => {
  it('is large enough to mean something', () => {
    expect([...attacks.keys()]).toEqual(Object.keys(least))
    expect([...attacks.values()].flat().length).toBeGreaterThanOrEqual(250)
    expect(ordinary.length).toBeGreaterThanOrEqual(400)
    expect(new Set(ordinary.map((sample) => JSON.stringify(sample))).size).toBe(ordinary.length)
  })

  it.each(Object.entries(least))(
    'holds attacks of %s that are found',
    (category, [tune, heldOut]) => {
      const all = attacks.get(category) ?? []
      for (const [part, percent] of [
        ['tune', tune],
        ['held-out', heldOut],
      ] as const) {
        const samples = all.filter((sample) => sample.part === part)
        expect(samples.length).toBeGreaterThanOrEqual(15)
        expect((100 * caught(samples, category)) / samples.length).toBeGreaterThanOrEqual(percent)
      }
    },
  )

  it.each(ordinary)('holds an ordinary request that is none: $url', (sample) => {
    expect(judge(fieldsOf(sample))).toEqual([])
  })
})
