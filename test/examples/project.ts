import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import process from 'node:process'
import { afterAll } from 'vitest'
import { manifest, root } from '../support/doors.ts'

// An example as a user has it: in a folder of its own, with what it asks for in node_modules.

export interface Project {
  readonly folder: string
  remove(): Promise<void>
}

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>
  readonly imports?: Readonly<Record<string, string>>
}

const manifestOf = async (example: string): Promise<Manifest> => {
  const name = example === 'deno' ? 'deno.json' : 'package.json'
  return JSON.parse(await readFile(`${root}examples/${example}/${name}`, 'utf8'))
}

/**
 * Copies an example and installs what it names. The package is a copy of what would be published, so
 * that it finds in the example's node_modules what it needs, or does not.
 */
export const install = async (example: string): Promise<Project> => {
  const folder = await mkdtemp(join(tmpdir(), `edge-audit-${example}-`))
  await cp(`${root}examples/${example}`, folder, { recursive: true })
  const { dependencies = {}, imports = {} } = await manifestOf(example)
  const asked = Object.keys({ ...dependencies, ...imports, ...manifest.dependencies })
  for (const name of asked.filter((name) => name !== manifest.name)) {
    const path = `${folder}/node_modules/${name}`
    await mkdir(dirname(path), { recursive: true })
    await symlink(`${root}node_modules/${name}`, path)
  }
  for (const file of ['package.json', 'dist', 'migrations']) {
    await cp(root + file, `${folder}/node_modules/${manifest.name}/${file}`, { recursive: true })
  }
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) }
}

export interface Running {
  /** What it printed so far, both streams. */
  output(): string
  /** Resolves to what the pattern found; rejects with the output when the process ends before. */
  printed(pattern: RegExp): Promise<string>
  /** How it ended: a code, or the name of a signal. */
  readonly ended: Promise<number | string | null>
  /** Asks it to end, and waits until it has. */
  stop(signal?: NodeJS.Signals): Promise<number | string | null>
}

interface Start {
  readonly cwd: string
  readonly env?: Readonly<Record<string, string>>
}

const running = new Set<Running>()

// Also when a test failed half-way.
afterAll(async () => {
  for (const one of running) await one.stop()
})

/** Starts a command of node_modules/.bin. It is stopped with the tests of the file at the latest. */
export const start = (
  command: string,
  args: readonly string[],
  { cwd, env = {} }: Start,
): Running => {
  const child = spawn(`${root}node_modules/.bin/${command}`, args, {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      PATH: `${root}node_modules/.bin:${process.env['PATH']}`,
      NO_COLOR: '1',
      // Nothing is asked, reported or looked up while tests run.
      CI: 'true',
      WRANGLER_SEND_METRICS: 'false',
      CLOUDFLARE_CF_FETCH_ENABLED: 'false',
      DENO_NO_UPDATE_CHECK: '1',
      ...env,
    },
  })
  const ended = once(child, 'close').then(() => child.signalCode ?? child.exitCode)
  let text = ''
  const watchers = new Set<() => void>()
  const grow = (more: string): void => {
    text += more
    for (const watch of watchers) watch()
  }
  child.stdout.setEncoding('utf8').on('data', grow)
  child.stderr.setEncoding('utf8').on('data', grow)

  const printed = (pattern: RegExp): Promise<string> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const found = pattern.exec(text)
        if (found === null) return
        watchers.delete(look)
        resolve(found[1] ?? found[0])
      }
      watchers.add(look)
      child.once('error', reject)
      child.once('close', () => reject(new Error(`${command} ended:\n${text}`)))
      look()
    })

  const started: Running = {
    output: () => text,
    printed,
    ended,
    stop: (signal = 'SIGTERM') => {
      running.delete(started)
      child.kill(signal)
      return ended
    },
  }
  running.add(started)
  return started
}

/** Runs a command to its end. */
export const run = async (
  command: string,
  args: readonly string[],
  options: Start,
): Promise<{ readonly code: number | string | null; readonly output: string }> => {
  const { ended, output } = start(command, args, options)
  return { code: await ended, output: output() }
}
