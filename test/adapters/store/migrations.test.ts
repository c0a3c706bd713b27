import { execFile } from 'node:child_process'
import { cp, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import type { Dialect } from '../../../migrations/bundle.ts'
import { bundleOf, bundlePath, dialects, optionalOf } from '../../../migrations/bundle.ts'

const root = fileURLToPath(new URL('../../../', import.meta.url))

const kit = { sqlite: 'sqlite', pg: 'postgresql' } as const

/** What drizzle-kit would still generate, in a copy of the migrations. */
const missingFrom = async (dialect: Dialect): Promise<readonly string[]> => {
  // Below the project, because drizzle-kit joins every path with the working directory.
  const copy = await mkdtemp(join(root, 'node_modules', '.migrations-'))
  try {
    const out = join(copy, 'out')
    await cp(join(root, 'migrations', dialect), out, { recursive: true })
    const before = await readdir(out)
    const config = join(copy, 'config.json')
    const schema = ['table.ts', 'keep-table.ts'].map((file) =>
      join(root, 'adapters/store', dialect, file),
    )
    await writeFile(
      config,
      JSON.stringify({ dialect: kit[dialect], schema, out: out.slice(root.length) }),
    )
    const program = join(root, 'node_modules/drizzle-kit/bin.cjs')
    await promisify(execFile)(process.execPath, [program, 'generate', '--config', config], {
      cwd: root,
    })
    const after = await readdir(out)
    return after.filter((name) => !before.includes(name))
  } finally {
    await rm(copy, { recursive: true })
  }
}

describe.each(dialects)('migrations/%s', (dialect) => {
  it('is what adapters/store holds as a module', async () => {
    expect(await readFile(bundlePath(dialect), 'utf8')).toBe(await bundleOf(dialect))
    expect(await readFile(bundlePath(dialect, true), 'utf8')).toBe(await optionalOf(dialect))
  })

  it('makes the tables that Drizzle reads and writes', async () => {
    expect(await missingFrom(dialect)).toEqual([])
  }, 30_000)
})
