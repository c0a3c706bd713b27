import { existsSync, readFileSync } from 'node:fs'
import { afterAll, describe, expect, it } from 'vitest'
import { doors, manifest, missingFiles, root } from '../support/doors.ts'
import { type Block, blocksOf, commandsOf } from './blocks.ts'
import { commands } from './commands.ts'
import { pages } from './project.ts'

const path = `${root}README.md`
const markdown = existsSync(path) ? readFileSync(path, 'utf8') : ''
const blocks = blocksOf(markdown)
const code = blocks.filter(({ language }) => language === 'ts')
const isShell = ({ language }: Block): boolean => language === 'sh'
const place = pages('readme')

afterAll(() => place.remove())

describe('README.md', () => {
  it('shows code, and has something to run', () => {
    expect(code.length).toBeGreaterThan(0)
    expect(code.filter(({ words }) => words.includes('run')).length).toBeGreaterThan(0)
  })

  it('is checked against a build that is there', () => {
    expect(doors.flatMap(missingFiles)).toEqual([])
  })

  it('marks its code with languages and words that this test knows', () => {
    const languages = new Set(['ts', 'sh', 'json', 'jsonc', 'toml', 'sql', 'text'])
    const words = new Set(['run', 'workers'])
    const unknown = blocks.filter(
      (block) => !languages.has(block.language) || block.words.some((word) => !words.has(word)),
    )
    expect(unknown.map(({ line, language }) => `line ${line}: ${language}`)).toEqual([])
  })

  it('compiles in every block', async () => {
    expect(await place.check(code)).toEqual({ code: 0, output: '' })
  })

  it.each(code.filter(({ words }) => words.includes('run')))(
    'prints what it promises on line $line',
    async (block) => {
      const { code: exit, output, promised } = await place.run(block)
      expect(output.trimEnd().split('\n')).toEqual(promised)
      expect(exit).toBe(0)
    },
  )

  it('names only commands that are run somewhere', () => {
    const unknown = blocks.filter(isShell).flatMap(commandsOf)
    expect(unknown.filter((command) => !(command in commands))).toEqual([])
  })

  it('imports only doors that are there', () => {
    const names = new Set(doors.map(({ specifier }) => specifier))
    const pattern = new RegExp(`['"\`](${manifest.name}(/[a-z0-9-]+)?)['"\`]`, 'g')
    const named = [...markdown.matchAll(pattern)].map(([, specifier = '']) => specifier)
    expect(named.filter((specifier) => !names.has(specifier))).toEqual([])
  })
})
