import { execFile } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { root } from '../support/doors.ts'

// A gate that nothing can fail is no gate: each is shown a file that it must refuse.

const planted = `${root}.cache/planted/`

const plant = (name: string, text: string): string => {
  writeFileSync(planted + name, text)
  return planted + name
}

interface Outcome {
  readonly code: number
  readonly output: string
}

const run = (command: string, ...args: readonly string[]): Promise<Outcome> =>
  new Promise((resolve) => {
    const bin = `${root}node_modules/.bin/${command}`
    execFile(
      bin,
      args,
      { cwd: root, env: { ...process.env, NO_COLOR: '1' } },
      (error, out, err) => {
        resolve({ code: error === null ? 0 : 1, output: out + err })
      },
    )
  })

beforeAll(() => {
  mkdirSync(planted, { recursive: true })
  const compilerOptions = { composite: false, noEmit: true, rootDir: '.' }
  const config = { extends: '../../src/tsconfig.json', compilerOptions, files: ['core.ts'] }
  plant('core.ts', 'export {}\n')
  plant('tsconfig.json', JSON.stringify({ ...config, include: ['lint*.ts'] }))
})

afterAll(() => {
  rmSync(planted, { recursive: true, force: true })
})

const lintFailures: readonly (readonly [rule: string, text: string])[] = [
  ['no-floating-promises', `const a = async () => 1\nexport const b = () => {\n  a()\n}`],
  ['no-floating-promises', `const a = async () => 1\nexport const b = () => {\n  void a()\n}`],
  ['no-misused-promises', `export const b = (a: string[]) => a.forEach(async (c) => c)`],
  ['await-thenable', `export const b = async () => await 1`],
  ['no-explicit-any', `export const b = (a: any) => [a]`],
  ['no-non-null-assertion', `export const b = (a: string | undefined) => a!.length`],
  ['no-default-export', `export default 1`],
]

describe('the linter', () => {
  it.each(lintFailures)('refuses by %s: %s', async (rule, text) => {
    const file = plant('lint.ts', `${text}\n`)
    const { code, output } = await run('oxlint', '--type-aware', '--no-ignore', file)
    expect(output).toContain(`(${rule})`)
    expect(code).toBe(1)
  })

  it('refuses a circle of imports', async () => {
    const one = plant('one.ts', `import { two } from './two.ts'\nexport const one = () => two\n`)
    const two = plant('two.ts', `import { one } from './one.ts'\nexport const two = () => one\n`)
    const { code, output } = await run('oxlint', '--no-ignore', one, two)
    expect(output).toContain('(no-cycle)')
    expect(code).toBe(1)
  })
})

describe('the compiler of the core', () => {
  it.each(['process.env', 'Buffer.from("a")', 'require("fs")', 'document.title', 'setImmediate'])(
    'knows no %s',
    async (expression) => {
      plant('core.ts', `export const a: unknown = ${expression}\n`)
      const { code, output } = await run('tsc', '-p', planted)
      expect(output).toMatch(/core\.ts\(1,\d+\): error TS2(304|580|584|591)/)
      expect(code).toBe(1)
    },
  )
})

describe('the Nodes of the project', () => {
  it('runs its own commands on Node 24 and keeps Node 22 beside it', async () => {
    expect((await run('node', '--version')).output).toMatch(/^v24\./)
    expect((await run('../node-22/bin/node', '--version')).output).toMatch(/^v22\./)
  })
})
