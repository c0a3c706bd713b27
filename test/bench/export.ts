import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { parquet } from '../../adapters/export/parquet.ts'
import { csv } from '../../src/read/export/csv.ts'
import { exportEvents } from '../../src/read/export/events.ts'
import type { ExportFormat } from '../../src/read/export/format.ts'
import { type Database, database, events, type Value } from './databases.ts'
import { type Bench, median, type Row } from './rows.ts'

const PAGE = 1_000
const ROUNDS = 3

setFlagsFromString('--expose-gc')
const collect: () => void = runInNewContext('gc')

/** The same rows by the bare driver, page by page, thrown away. */
const bareRead = async (from: Database): Promise<number> => {
  let rows = 0
  let place: readonly Value[] = []
  for (;;) {
    const beyond = place.length === 0 ? '' : 'where (occurred_at, id) > (?, ?)'
    const sql = `select id, tenant, occurred_at, recorded_at, kind, action, outcome, actor_type, actor_id, target_type,
      target_id, request_id, method, route, status, ip, record
      from audit_events ${beyond} order by occurred_at, id limit ${PAGE}`
    const page = await from.bare(sql, place)
    rows += page.length
    if (page.length < PAGE) return rows
    const last = page.at(-1) as { readonly id: string; readonly occurred_at: number | Date }
    place = [from.at(Number(last.occurred_at)), last.id]
  }
}

interface Heap {
  /** What is still in use when all that is not was collected, in MB. */
  live: number
}

const exported = async (from: Database, format: ExportFormat, heap: Heap): Promise<number> => {
  const audit = { store: () => from.store }
  const { stream, done } = await exportEvents(audit, { order: 'oldest' }, format)
  let bytes = 0
  let looked = 0
  for await (const chunk of stream) {
    bytes += chunk.byteLength
    // Now and then, so that it costs the time that is measured next to nothing.
    if (bytes < looked + 64_000_000) continue
    looked = bytes
    collect()
    heap.live = Math.max(heap.live, process.memoryUsage().heapUsed / 1_048_576)
    from.sent()
  }
  const { rows, ended } = await done
  from.sent()
  if (ended !== 'complete') throw new Error(`the export ended ${ended}`)
  return rows
}

const timed = async (work: () => Promise<number>): Promise<number> => {
  const start = performance.now()
  const rows = await work()
  if (rows !== events) throw new Error(`read ${rows} of ${events} rows`)
  return (performance.now() - start) / 1_000
}

const benchOf = (format: ExportFormat): Bench => {
  const bench = `export-${format.name}`
  return {
    name: bench,
    about: `${events.toLocaleString('en')} events as ${format.name}, against a loop of the bare driver that reads the same rows and throws them away`,
    run: async () => {
      const rows: Row[] = []
      const measured: { readonly bare: number; readonly audit: number }[] = []
      for (const name of ['libsql', 'postgres'] as const) {
        const from = await database(name, events)
        const times = { bare: [] as number[], audit: [] as number[] }
        const heap: Heap = { live: 0 }
        for (let round = 0; round < ROUNDS; round++) {
          times.bare.push(await timed(() => bareRead(from)))
          times.audit.push(await timed(() => exported(from, format, heap)))
        }
        const [bare, audit] = [median(times.bare), median(times.audit)]
        measured.push({ bare, audit })
        rows.push({ bench, subject: `${name}, bare`, value: bare, unit: 's' })
        rows.push({ bench, subject: name, value: audit, unit: 's', against: `${name}, bare` })
        rows.push({ bench, subject: `${name}, heap in use`, value: heap.live, unit: 'MB' })
      }
      const ratio = (one: (typeof measured)[number]): number => one.audit / one.bare
      const worst = measured.toSorted((one, other) => ratio(other) - ratio(one))[0]
      if (worst === undefined) throw new Error('nothing was measured')
      return [
        { bench, subject: 'bare-read', value: worst.bare, unit: 's' },
        { bench, subject: 'edge-audit', value: worst.audit, unit: 's', against: 'bare-read' },
        ...rows,
      ]
    },
  }
}

export const exportCsv = benchOf(csv())
export const exportParquet = benchOf(parquet())
