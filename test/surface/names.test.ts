import { readFileSync } from 'node:fs'
import { parseSync } from 'oxc-parser'
import { describe, expect, it } from 'vitest'
import { doors, missingFiles, root } from '../support/doors.ts'

/** The names a module exports, read and not run: a door for Bun need not run on Node. */
const exported = (path: string): readonly string[] => {
  const { module } = parseSync(path, readFileSync(root + path, 'utf8'))
  const names = module.staticExports.flatMap(({ entries }) =>
    entries.map(({ exportName, importName }) =>
      importName.kind === 'AllButDefault' ? '*' : (exportName.name ?? 'default'),
    ),
  )
  return [...new Set(names)].toSorted()
}

describe('the doors of the package', () => {
  it('lead to files that are there', () => {
    expect(doors.flatMap(missingFiles)).toEqual([])
  })

  it('export no more and no less than is written in names.txt', async () => {
    const lines = doors.flatMap(({ name, code, types }) => {
      const values = exported(code)
      const typesOnly = exported(types).filter((one) => !values.includes(one))
      return [
        name,
        ...values.map((one) => `  ${one}`),
        ...typesOnly.map((one) => `  type ${one}`),
        '',
      ]
    })
    // Agreed to a change of the surface? npx vitest run --project surface -u, and a changeset.
    await expect(lines.join('\n')).toMatchFileSnapshot('names.txt')
  })

  it('export by name', () => {
    const unnamed = doors.filter(({ code }) =>
      exported(code).some((one) => one === '*' || one === 'default'),
    )
    expect(unnamed).toEqual([])
  })
})
