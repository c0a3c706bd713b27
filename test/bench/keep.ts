import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { directory } from '../../adapters/archive/directory.ts'
import { parquetArchive } from '../../adapters/archive/parquet.ts'
import { createAudit } from '../../src/index.ts'
import { keep, ndjson } from '../../src/keep/keep.ts'
import { removerOf } from '../../src/keep/run/remove.ts'
import type { ArchiveFormat } from '../../src/ports/archive.ts'
import type { Ledger } from '../../src/ports/ledger.ts'
import type { AuditStore } from '../../src/ports/store.ts'
import { type Copy, type Database, database, events } from './databases.ts'
import type { Bench, Row } from './rows.ts'

setFlagsFromString('--expose-gc')
const collect: () => void = runInNewContext('gc')

const seconds = async (work: () => Promise<unknown>): Promise<number> => {
  const start = performance.now()
  await work()
  return (performance.now() - start) / 1_000
}

interface Measured {
  /** MB in use after a collection, at its most. */
  heap: number
  /** All objects, and their bytes. */
  objects: number
  bytes: number
}

type Removal = Parameters<Ledger['remove']>

/** Deletes of its own: undefined for those of the store. */
type Remove = Ledger['remove'] | undefined

/** The store, with what is in memory between two segments written down. */
const watched = (store: AuditStore, measured: Measured, remove: Remove): AuditStore => ({
  ...store,
  ledger: async (): Promise<Ledger> => {
    const ledger = await store.ledger()
    let commits = 0
    return {
      ...ledger,
      ...(remove !== undefined && { remove }),
      commit: async (...asked) => {
        for (const { manifest } of asked[0]) measured.bytes += Number(JSON.parse(manifest).bytes)
        measured.objects += asked[0].length
        if (commits++ % 10 === 0) {
          collect()
          measured.heap = Math.max(measured.heap, process.memoryUsage().heapUsed / 1_048_576)
        }
        return ledger.commit(...asked)
      },
    }
  },
})

