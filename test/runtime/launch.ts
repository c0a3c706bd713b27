import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import type { AppEnv } from './store.ts'

export const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const modules = here('../../node_modules')

/** The command that runs a TypeScript file on a runtime; all of them are installed by npm. */
export const commands = {
  node24: [`${modules}/.bin/node`],
  node22: [`${modules}/node-22/bin/node`],
  deno: [`${modules}/.bin/deno`, 'run', '--quiet', '--allow-all', '--node-modules-dir=manual'],
  bun: [`${modules}/.bin/bun`, 'run'],
} as const satisfies Record<string, readonly [string, ...string[]]>

export interface Running {
  readonly url: string
  /** What the process wrote to stderr. */
  errors(): string
  stop(): Promise<void>
}

/** Starts a server of this folder, which prints its address, and ends it with this process at the latest. */
export const launch = async (
  [command, ...args]: readonly [string, ...string[]],
  script: string,
  env: AppEnv,
  environment: Readonly<Record<string, string>> = {},
): Promise<Running> => {
  const child = spawn(command, [...args, here(script)], {
    cwd: here('../..'),
    env: { PATH: process.env['PATH'], APP_ENV: JSON.stringify(env), NO_COLOR: '1', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const kill = (): void => {
    child.kill('SIGKILL')
  }
  process.once('exit', kill)
  let errors = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text
  })
  const lines = createInterface({ input: child.stdout })
  const closed = once(child, 'close').then(() => undefined)
  const first = once(lines, 'line').then(([line]) => String(line))
  const url = await Promise.race([first, closed])
  if (url === undefined) throw new Error(`${script} ended with code ${child.exitCode}:\n${errors}`)
  return {
    url,
    errors: () => errors,
    stop: async () => {
      process.off('exit', kill)
      kill()
      await closed
    },
  }
}

/** An entry of this folder in one script, as the tools of an edge platform would upload it. */
export const bundle = async (
  entry: string,
  conditions: readonly string[],
  format: 'esm' | 'iife' = 'esm',
): Promise<string> => {
  const { outputFiles } = await build({
    entryPoints: [here(entry)],
    bundle: true,
    write: false,
    format,
    target: 'es2022',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    conditions: [...conditions],
    external: ['node:*'],
    logLevel: 'silent',
  })
  return outputFiles.map(({ text }) => text).join('')
}
