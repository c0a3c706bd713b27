import { execFile } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { beforeAll, describe, expect, it } from 'vitest'
import { doors, manifest, root } from '../support/doors.ts'

const execute = promisify(execFile)
const bin = `${root}node_modules/.bin/`
const pack = `${root}.cache/pack/`
const tarball = `${pack}${manifest.name}-${manifest.version}.tgz`

interface Packed {
  readonly size: number
  readonly files: readonly { readonly path: string }[]
}

const state: { packed: Packed } = { packed: { size: 0, files: [] } }

beforeAll(async () => {
  rmSync(pack, { recursive: true, force: true })
  mkdirSync(pack, { recursive: true })
  // Scripts stay out: what is judged is the build that is there, and the build step made it.
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', pack]
  const { stdout } = await execute('npm', args, { cwd: root })
  const list: readonly Packed[] = JSON.parse(stdout)
  state.packed = list[0] ?? state.packed
  await execute('tar', ['-xzf', tarball, '-C', pack])
})

// The tarball holds this and nothing else, and something of each.
const contents: readonly RegExp[] = [
  /^package\.json$/,
  /^README\.md$/,
  /^LICENSE$/,
  /^CHANGELOG\.md$/,
  /^dist\/src\/[a-z0-9/-]+\.js$/,
  /^dist\/src\/[a-z0-9/-]+\.d\.ts$/,
  /^dist\/adapters\/(actor|archive|auth|cli|dead-letter|export|http|render|runtime|schedule|store)\/[a-z0-9/-]+\.js$/,
  /^dist\/adapters\/(actor|archive|auth|cli|dead-letter|export|http|render|runtime|schedule|store)\/[a-z0-9/-]+\.d\.ts$/,
  /^adapters\/render\/pdf\/font\/OFL\.txt$/,
  /^dist\/test\/conformance\/[a-z0-9-]+\.(js|d\.ts)$/,
  /^migrations\/(pg|sqlite)\/\d{4}_[a-z0-9_]+\.sql$/,
  /^migrations\/(pg|sqlite)\/optional\/[a-z_]+\.sql$/,
  /^migrations\/(pg|sqlite)\/meta\/(_journal|\d{4}_snapshot)\.json$/,
]

describe('the tarball', () => {
  it('holds what users need and nothing else', () => {
    const paths = state.packed.files.map(({ path }) => path)
    expect(paths.filter((path) => !contents.some((pattern) => pattern.test(path)))).toEqual([])
    expect(contents.filter((pattern) => !paths.some((path) => pattern.test(path)))).toEqual([])
  })

  it('holds both files of every door', () => {
    const paths = new Set(state.packed.files.map(({ path }) => path))
    const wanted = doors.flatMap(({ code, types }) => [code, types])
    expect(wanted.filter((path) => !paths.has(path))).toEqual([])
  })

  it('stays within its budget', () => {
    expect(state.packed.size).toBeGreaterThan(0)
    expect(state.packed.size).toBeLessThanOrEqual(manifest.budgets['tarball'] ?? 0)
  })

  it('has nothing for publint to say', async () => {
    const { messages, pkg } = await publint({ pkgDir: `${pack}package`, pack: false, strict: true })
    expect(messages.map((message) => formatMessage(message, pkg, { color: false }))).toEqual([])
  })

  it('gives every door its types, says attw', async () => {
    const args = [tarball, '--profile', 'esm-only', '--format', 'ascii', '--no-emoji', '--no-color']
    await expect(execute(`${bin}attw`, args, { cwd: root })).resolves.toHaveProperty('stderr', '')
  })

  it('lets every door be imported by both Nodes of the project', async () => {
    // Bun's, Deno's and vitest's doors are opened by their own suites.
    const others = new Set(['./bun', './deno', './conformance'])
    const specifiers = doors
      .filter(({ name }) => !others.has(name))
      .map(({ specifier }) => specifier)
    const folder = `${pack}package/`
    const script = `${folder}import-all.mjs`
    writeFileSync(script, specifiers.map((specifier) => `await import('${specifier}')\n`).join(''))
    for (const node of [`${bin}node`, `${root}node_modules/node-22/bin/node`]) {
      await expect(execute(node, [script])).resolves.toEqual({ stdout: '', stderr: '' })
    }
  })
})

describe('the project', () => {
  it('has no file, export or dependency that nobody uses, says knip', async () => {
    const found = await execute(`${bin}knip`, ['--no-progress', '--no-config-hints'], {
      cwd: root,
    }).catch(({ stdout, stderr }: { stdout: string; stderr: string }) => ({ stdout, stderr }))
    expect(found).toEqual({ stdout: '', stderr: '' })
  })
})
