import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import * as fc from 'fast-check'
import { parquetMetadata } from 'hyparquet'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { parquet } from '../../../adapters/export/parquet.ts'
import type { StoredRow } from '../../../src/event/row.ts'
import { exportStream } from '../../../src/read/export/export.ts'
import { parquetRows } from '../../support/parquet.ts'
import {
  anyRow,
  at,
  type Exported,
  exported,
  hostileRecords,
  sourceOf,
  stored,
} from '../../unit/read/export/rows.ts'
import { sha256 } from '../../support/sha256.ts'

const state = { folder: '', files: 0 }

beforeAll(async () => {
  state.folder = await mkdtemp(join(tmpdir(), 'edge-audit-parquet-'))
})

afterAll(() => rm(state.folder, { recursive: true, force: true }))

const bufferOf = ({ bytes }: Exported): ArrayBuffer => new Uint8Array(bytes).buffer

/** What a file tells of itself. */
const told = (file: Exported): Readonly<Record<string, string | undefined>> =>
  Object.fromEntries(
    (parquetMetadata(bufferOf(file)).key_value_metadata ?? []).map(({ key, value }) => [
      key,
      value,
    ]),
  )

/** A row under the names of the table's columns. */
const columnsOf = (row: StoredRow): Readonly<Record<string, unknown>> => ({
  id: row.id,
  tenant: row.tenant,
  occurred_at: row.occurredAt,
  recorded_at: row.recordedAt,
  kind: row.kind,
  action: row.action,
  outcome: row.outcome,
  actor_type: row.actorType,
  actor_id: row.actorId,
  target_type: row.targetType,
  target_id: row.targetId,
  request_id: row.requestId,
  method: row.method,
  route: row.route,
  status: row.status,
  ip: row.ip,
  record: row.record,
})

/** As both readers hand a text to JavaScript: a BOM is taken away. */
const lessBom = (row: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      typeof value === 'string' ? value.replace(/^\ufeff/, '') : value,
    ]),
  )

const byHyparquet = async (file: Exported): Promise<readonly Record<string, unknown>[]> => {
  const rows = await parquetRows(bufferOf(file))
  return rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([name, value]) => [
        name,
        value instanceof Date ? value.getTime() : (value ?? null),
      ]),
    ),
  )
}

