import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cli, type Printed } from '../../../adapters/cli/cli.ts'
import { libsql } from '../../../adapters/store/libsql.ts'
import type { EventRow, StoredRow } from '../../../src/event/row.ts'
import { rowOf } from '../../conformance/rows.ts'
import { liveIn } from '../../support/rows.ts'

export interface CliWorld {
  readonly folder: string
  /** Runs a command on the database of this world, with nothing around it but what is given. */
  run(args: readonly string[], env?: NodeJS.ProcessEnv): Promise<Printed>
  /** The same with `--json`, and what it printed. */
  json(args: readonly string[]): Promise<unknown>
  /** All live events, oldest first, but those that keeping leaves behind. */
  live(): Promise<readonly StoredRow[]>
  remove(): Promise<void>
}

/** When the events of a world happened: long ago, an hour apart. */
export const BEGAN = Date.UTC(2020, 0, 1)

/** A database in a file, with so many old events, all of tenant `acme` unless said otherwise. */
export const cliWorld = async (
  count: number,
  columnsAt: (at: number) => Partial<Omit<EventRow, symbol>> = () => ({}),
): Promise<CliWorld> => {
  const folder = await mkdtemp(join(tmpdir(), 'edge-audit-cli-'))
  const url = `file:${join(folder, 'audit.db')}`
  const store = libsql({ url })
  await store.migrate()
  const rows = Array.from({ length: count }, (_, at) =>
    rowOf({ tenant: 'acme', occurredAt: BEGAN + at * 3_600_000, ...columnsAt(at) }),
  )
  await store.append(rows)
  await store.close()

  const ask: CliWorld['run'] = (args, env = {}) => cli([...args, '--url', url], env)
  return {
    folder,
    run: ask,
    json: async (args) => {
      const { code, stdout, stderr } = await ask([...args, '--json'])
      if (code !== 0) throw new Error(stderr)
      return JSON.parse(stdout)
    },
    live: async () => {
      const reading = libsql({ url })
      const rows = await liveIn(reading)
      await reading.close()
      return rows
    },
    remove: () => rm(folder, { recursive: true }),
  }
}
