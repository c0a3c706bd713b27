import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { createClient } from '@libsql/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { directory } from '../../adapters/archive/directory.ts'
import { libsql } from '../../adapters/store/libsql.ts'
import { createAudit } from '../../src/audit.ts'
import { byTime } from '../../src/event/order.ts'
import type { EventRow } from '../../src/event/row.ts'
import { keep, verifyArchive } from '../../src/keep/keep.ts'
import { batchOf } from './keep-rows.ts'
import { archivedIn, liveIn, withoutTime } from '../support/rows.ts'
import { killedAfter } from '../support/killed.ts'

const runner = new URL('keep-runner.ts', import.meta.url)
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
  const given = [
    fileURLToPath(runner),
    'write',
    url(),
    archive(),
    String(now),
    String(first),
    String(BATCHES),
  ]
  const child = spawn(process.execPath, given, { stdio: ['ignore', 'ignore', 'inherit'] })
  const [code] = await once(child, 'close')
  expect(code).toBe(0)
  for (let batch = first; batch < first + BATCHES; batch += 1) written.push(batch)
}

/** Keeps in another process, and kills it once it took so many steps. */
const keepUntilKilled = (steps: number): Promise<unknown> =>
  killedAfter(steps, runner, 'keep', url(), archive())

/** The lease of a run that was killed runs out after a minute; here at once. */
const passLease = async (): Promise<void> => {
  const client = createClient({ url: url() })
  await client.execute('UPDATE audit_leases SET expires_at = 0')
  client.close()
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
    const [live, archived] = [await liveIn(store), await archivedIn(store, to)]
    expect(archived.length).toBeGreaterThan(rows.length / 2)
    expect([...live, ...archived.map(withoutTime)].toSorted(byTime)).toEqual(
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
