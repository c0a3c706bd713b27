import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export type Runtime = 'node' | 'bun' | 'deno'

const binary = (name: string): string =>
  fileURLToPath(new URL(`../../../node_modules/.bin/${name}`, import.meta.url))

export const runtimes: readonly Runtime[] = ['node', 'bun', 'deno']

export interface Ended {
  readonly lines: readonly string[]
  readonly code: number | null
  readonly signal: string | null
  readonly errors: string
}

/** Runs a script of this folder and sends it a signal each time it says `send <signal>`. */
export const run = async (
  runtime: Runtime,
  script: string,
  ...args: readonly string[]
): Promise<Ended> => {
  const path = fileURLToPath(new URL(script, import.meta.url))
  const before = runtime === 'deno' ? ['run', '--quiet', '--allow-all'] : []
  const child = spawn(binary(runtime), [...before, path, runtime, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const closed = once(child, 'close')
  let errors = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text
  })
  const lines: string[] = []
  for await (const line of createInterface({ input: child.stdout })) {
    if (line === 'send SIGTERM') child.kill('SIGTERM')
    if (line === 'send SIGINT') child.kill('SIGINT')
    if (!line.startsWith('send ')) lines.push(line)
  }
  await closed
  return { lines, code: child.exitCode, signal: child.signalCode, errors }
}
