import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { memory } from '../../adapters/store/memory.ts'
import { createAudit, isAuditError } from '../../src/index.ts'
import { limitDefaults } from '../../src/event/limits.ts'
import { defaults } from '../../src/options.ts'
import { root } from '../support/doors.ts'

/** The table under «Options»: name and default of each. */
const documented = new Map(
  [
    ...(
      readFileSync(`${root}README.md`, 'utf8')
        .split('## ')
        .find((part) => part.startsWith('Options')) ?? ''
    ).matchAll(/^\| `([a-zA-Z.]+)` +\| (.*?) +\|/gm),
  ].map(([, name = '', value = '']) => [name, value.replaceAll('`', '')] as const),
)

/** The names that createAudit() knows in this place, as it tells them itself. */
const knownAt = (group: string | undefined): readonly string[] => {
  const wrong = { noSuchOption: 1 }
  const options = group === undefined ? wrong : { [group]: wrong }
  try {
    createAudit(Object.assign({ store: memory() }, options))
    return []
  } catch (error) {
    const detail = isAuditError(error) ? (error.detail ?? '') : ''
    return (/known are (.*)$/.exec(detail)?.[1] ?? '').split(', ')
  }
}

/** Options whose members have a line of their own. */
const groups = new Set([
  'requestId',
  'redact',
  'limits',
  'retry',
  'batch',
  'queue',
  'require',
  'skip',
])

describe('the table of options', () => {
  it('names every option, and no other', () => {
    const names = knownAt(undefined).flatMap((name) =>
      groups.has(name) ? knownAt(name).map((member) => `${name}.${member}`) : [name],
    )
    expect([...documented.keys()].toSorted()).toEqual(names.toSorted())
  })

  it.each(
    Object.entries({
      ...Object.fromEntries(
        (['retry', 'batch', 'queue'] as const).flatMap((group) =>
          Object.entries(defaults[group]).map(([name, value]) => [`${group}.${name}`, value]),
        ),
      ),
      ...Object.fromEntries(
        Object.entries(limitDefaults).map(([name, value]) => [`limits.${name}`, value]),
      ),
      deadline: defaults.deadline,
    }),
  )('tells the default of %s', (name, value) => {
    expect(documented.get(name)).toBe(String(value))
  })
})
