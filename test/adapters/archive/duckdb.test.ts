import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { directory } from '../../../adapters/archive/directory.ts'
import { parquetArchive } from '../../../adapters/archive/parquet.ts'
import type { AuditEvent } from '../../../src/event/schema.ts'
import { ndjson } from '../../../src/keep/archive/format/ndjson.ts'
import { objectArchive } from '../../../src/keep/archive/objects.ts'
import type { ArchivedRow } from '../../../src/ports/archive.ts'
import { idAt } from '../../conformance/rows.ts'
import { archived } from '../../unit/keep/format/rows.ts'
import { anyRow } from '../../unit/read/export/rows.ts'

const DAY = 86_400_000
const first = Date.UTC(2026, 0, 30)
const days = [0, 1, 2, 40].map((day) => first + day * DAY)
const kinds: readonly AuditEvent['kind'][] = ['request', 'auth', 'change']
const tenants = [
  null,
  'acme',
  '',
  '7',
  '007',
  'null',
  'Zoë & Söhne',
  'a/b\\c=d%20',
  '..',
  '*?[a]',
  '😀\u{2028}',
  '__HIVE_DEFAULT_PARTITION__',
]

/** What `hive_partitioning` makes of the folders, whatever it would guess. */
const types = '{tenant: VARCHAR, year: INTEGER, month: INTEGER, day: INTEGER}'

const hostile = fc.sample(anyRow, { numRuns: 100, seed: 7 })

/** The events of a tenant and a day: more of one than of the other, so that none passes for another. */
const eventsOf = (tenant: string | null, day: number): readonly ArchivedRow[] =>
  Array.from({ length: 3 + tenants.indexOf(tenant) + days.indexOf(day) }, (_, index) => {
    const occurredAt = day + (index * DAY) / 20
    return archived(
      {
        id: idAt(occurredAt),
        tenant,
        occurredAt,
        status: index === 0 ? null : 200 + index,
        kind: kinds[index % kinds.length] ?? 'custom',
        route: hostile[index]?.route ?? null,
      },
      hostile[index]?.record,
    )
  })

const all = tenants.flatMap((tenant) =>
  days.map((day) => ({ tenant, day, rows: eventsOf(tenant, day) })),
)
const events = all.flatMap(({ rows }) => rows)

type Found = Readonly<Record<string, unknown>>

const counted = (keyOf: (row: ArchivedRow) => readonly unknown[]): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>()
  for (const row of events) {
    const key = JSON.stringify(keyOf(row))
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  return counts
}

const state: {
  folder: string
  query: (sql: string) => Promise<readonly Found[]>
  close: () => void
} = { folder: '', query: () => Promise.resolve([]), close: () => undefined }

beforeAll(async () => {
  state.folder = await mkdtemp(join(tmpdir(), 'edge-audit-duckdb-'))
  for (const format of [ndjson(), parquetArchive()]) {
    const archive = objectArchive(directory(state.folder), format)
    for (const { tenant, day, rows } of all)
      await archive.write(archive.placeOf({ id: idAt(day), tenant, day }), rows)
  }
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  state.query = async (sql) => (await connection.runAndReadAll(sql)).getRowObjectsJS()
  state.close = () => {
    connection.closeSync()
    instance.closeSync()
  }
})

afterAll(async () => {
  state.close()
  await rm(state.folder, { recursive: true, force: true })
})

