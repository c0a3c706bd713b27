import { execFile } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { root } from '../support/doors.ts'
import { type Block, promised } from './blocks.ts'

export interface Outcome {
  readonly code: number
  readonly output: string
}

const bin = `${root}node_modules/.bin/`

const run = (cwd: string, command: string, ...args: readonly string[]): Promise<Outcome> =>
  new Promise((resolve) => {
    const options = { cwd, env: { ...process.env, NO_COLOR: '1' }, timeout: 50_000 }
    execFile(bin + command, args, options, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : 1, output: stdout + stderr })
    })
  })

const base = {
  extends: '../../../tsconfig.base.json',
  compilerOptions: {
    lib: ['ES2024', 'WebWorker'],
    composite: false,
    declaration: false,
    noEmit: true,
    allowImportingTsExtensions: true,
    rewriteRelativeImportExtensions: false,
    // A block shows one thing; what it declares may be meant for the next one.
    noUnusedLocals: false,
    noUnusedParameters: false,
  },
}

/** A place inside the package, where its own name leads to the build as it does for a user. */
export interface Pages {
  /** Type-checks every block of TypeScript, as one program. Errors carry the line of the page. */
  check(blocks: readonly Block[]): Promise<Outcome>
  /** Runs a block, and compares what it prints with what it promises. */
  run(block: Block): Promise<Outcome & { readonly promised: readonly string[] }>
  remove(): void
}

export const pages = (name: string): Pages => {
  const folder = `${root}.cache/${name}/`
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(`${folder}node`, { recursive: true })
  mkdirSync(`${folder}workers`, { recursive: true })

  // Blocks marked `workers` see the types of Workers, the others those of Node: as in their projects.
  const place = ({ words, line, text }: Block): string => {
    const kind = words.includes('workers') ? 'workers' : 'node'
    const path = `${folder}${kind}/line-${line}.ts`
    // As many empty lines before as in the page, so that an error names the page's line.
    writeFileSync(path, '\n'.repeat(line) + text)
    return path
  }

  const checkKind = (kind: string, types: string): Promise<Outcome> => {
    const compilerOptions = { ...base.compilerOptions, types: [types] }
    writeFileSync(`${folder}${kind}/tsconfig.json`, JSON.stringify({ ...base, compilerOptions }))
    return run(folder, 'tsc', '-p', kind)
  }

  return {
    check: async (blocks) => {
      const kinds = new Set(
        blocks.map(({ words }) => (words.includes('workers') ? 'workers' : 'node')),
      )
      for (const block of blocks) place(block)
      const types = { node: 'node', workers: '@cloudflare/workers-types' } as const
      const outcomes: Outcome[] = []
      for (const kind of kinds) outcomes.push(await checkKind(kind, types[kind]))
      return {
        code: Math.max(0, ...outcomes.map(({ code }) => code)),
        output: outcomes.map(({ output }) => output).join(''),
      }
    },
    run: async (block) => {
      const outcome = await run(folder, 'node', place(block))
      return { ...outcome, promised: promised(block) }
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}
