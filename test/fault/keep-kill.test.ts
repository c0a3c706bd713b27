import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { createClient } from '@libsql/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { directory } from '../../adapters/archive/directory.ts'
import { libsql } from '../../adapters/store/libsql.ts'
import { createAudit } from '../../src/audit.ts'
import { byTime } from '../../src/event/order.ts'
import type { EventRow, StoredRow } from '../../src/event/row.ts'
import { keep, ndjson, objectArchive, verifyArchive } from '../../src/keep/keep.ts'
import type { AuditStore, Position } from '../../src/ports/store.ts'
import { batchOf } from './keep-rows.ts'

const node = fileURLToPath(new URL('../../node_modules/.bin/node', import.meta.url))
const script = fileURLToPath(new URL('keep-runner.ts', import.meta.url))
const now = Date.now()

let home = ''
const url = (): string => `file:${join(home, 'audit.db')}`
const archive = (): string => join(home, 'archive')

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'edge-audit-keep-kill-'))
  const store = libsql({ url: url() })
  await store.migrate()
  await store.close()
})
afterAll(() => rm(home, { recursive: true, force: true }))

/** The batches that were written in all rounds. */
const written: number[] = []
const BATCHES = 10

const write = async (): Promise<void> => {
  const first = written.length
  const given = [script, 'write', url(), archive(), String(now), String(first), String(BATCHES)]
  const child = spawn(node, given, { stdio: ['ignore', 'ignore', 'inherit'] })
  const [code] = await once(child, 'close')
  expect(code).toBe(0)
  for (let batch = first; batch < first + BATCHES; batch += 1) written.push(batch)
}

/** Keeps in another process, and kills it once it took so many steps. */
const keepUntilKilled = async (steps: number): Promise<void> => {
  const given = [script, 'keep', url(), archive()]
  const child = spawn(node, given, { stdio: ['ignore', 'pipe', 'inherit'] })
  const dead = once(child, 'close')
  let taken = 0
  for await (const _ of createInterface({ input: child.stdout })) {
    taken += 1
    if (taken === steps) child.kill('SIGKILL')
  }
  await dead
  expect(child.signalCode).toBe('SIGKILL')
}

/** The lease of a run that was killed runs out after a minute; here at once. */
const passLease = async (): Promise<void> => {
  const client = createClient({ url: url() })
  await client.execute('UPDATE audit_leases SET expires_at = 0')
  client.close()
}

const liveIn = async (store: AuditStore): Promise<readonly StoredRow[]> => {
  const rows: StoredRow[] = []
  let after: Position | undefined
  do {
    const page = await store.page({ order: 'oldest', limit: 1_000, after })
    rows.push(...page.rows)
    after = page.next ?? undefined
  } while (after !== undefined)
  return rows.filter(({ action }) => !action.startsWith('audit.'))
}

const archivedIn = async (store: AuditStore): Promise<readonly StoredRow[]> => {
  const rows: StoredRow[] = []
  const objects = objectArchive(directory(archive()), ndjson())
  const ledger = await store.ledger()
  for (let after = 0; ;) {
    const entries = await ledger.entries({ after, limit: 1_000 })
    for (const { place } of entries)
      for await (const some of objects.read(place))
        for (const { archivedAt: _, ...row } of some) rows.push(row)
    if (entries.length < 1_000) return rows
    after = entries.at(-1)?.number ?? 0
  }
}

const steps = [2, 5, 9, 14, 20, 27, 35, 44, 60, 80, 105, 135]

describe('a run of keep whose process is killed', () => {
  it.each(steps)('after %i steps lets the writer go on', async (count) => {
    await Promise.all([write(), keepUntilKilled(count)])
    await passLease()
  })

  it('has left every event in one place, as it was, and an archive that verifies', async () => {
    const store = libsql({ url: url() })
    const audit = createAudit({ store })
    const to = directory(archive())
    expect((await keep(audit, { archiveAfter: '30d', to })).state).toBe('done')
    const rows: readonly EventRow[] = written.flatMap((batch) => batchOf(batch, now))
    expect(rows).toHaveLength(steps.length * BATCHES * 20)
    const [live, archived] = [await liveIn(store), await archivedIn(store)]
    expect(archived.length).toBeGreaterThan(rows.length / 2)
    expect([...live, ...archived].toSorted(byTime)).toEqual(
      rows.toSorted(byTime).map((row) => ({ ...row, recordedAt: expect.any(Number) })),
    )
    const objects: string[] = []
    for await (const path of to.list('events/')) objects.push(path)
    const { findings, events, manifests } = await verifyArchive(audit, { archive: to })
    expect(findings).toEqual([])
    expect(events).toBe(archived.length)
    // What was left of runs that were killed is cleared away.
    expect(objects).toHaveLength(manifests)
    await store.close()
  })
})
