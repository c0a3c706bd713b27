import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { drizzle } from 'drizzle-orm/node-postgres'
import { Pool } from 'pg'
import { libsql } from '../../../adapters/store/libsql.ts'
import { postgres } from '../../../adapters/store/postgres.ts'
import type { AuditStore } from '../../../src/ports/store.ts'
import type { Reading } from '../../../src/read/reading.ts'
import { summary } from '../../../src/read/summary.ts'
import { issues, processes } from '../../../src/read/views.ts'
import { createDatabase } from '../../support/postgres.ts'
import { anySummary, anyThings, bothOf } from '../../unit/read/archive/things.ts'

interface Database {
  readonly store: AuditStore
  close(): Promise<void>
}

const databases = {
  libSQL: async (home: string, name: string): Promise<Database> => {
    const store = libsql({ url: `file:${join(home, name)}` })
    return { store, close: () => store.close() }
  },
  PostgreSQL: async (): Promise<Database> => {
    const pool = new Pool({ connectionString: await createDatabase(inject('postgresUrl')) })
    return { store: postgres(drizzle(pool)), close: () => pool.end() }
  },
}

/** What hangs on all that ever happened. */
const shown = async (
  audit: Reading,
  query: typeof anySummary extends fc.Arbitrary<infer One> ? One : never,
) => {
  const { tenant, to } = query
  const list = { tenant, to, limit: 100 }
  return {
    summary: await summary(audit, query),
    processes: (await processes(audit, list)).processes,
    open: (await issues(audit, { ...list, state: 'open' })).issues,
  }
}

describe.each(Object.entries(databases))('live events in %s, and archived ones', (_, connect) => {
  let home: string
  const opened: Database[] = []
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'edge-audit-reading-'))
  })
  afterAll(async () => {
    for (const { close } of opened) await close()
    await rm(home, { recursive: true })
  })

  it('make the same processes, issues and summaries as if nothing had been archived', async () => {
    const open = async (): Promise<AuditStore> => {
      const database = await connect(home, `${opened.length}.db`)
      opened.push(database)
      await database.store.migrate()
      return database.store
    }
    await fc.assert(
      fc.asyncProperty(anyThings, anySummary, async (events, query) => {
        fc.pre(Number(query.from) < Number(query.to))
        const [all, archived] = await bothOf(events, open)
        expect(await shown(archived, query)).toEqual(await shown(all, query))
      }),
      { numRuns: 10, endOnFailure: true },
    )
  }, 120_000)
})