const kept = async (copy: Copy, format: ArchiveFormat, remove?: Remove): Promise<Measured> => {
  const folder = await mkdtemp(join(tmpdir(), 'edge-audit-bench-'))
  const measured: Measured = { heap: 0, objects: 0, bytes: 0 }
  const audit = createAudit({ store: watched(copy.store, measured, remove) })
  try {
    const options = { archiveAfter: '1h', to: directory(folder), format } as const
    const { moved, left } = await keep(audit, { ...options, budgetMs: 86_400_000 })
    const stayed = remove === undefined ? left : 0
    if (moved !== events || stayed > 0) throw new Error(`moved ${moved} of ${events}`)
    return measured
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** All that a run does but deleting, which `keep-delete` measures. Resolves to what it would delete. */
const archived = async (copy: Copy): Promise<readonly Removal[]> => {
  const removals: Removal[] = []
  await kept(copy, ndjson(), async (...asked) => {
    removals.push(asked)
    return []
  })
  return removals
}

/** The same ids, by the bare driver, in a transaction that opens and closes the pass. */
const bareDelete = (copy: Copy, ids: readonly string[]): Promise<void> =>
  copy.transact([
    { sql: `insert into audit_archive_pass (id) values ('bare')`, values: [] },
    {
      sql: `delete from audit_events where id in (${ids.map(() => '?').join(', ')})`,
      values: ids,
    },
    { sql: `delete from audit_archive_pass where id = 'bare'`, values: [] },
  ])

interface Deleted {
  /** Seconds. */
  audit: number
  bare: number
}

/**
 * Deletes what is archived, as a run does, and each portion by the bare driver from another copy right
 * behind it: what else the machine does is the same for both.
 */
const deleted = async (copy: Copy, other: Copy, removals: readonly Removal[]): Promise<Deleted> => {
  const ledger = await copy.store.ledger()
  const took: Deleted = { audit: 0, bare: 0 }
  const remove: Ledger['remove'] = async (ids, because) => {
    const stayed = await ledger.remove(ids, because)
    took.bare += await seconds(() => bareDelete(other, ids))
    return stayed
  }
  // Its clock stands still while the bare driver works.
  const remover = removerOf({ ...ledger, remove }, () => performance.now() - took.bare * 1_000)
  const all = await seconds(async () => {
    for (const [ids, because] of removals) {
      const stayed = await remover.remove(ids, () => because)
      if (stayed.length > 0) throw new Error(`${stayed.length} stayed`)
    }
  })
  return { ...took, audit: all - took.bare }
}

const onCopy = async <Result>(
  from: Database,
  work: (copy: Copy) => Promise<Result>,
): Promise<Result> => {
  const copy = await from.copy()
  try {
    return await work(copy)
  } finally {
    await copy.end()
  }
}

interface Waits {
  readonly p99: number
  readonly most: number
}

/** How long the writes of another process take beside some work. */
const besideWriter = async (url: string, work: () => Promise<unknown>): Promise<Waits> => {
  const writer = spawn(process.execPath, ['test/bench/writer.ts', url], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  let told = ''
  writer.stdout.on('data', (chunk) => {
    told += String(chunk)
  })
  const closed = new Promise((resolve) => {
    writer.on('close', resolve)
  })
  await work()
  writer.stdin.end()
  await closed
  return JSON.parse(told)
}

/** The databases: `--on libsql` for that one alone. */
const names = (['libsql', 'postgres'] as const).filter((name) => {
  const at = process.argv.indexOf('--on')
  return at === -1 || process.argv[at + 1] === name
})

const benchOf = (format: ArchiveFormat, name: string): Bench => {
  const bench = `keep-${name}`
  return {
    name: bench,
    about: `${events.toLocaleString('en')} events into a directory as ${format.extension}, read back and verified, against a dump of the same rows by the database's own program into gzip`,
    run: async () => {
      const rows: Row[] = []
      const worst = { ratio: 0, audit: 0, bare: 0 }
      for (const from of names) {
        const source = await database(from, events)
        let dumped = 0
        const bare = await seconds(async () => {
          dumped = await source.dump()
        })
        const nothing = (): Promise<readonly string[]> => Promise.resolve([])
        let measured: Measured = { heap: 0, objects: 0, bytes: 0 }
        const archive = await onCopy(source, (copy) =>
          seconds(async () => {
            measured = await kept(copy, format, nothing)
          }),
        )
        const { heap, objects, bytes } = measured
        const of = { bench, unit: 's' } as const
        rows.push(
          { ...of, subject: `${from}, dump`, value: bare },
          { ...of, subject: from, value: archive, against: `${from}, dump` },
          { bench, subject: `${from}, events an object`, value: events / objects, unit: 'events' },
          { bench, subject: `${from}, heap in use`, value: heap, unit: 'MB' },
          { bench, subject: `${from}, dump, each`, value: dumped / events, unit: 'bytes' },
          {
            bench,
            subject: `${from}, each`,
            value: bytes / events,
            unit: 'bytes',
            against: `${from}, dump, each`,
          },
        )
        if (archive / bare > worst.ratio)
          Object.assign(worst, { ratio: archive / bare, audit: archive, bare })
      }
      return [
        { bench, subject: 'dump-gzip', value: worst.bare, unit: 's' },
        { bench, subject: 'edge-audit', value: worst.audit, unit: 's', against: 'dump-gzip' },
        ...rows,
      ]
    },
  }
}

export const keepNdjson = benchOf(ndjson(), 'ndjson')

export const keepParquet = benchOf(parquetArchive(), 'parquet')

export const keepDelete: Bench = {
  name: 'keep-delete',
  about: `deleting ${events.toLocaleString('en')} archived events by their ids, against the same by the bare driver without a look at holds and without a gap for others; and how long another process waits to write meanwhile`,
  run: async () => {
    const bench = 'keep-delete'
    const rows: Row[] = []
    const worst = { ratio: 0, audit: 0, bare: 0 }
    for (const from of names) {
      const source = await database(from, events)
      const { audit: took, bare } = await onCopy(source, (copy) =>
        onCopy(source, async (other) => deleted(copy, other, await archived(copy))),
      )
      const alone = await onCopy(source, (copy) =>
        besideWriter(copy.url, () => new Promise((resolve) => setTimeout(resolve, 5_000))),
      )
      const beside = await onCopy(source, (copy) =>
        besideWriter(copy.url, () => kept(copy, ndjson())),
      )
      const of = { bench, unit: 's' } as const
      const ms = { bench, unit: 'ms' } as const
      rows.push(
        { ...of, subject: `${from}, bare`, value: bare },
        { ...of, subject: from, value: took, against: `${from}, bare` },
        { ...ms, subject: `${from}, a write alone, p99`, value: alone.p99 },
        { ...ms, subject: `${from}, a write during a run, p99`, value: beside.p99 },
        { ...ms, subject: `${from}, a write during a run, most`, value: beside.most },
      )
      if (took / bare > worst.ratio) Object.assign(worst, { ratio: took / bare, audit: took, bare })
    }
    return [
      { bench, subject: 'bare-delete', value: worst.bare, unit: 's' },
      { bench, subject: 'edge-audit', value: worst.audit, unit: 's', against: 'bare-delete' },
      ...rows,
    ]
  },
}
