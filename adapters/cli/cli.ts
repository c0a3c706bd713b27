import { parseArgs } from 'node:util'
import { isAuditError } from '../../src/errors.ts'
import { type Command, type Given, options, type Told } from './command.ts'

// Each with what it needs is loaded only where it is asked for.
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  migrate: async () => (await import('./migrate.ts')).migrate,
  keep: async () => (await import('./keep.ts')).keep,
  hold: async () => (await import('./hold.ts')).hold,
  release: async () => (await import('./release.ts')).release,
  holds: async () => (await import('./holds.ts')).holds,
  restore: async () => (await import('./restore.ts')).restore,
  report: async () => (await import('./report.ts')).report,
  'verify-archive': async () => (await import('./verify-archive.ts')).verifyArchive,
}

const help = `Usage: edge-audit <command> [options]

  migrate         brings the audit tables up to date
  keep            archives and deletes what policies let go
  hold            keeps events from being moved or deleted
  release         releases a hold
  holds           lists the holds in force
  restore         puts archived events back
  report          prints a report as PDF, HTML or text
  verify-archive  holds the archive to its manifests

edge-audit <command> --help says more.
`

const run = async (args: readonly string[], env: Given['env']): Promise<Told> => {
  const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options })
  const [name = '', ...rest] = positionals
  if (name === '' && values.help === true) return { text: help }
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (load === undefined) throw new Error('There is no such command. See edge-audit --help.')
  const command = await load()
  if (values.help === true) return { text: command.help }
  const { takes, argument } = command
  const foreign = Object.keys(values).find((option) => !takes.some((taken) => taken === option))
  if (foreign !== undefined) throw new Error(`${name} takes no --${foreign}. See its --help.`)
  if (rest.length !== (argument === undefined ? 0 : 1))
    throw new Error(`${name} takes ${argument ?? 'options alone'}. See its --help.`)
  const told = await command.run({ values, rest, env })
  return values.json === true ? { ...told, text: `${JSON.stringify(told.data)}\n` } : told
}

// Only sentences that are known to hold no address, token or password: ours, those of parseArgs and
// of files, and the name of a package that is not installed.
const sentenceOf = (error: unknown): string => {
  if (isAuditError(error)) return error.message
  if (!(error instanceof Error)) return 'It failed for an unknown reason.'
  const missing = /^Cannot find package '([^']+)'/.exec(error.message)?.[1]
  if (missing !== undefined) return `The package ${missing} is needed. Run: npm install ${missing}`
  return error.message.split('\n', 1).join('')
}

export interface Printed {
  /** 0, 1 when it failed, or what the command says. */
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** What `edge-audit` prints, and with which code it ends. */
export const cli = async (args: readonly string[], env: Given['env']): Promise<Printed> => {
  try {
    const { text, code = 0 } = await run(args, env)
    return { code, stdout: text, stderr: '' }
  } catch (error) {
    return { code: 1, stdout: '', stderr: `edge-audit: ${sentenceOf(error)}\n` }
  }
}
