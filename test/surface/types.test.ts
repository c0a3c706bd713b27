import { execFile } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { afterAll, expect, it } from 'vitest'
import { doors, root } from '../support/doors.ts'

const folder = `${root}.cache/consumer/`

afterAll(() => rmSync(folder, { recursive: true, force: true }))

// A worker has no Node types. Some vendors bring these along, and would hide that ours need them.
const vendors = /^\.\/(conformance|d1|libsql|neon|node|pg-table|postgres|sqlite-table)$/
const open = doors.filter(({ name }) => !vendors.test(name))

const compile = (text: string): Promise<string> => {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  writeFileSync(`${folder}consumer.ts`, text)
  const compilerOptions = {
    lib: ['ES2023', 'WebWorker'],
    types: [],
    skipLibCheck: false,
    composite: false,
    noEmit: true,
    noUnusedLocals: false,
  }
  writeFileSync(
    `${folder}tsconfig.json`,
    JSON.stringify({ extends: '../../tsconfig.base.json', compilerOptions }),
  )
  return new Promise((resolve) => {
    const options = { cwd: root, maxBuffer: 64 * 1_024 * 1_024 }
    execFile(`${root}node_modules/.bin/tsc`, ['-p', folder], options, (_error, stdout) => {
      resolve(stdout)
    })
  })
}

it('needs neither Node nor DOM types from those who use it', async () => {
  const imports = open.map(({ specifier }, index) => `import * as door${index} from '${specifier}'`)
  const names = open.map((_door, index) => `door${index}`)
  const output = await compile(`${imports.join('\n')}\nexport const all = [${names.join(', ')}]\n`)
  // What Hono or Zod do wrong in their own declarations is theirs.
  expect(output.split('\n').filter((line) => /^(dist|\.cache)\//.test(line))).toEqual([])
})

it('would say so if it did', async () => {
  expect(await compile('export const a: Buffer = 1\n')).toMatch(
    /^\.cache\/consumer\/consumer\.ts\(1,17\)/,
  )
})