describe.each([
  ['read_json', 'ndjson.gz', 'TIMESTAMP', 'BIGINT'],
  ['read_parquet', 'parquet', 'TIMESTAMP WITH TIME ZONE', 'INTEGER'],
])('DuckDB by %s', (read, extension, time, number) => {
  const source = (): string =>
    `${read}('${state.folder}/events/**/*.${extension}', hive_partitioning = true, hive_types = ${types})`

  const countsBy = async (...columns: readonly string[]): Promise<ReadonlyMap<string, number>> => {
    const sql = `select [${columns.map((one) => `${one}::VARCHAR`).join(', ')}] as keys, count(*)::INTEGER as count from ${source()} group by 1`
    const found = await state.query(sql)
    return new Map(found.map(({ keys, count }) => [JSON.stringify(keys), Number(count)]))
  }

  /** How many files were read of how many. */
  const scanned = async (where: string): Promise<string | undefined> => {
    const [plan] = await state.query(
      `explain analyze select count(*) from ${source()} where ${where}`,
    )
    return /Scanning Files: (\d+\/\d+)/.exec(String(plan?.['explain_value']))?.[1]
  }

  it('counts as many events of each tenant, day and kind as there were', async () => {
    expect(await countsBy('tenant')).toEqual(counted(({ tenant }) => [tenant]))
    const dayOf = ({ occurredAt }: ArchivedRow): readonly unknown[] => {
      const date = new Date(occurredAt)
      return [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()].map(String)
    }
    expect(await countsBy('year', 'month', 'day')).toEqual(counted(dayOf))
    const kindOf = (row: ArchivedRow): readonly unknown[] => [row.tenant, row.kind]
    expect(await countsBy('tenant', 'kind')).toEqual(counted(kindOf))
  })

  it('reads only the files of the tenant and the day that are asked for', async () => {
    const files = tenants.length * days.length
    expect(await scanned(`tenant = 'acme'`)).toBe(`${days.length}/${files}`)
    expect(await scanned(`tenant = '007' and year = 2026 and month = 1 and day = 31`)).toBe(
      `1/${files}`,
    )
    expect(await scanned(`tenant is null and month = 3`)).toBe(`1/${files}`)
    expect(await scanned(`tenant = 'nobody'`)).toBe(`0/${files}`)
  })

  it('has times and numbers of their types, to the millisecond', async () => {
    const described = await state.query(`describe select * from ${source()}`)
    const typeOf = Object.fromEntries(
      described.map(({ column_name: name, column_type: type }) => [String(name), type]),
    )
    expect(typeOf).toMatchObject({
      tenant: 'VARCHAR',
      occurred_at: time,
      recorded_at: time,
      archived_at: time,
      status: number,
      record: 'VARCHAR',
      year: 'INTEGER',
      month: 'INTEGER',
      day: 'INTEGER',
    })
    const ms = (name: string): string => `epoch_ms(${name})::DOUBLE as ${name}`
    const sql = `select id::VARCHAR as id, ${ms('occurred_at')}, ${ms('recorded_at')}, ${ms('archived_at')}, status::INTEGER as status from ${source()} order by 1`
    const expected = events
      .map((row) => ({
        id: row.id,
        occurred_at: row.occurredAt,
        recorded_at: row.recordedAt,
        archived_at: row.archivedAt,
        status: row.status,
      }))
      .toSorted((one, other) => (one.id < other.id ? -1 : 1))
    expect(await state.query(sql)).toEqual(expected)
  })

  it('has each record byte for byte', async () => {
    const sql = `select id::VARCHAR as id, encode(record) as record from ${source()}`
    const found = await state.query(sql)
    const encoder = new TextEncoder()
    const records = new Map(found.map(({ id, record }) => [id, Buffer.from(record as Uint8Array)]))
    expect(records.size).toBe(events.length)
    for (const { id, record } of events)
      expect([id, records.get(id)]).toEqual([id, Buffer.from(encoder.encode(record))])
  })
})

describe('DuckDB', () => {
  it('finds the same events in both formats', async () => {
    const both = (extension: string, read: string): string =>
      `select tenant, id::VARCHAR as id, kind, route, record from ${read}('${state.folder}/events/**/*.${extension}', hive_partitioning = true, hive_types = ${types})`
    const [json, columns] = [both('ndjson.gz', 'read_json'), both('parquet', 'read_parquet')]
    expect(await state.query(`(${json}) except all (${columns})`)).toEqual([])
    expect(await state.query(`(${columns}) except all (${json})`)).toEqual([])
  })
})
