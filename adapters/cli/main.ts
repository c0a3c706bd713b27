#!/usr/bin/env node
import { parseArgs } from 'node:util'
import { isAuditError } from '../../src/errors.ts'
import type { MigrateOptions } from '../../src/ports/store.ts'
import { openStore } from './open.ts'

const help = `Usage: edge-audit migrate --url <address> [--auth-token <token>] [--text]

Brings the audit tables up to date. Safe to run at every deploy, also by many at once.

  --url         libsql:, https:, file: … or postgres: address   (or EDGE_AUDIT_URL)
  --auth-token  token of a libSQL server                        (or EDGE_AUDIT_TOKEN)
  --text        adds an index for free text
  --help        prints this

On *.neon.tech the Neon driver is used, for other PostgreSQL the package pg.
`

const read = (args: readonly string[]) =>
  parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      url: { type: 'string' },
      'auth-token': { type: 'string' },
      text: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  })

const migrate = async (
  url: string,
  authToken: string | undefined,
  options: MigrateOptions,
): Promise<string> => {
  const store = await openStore({ url, authToken })
  try {
    const names = await store.migrate(options)
    if (names.length === 0) return 'Nothing to do: the audit tables are up to date.\n'
    return names.map((name) => `Applied ${name}\n`).join('')
  } finally {
    await store.close()
  }
}

const run = async (args: readonly string[]): Promise<string> => {
  const { values, positionals } = read(args)
  if (values.help === true) return help
  const [command, ...rest] = positionals
  if (command !== 'migrate' || rest.length > 0)
    throw new Error('The only command is migrate. See edge-audit --help.')
  const url = values.url ?? process.env['EDGE_AUDIT_URL']
  if (url === undefined || url === '')
    throw new Error('There is no address. Give --url or set EDGE_AUDIT_URL.')
  const token = values['auth-token'] ?? process.env['EDGE_AUDIT_TOKEN']
  return migrate(url, token, { text: values.text })
}

// Only sentences that are known to hold no address, token or password: ours, those of parseArgs,
// and the name of a package that is not installed.
const sentenceOf = (error: unknown): string => {
  if (isAuditError(error)) return error.message
  if (!(error instanceof Error)) return 'It failed for an unknown reason.'
  const missing = /^Cannot find package '([^']+)'/.exec(error.message)?.[1]
  if (missing !== undefined) return `The package ${missing} is needed. Run: npm install ${missing}`
  return error.message.split('\n', 1).join('')
}

try {
  process.stdout.write(await run(process.argv.slice(2)))
} catch (error) {
  process.stderr.write(`edge-audit: ${sentenceOf(error)}\n`)
  process.exitCode = 1
}