/** As DuckDB reads it from a file; the type of each column beside. */
const byDuckDb = async (
  file: Exported,
): Promise<{
  readonly rows: readonly Record<string, unknown>[]
  readonly types: Readonly<Record<string, unknown>>
  /** SHA-256 of each record, by DuckDB. */
  readonly hashes: readonly unknown[]
}> => {
  state.files += 1
  const path = join(state.folder, `${state.files}.parquet`)
  await writeFile(path, file.bytes)
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  try {
    const read = async (sql: string) => (await connection.runAndReadAll(sql)).getRowObjectsJS()
    const times = ['occurred_at', 'recorded_at']
      .map((name) => `epoch_ms(${name})::DOUBLE as ${name}`)
      .join(', ')
    const rows = await read(`select * replace (${times}) from read_parquet('${path}')`)
    const hashed = await read(`select sha256(record) as hash from read_parquet('${path}')`)
    const described = await read(`describe select * from read_parquet('${path}')`)
    return {
      rows,
      hashes: hashed.map(({ hash }) => hash),
      types: Object.fromEntries(
        described.map(({ column_name, column_type }) => [String(column_name), column_type]),
      ),
    }
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

const full = stored(
  {
    occurredAt: at + 1,
    requestId: 'r1',
    method: 'POST',
    route: '/a/:id',
    status: 200,
    ip: '203.0.113.7',
  },
  { reason: 'Zoë 😀 \u202e "x"' },
)
const sparse = stored({ tenant: null, targetType: null, targetId: null, occurredAt: 0 })

describe('parquet', () => {
  it('is compressed by Snappy where the platform has no Zstandard, and reads the same', async () => {
    const rows = Array.from({ length: 50 }, (_, index) => stored({ actorId: `u${index}` }))
    const codecs = (file: Exported): readonly unknown[] =>
      parquetMetadata(bufferOf(file)).row_groups.flatMap(({ columns }) =>
        columns.map(({ meta_data: data }) => data?.codec),
      )
    const here = await exported(parquet(), sourceOf(rows))
    vi.stubGlobal('process', { getBuiltinModule: () => undefined })
    const elsewhere = await exported(parquet(), sourceOf(rows)).finally(() => vi.unstubAllGlobals())
    expect(codecs(here)).toContain('ZSTD')
    expect(codecs(elsewhere)).toContain('SNAPPY')
    expect(codecs(elsewhere)).not.toContain('ZSTD')
    expect(await byHyparquet(elsewhere)).toEqual(await byHyparquet(here))
  })

  it('gives back every column, null and text, read by hyparquet and by DuckDB', async () => {
    const large = stored({}, { metadata: { note: '😀'.repeat(16_000) } })
    const rows = [full, sparse, large]
    const file = await exported(parquet(), sourceOf(rows))
    expect(await byHyparquet(file)).toEqual(rows.map(columnsOf))
    expect((await byDuckDb(file)).rows).toEqual(rows.map(columnsOf))
  })

  it('has columns of their types, the times in UTC', async () => {
    const { types } = await byDuckDb(await exported(parquet(), sourceOf([full])))
    const text = Object.keys(columnsOf(full)).map((name) => [name, 'VARCHAR'])
    expect(types).toEqual({
      ...Object.fromEntries(text),
      occurred_at: 'TIMESTAMP WITH TIME ZONE',
      recorded_at: 'TIMESTAMP WITH TIME ZONE',
      status: 'INTEGER',
    })
  })

  it('tells rows, the SHA-256 of the records and where to go on', async () => {
    const rows = [full, sparse]
    const file = await exported(parquet(), sourceOf(rows, { next: '7.x' }))
    expect(told(file)).toEqual({
      'edge_audit.rows': '2',
      'edge_audit.sha256': sha256(rows.map(({ record }) => `${record}\n`).join('')),
      'edge_audit.next': '7.x',
    })
    expect(file.outcome).toEqual({
      ended: 'complete',
      rows: 2,
      bytes: file.bytes.length,
      sha256: sha256(file.bytes),
      next: '7.x',
      last: { id: sparse.id, occurredAt: sparse.occurredAt },
    })
  })

  it('is a file without rows when there are none', async () => {
    const file = await exported(parquet(), sourceOf([]))
    expect(await byHyparquet(file)).toEqual([])
    const { rows, types } = await byDuckDb(file)
    expect(rows).toEqual([])
    expect(Object.keys(types)).toHaveLength(17)
    expect(told(file)).toEqual({
      'edge_audit.rows': '0',
      'edge_audit.sha256': sha256(''),
      'edge_audit.next': '',
    })
  })

  it('begins a row group after 20,000 rows, and after 8 MiB of records', async () => {
    const many = Array.from({ length: 45_000 }, (_, index) => stored({ occurredAt: at + index }))
    const file = await exported(parquet(), sourceOf(many, { size: 1_000 }))
    const groupsOf = (one: Exported) =>
      parquetMetadata(bufferOf(one)).row_groups.map(({ num_rows }) => Number(num_rows))
    expect(groupsOf(file)).toEqual([20_000, 20_000, 5_000])
    const { rows } = await byDuckDb(file)
    expect(rows).toEqual(many.map(columnsOf))
    expect(told(file)['edge_audit.rows']).toBe('45000')

    const big = Array.from({ length: 20 }, () => stored({}, { reason: 'x'.repeat(1_000_000) }))
    const few = await exported(parquet(), sourceOf(big))
    expect(groupsOf(few)).toEqual([9, 9, 2])
    expect(await byHyparquet(few)).toEqual(big.map(columnsOf))
  })

  it('keeps every row and every record, whatever they hold', async () => {
    const rows = hostileRecords.map((record) => stored({}, record))
    const file = await exported(parquet(), sourceOf(rows))
    expect(await byHyparquet(file)).toEqual(rows.map(columnsOf).map(lessBom))
    const read = await byDuckDb(file)
    expect(read.rows).toEqual(rows.map(columnsOf).map(lessBom))
    expect(read.hashes).toEqual(rows.map(({ record }) => sha256(record)))
  })

  it('keeps any rows, in pages of any size', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyRow, { minLength: 1, maxLength: 40 }),
        fc.integer({ min: 1, max: 12 }),
        async (rows, size) => {
          const file = await exported(parquet(), sourceOf(rows, { size }))
          expect(await byHyparquet(file)).toEqual(rows.map(columnsOf).map(lessBom))
          const read = await byDuckDb(file)
          expect(read.rows).toEqual(rows.map(columnsOf).map(lessBom))
          expect(read.hashes).toEqual(rows.map(({ record }) => sha256(record)))
        },
      ),
      { numRuns: 15 },
    )
  })

  it('holds every whole number of 32 bits, and null in the place of a larger one', async () => {
    const written = [0x7fff_ffff, -0x8000_0000, 0x8000_0000, -0x8000_0001, 1e21, 0]
    const rows = written.map((status) => stored({ status }))
    const { rows: read } = await byDuckDb(await exported(parquet(), sourceOf(rows)))
    expect(read.map(({ status }) => status)).toEqual([...written.slice(0, 2), null, null, null, 0])
  })

  it('has null where a column cannot hold what the database has in it', async () => {
    const odd = { ...full, status: 200.5, route: 7, occurredAt: Number.NaN, ip: {} }
    const file = await exported(parquet(), sourceOf([odd as unknown as StoredRow]))
    // A time is never missing in the table: it stands at its beginning here.
    const wanted = { ...columnsOf(full), status: null, route: null, occurred_at: 0, ip: null }
    expect(await byHyparquet(file)).toEqual([wanted])
  })

  it('shows nothing of an event but what may be shown', async () => {
    const show = ({ id, kind }: { readonly id: string; readonly kind: string }): unknown => ({
      id,
      kind,
    })
    const file = await exported(parquet(), sourceOf([full], { show }))
    const [row = {}] = await byHyparquet(file)
    const shown = Object.entries(row).filter(([, value]) => value !== null)
    expect(Object.fromEntries(shown)).toEqual({
      id: full.id,
      kind: 'custom',
      record: JSON.stringify({ id: full.id, kind: 'custom' }),
    })
    expect((await byDuckDb(file)).rows).toEqual([row])
  })

  it('reads no page beyond the row group that is handed out', async () => {
    const many = Array.from({ length: 60_000 }, (_, index) => stored({ occurredAt: at + index }))
    const source = sourceOf(many, { size: 1_000 })
    const { stream, done } = exportStream(parquet(), source)
    const reader = stream.getReader()
    expect(source.seen.pages).toBe(0)
    await reader.read()
    expect(source.seen.pages).toBe(20)
    await reader.cancel()
    expect(source.seen).toEqual({ pages: 20, returned: true })
    expect(await done).toMatchObject({ ended: 'cancelled' })
  })

  it('fails as the source fails, without a footer that would call it whole', async () => {
    const cause = new Error('the database is gone')
    const pages = (async function* () {
      yield [full]
      throw cause
    })()
    const { stream, done } = exportStream(parquet(), { pages, next: () => null })
    await expect(new Response(stream).arrayBuffer()).rejects.toBe(cause)
    expect(await done).toMatchObject({ ended: 'failed', error: cause, rows: 0, last: undefined })
  })
})
