import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { root } from '../support/doors.ts'

const rows = readFileSync(`${root}ROADMAP.md`, 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !/^\| (?:promise|---)/.test(line))

/** `test/unit/{a,b}.test.ts` → both. */
const expand = (path: string): readonly string[] => {
  const [, before = '', names, after = ''] = /^(.*)\{(.*)\}(.*)$/.exec(path) ?? []
  return names === undefined ? [path] : names.split(',').map((name) => before + name + after)
}

const pathsIn = (cell: string): readonly string[] =>
  [...cell.matchAll(/`([^`]+)`/g)]
    .flatMap(([, code = '']) => expand(code))
    .filter((code) => /^(?:test|\.ci|migrations)\//.test(code))

describe('the roadmap', () => {
  it('has a state and a witness for each promise', () => {
    const states = /^(?:holds|short|next)$/
    const broken = rows.filter((row) => {
      const [, promise = '', state = '', witness = ''] = row.split(/ ?\| ?/)
      return promise === '' || !states.test(state.trim()) || witness.trim() === ''
    })
    expect(rows.length).toBeGreaterThan(40)
    expect(broken).toEqual([])
  })

  it('names only tests that are there', () => {
    const missing = rows.flatMap(pathsIn).filter((path) => !existsSync(root + path))
    expect(missing).toEqual([])
  })
})
