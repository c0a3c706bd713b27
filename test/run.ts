// `npm test`: every gate of the project, two at a time. `npm test -- --only unit,types` runs some.

import { type ChildProcess, spawn } from 'node:child_process'
import { createWriteStream, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import process, { argv, env, exit, kill, stderr, stdout, version, versions } from 'node:process'
import { parseArgs } from 'node:util'
import { root } from './support/doors.ts'
import { add, none, type Report, settle, summary, type Tally, tally } from './support/report.ts'

interface Step {
  readonly name: string
  readonly needs?: readonly string[]
  /** Each is counted as one test. */
  readonly tools?: readonly (readonly [string, ...string[]])[]
  /** A project of vitest.config.ts. */
  readonly project?: string
}

// In the order in which they start: what others wait for first, then the long ones.
const steps: readonly Step[] = [
  { name: 'build', tools: [['npm', 'run', 'build']] },
  { name: 'conformance', project: 'conformance' },
  { name: 'archive', project: 'archive' },
  { name: 'http', project: 'http' },
  {
    name: 'lint',
    tools: [
      ['oxlint', '--type-aware', '--deny-warnings'],
      ['oxfmt', '--check'],
    ],
  },
  { name: 'types', needs: ['build'], tools: [['tsc', '-b']] },
  { name: 'runtimes', needs: ['build'], project: 'runtime' },
  { name: 'unit', project: 'unit' },
  { name: 'fault', project: 'fault' },
  { name: 'report', project: 'report' },
  { name: 'surface', needs: ['build'], project: 'surface' },
  // They check the same build info as `types` does, so not at the same time.
  { name: 'architecture', needs: ['types'], project: 'architecture' },
  { name: 'readme', needs: ['types'], project: 'readme' },
  { name: 'examples', needs: ['types'], project: 'examples' },
]

const lanes = 2
const limitSeconds = 900
const logs = `${root}.cache/logs/`

const running = new Set<ChildProcess>()

/** Ends a command and what it started: servers and browsers are children of its children. */
const end = ({ pid }: ChildProcess): void => {
  if (pid === undefined) return
  try {
    kill(-pid, 'SIGKILL')
  } catch {
    // It ended by itself in between.
  }
}

const stop = (): void => {
  for (const child of running) end(child)
  exit(130)
}
process.on('SIGINT', stop)
process.on('SIGTERM', stop)

const run = async (
  [command, ...args]: readonly [string, ...string[]],
  log: string,
): Promise<number> => {
  const output = createWriteStream(log, { flags: 'a' })
  const child = spawn(command, args, {
    cwd: root,
    detached: true,
    env: { ...env, PATH: `${root}node_modules/.bin:${env['PATH']}`, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  running.add(child)
  child.stdout.pipe(output, { end: false })
  child.stderr.pipe(output, { end: false })
  const timer = setTimeout(() => {
    output.write(`\n${command} took longer than ${limitSeconds} s and was ended\n`)
    end(child)
  }, limitSeconds * 1_000)
  const code = await new Promise<number>((resolve) => {
    child.once('error', (error) => {
      output.write(`${command} did not start: ${error.message}\n`)
      resolve(127)
    })
    child.once('close', (exitCode) => resolve(exitCode ?? 1))
  })
  clearTimeout(timer)
  running.delete(child)
  // A server that a test forgot would hold its port for the next step.
  end(child)
  await new Promise((resolve) => output.end(resolve))
  return code
}

const runTools = async (tools: NonNullable<Step['tools']>, log: string): Promise<Tally> => {
  let total = none
  for (const tool of tools) {
    const failed = (await run(tool, log)) === 0 ? 0 : 1
    total = add(total, { ...none, passed: 1 - failed, failed })
  }
  return total
}

const runProject = async (project: string, log: string): Promise<Tally> => {
  const report = `${logs}${project}.json`
  rmSync(report, { force: true })
  const output = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`] as const
  const code = await run(['vitest', 'run', '--project', project, ...output], log)
  const parsed: Report | undefined = existsSync(report)
    ? JSON.parse(readFileSync(report, 'utf8'))
    : undefined
  return tally(parsed, code)
}

const runStep = async ({ name, tools, project }: Step): Promise<Tally> => {
  const log = `${logs}${name}.log`
  rmSync(log, { force: true })
  const started = performance.now()
  let result = tools === undefined ? none : await runTools(tools, log)
  if (project !== undefined) result = add(result, await runProject(project, log))
  const seconds = ((performance.now() - started) / 1_000).toFixed(1).padStart(6)
  const mark = result.failed === 0 ? 'ok    ' : 'FAILED'
  stdout.write(`${mark} ${name.padEnd(12)} ${seconds} s  ${summary(result)}\n`)
  if (result.failed > 0) stdout.write(`${readFileSync(log, 'utf8').trimEnd()}\n\n`)
  return result
}

/** Runs at most `lanes` steps at once, each after the ones it needs, whether these passed or not. */
const runAll = async (chosen: readonly Step[]): Promise<Tally> => {
  const waiting = new Set(chosen)
  const unfinished = new Set(chosen.map(({ name }) => name))
  let total = none
  const ready = (): Step | undefined =>
    [...waiting].find(({ needs = [] }) => !needs.some((need) => unfinished.has(need)))
  let wake = Promise.withResolvers<void>()
  const lane = async (): Promise<void> => {
    while (waiting.size > 0) {
      const step = ready()
      if (step === undefined) {
        await wake.promise
        continue
      }
      waiting.delete(step)
      const result = await runStep(step)
      total = add(total, result)
      unfinished.delete(step.name)
      wake.resolve()
      wake = Promise.withResolvers()
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  return total
}

const choose = (only: string | undefined): readonly Step[] => {
  if (only === undefined) return steps
  const names = only.split(',')
  const unknown = names.filter((name) => !steps.some((step) => step.name === name))
  if (unknown.length > 0) {
    const known = steps.map(({ name }) => name).join(', ')
    throw new Error(`There is no step ${unknown.join(', ')}. The steps are ${known}.`)
  }
  // What a chosen step needs is run with it: yesterday's build proves nothing.
  const wanted = new Set<string>()
  const want = (name: string): void => {
    wanted.add(name)
    for (const need of steps.find((step) => step.name === name)?.needs ?? []) want(need)
  }
  for (const name of names) want(name)
  return steps.filter(({ name }) => wanted.has(name))
}

const main = async (): Promise<number> => {
  if (Number.parseInt(versions.node, 10) < 24) {
    stderr.write(
      `The tests run on Node 24, and this is ${version}. Start them with npm, after npm ci.\n`,
    )
    return 1
  }
  const { values } = parseArgs({ args: argv.slice(2), options: { only: { type: 'string' } } })
  const chosen = choose(values.only)
  mkdirSync(logs, { recursive: true })
  const everythingMustRun = env['CI'] === 'true'
  const counted = await runAll(chosen)
  const total = settle(counted, everythingMustRun)
  if (counted.parts.length > 0) {
    const verdict = everythingMustRun ? ', and on CI everything must' : ''
    stdout.write(`Did not run here${verdict}: ${counted.parts.join(', ')}\n`)
  }
  stdout.write(`${summary(total)}\n`)
  return total.failed === 0 ? 0 : 1
}

try {
  exit(await main())
} catch (error) {
  stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  exit(1)
}
