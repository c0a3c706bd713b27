import { globSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { root } from '../support/doors.ts'
import { read } from './read.ts'
import { check } from './rules.ts'

const paths = globSync('{src,adapters}/**/*.ts', { cwd: root }).toSorted()

describe('the layout of the project', () => {
  it('has sources to judge', () => {
    expect(paths).toContain('src/index.ts')
    expect(paths.length).toBeGreaterThan(30)
  })

  it('keeps to the table of who may import whom', () => {
    const files = paths.map((path) => read({ path, text: readFileSync(root + path, 'utf8') }))
    const found = check(files).map(({ path, line, rule }) => `${path}:${line} ${rule}`)
    expect(found).toEqual([])
  })
})
