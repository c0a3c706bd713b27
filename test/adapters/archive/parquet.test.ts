import { zstdCompressSync } from 'node:zlib'
import { parquetMetadata } from 'hyparquet'
import { ByteWriter, ParquetWriter } from 'hyparquet-writer'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { parquetArchive } from '../../../adapters/archive/parquet.ts'
import { seal, SEAL, UNSEALED } from '../../../adapters/archive/parquet-seal.ts'
import { schemaOf } from '../../../adapters/export/columns.ts'
import { parquetRows } from '../../support/parquet.ts'
import { archived, damages, decoded, outcomeOf } from '../../unit/keep/format/rows.ts'
import { at, hostileRecords } from '../../unit/read/export/rows.ts'
import { sha256 } from '../../support/sha256.ts'
import { keepsRows } from '../../unit/keep/format/suite.ts'

const format = parquetArchive()

const told = (bytes: Uint8Array): Readonly<Record<string, string | undefined>> =>
  Object.fromEntries(
    (parquetMetadata(bytes).key_value_metadata ?? []).map(({ key, value }) => [key, value]),
  )

/** A file that is sealed, and holds something else than this library writes. */
const foreign = (
  values: Readonly<Record<string, readonly unknown[]>>,
  kvMetadata: readonly { readonly key: string; readonly value: string }[] = [],
): Uint8Array<ArrayBuffer> => {
  const writer = new ByteWriter()
  const columns = schemaOf({ required: false, archived: true }).filter(({ name }) => name in values)
  const file = new ParquetWriter({
    writer,
    schema: [{ name: 'root', num_children: columns.length }, ...columns],
    codec: 'ZSTD',
    compressors: { ZSTD: zstdCompressSync },
    kvMetadata: [...kvMetadata, { key: SEAL, value: UNSEALED }],
  })
  const columnData = columns.map(({ name }) => ({ name, data: [...(values[name] ?? [])] }))
  const written = file.write({ columnData })
  expect(written).toBeUndefined()
  expect(file.finish()).toBeUndefined()
  const bytes = new Uint8Array(writer.getBuffer())
  seal(bytes)
  return bytes
}

const whole = {
  id: ['i'],
  tenant: [null],
  occurred_at: [1n],
  recorded_at: [2n],
  archived_at: [3n],
  kind: ['custom'],
  action: ['a'],
  outcome: ['success'],
  actor_type: ['user'],
  actor_id: ['u'],
  target_type: [null],
  target_id: [null],
  request_id: [null],
  method: [null],
  route: [null],
  status: [200],
  ip: [null],
  record: ['{}'],
}

afterEach(() => vi.unstubAllGlobals())

describe('parquetArchive', () => {
  keepsRows(format)

  it('gives back every record byte for byte, a BOM at its beginning too', async () => {
    const rows = hostileRecords.map((record) => archived({}, record))
    expect(await decoded(format, await format.encode(rows))).toEqual(rows)
  })

  it('gives back many row groups, some rows at a time', async () => {
    const rows = Array.from({ length: 21_500 }, (_, index) =>
      archived({ occurredAt: at + index, status: index % 7_000 === 0 ? 0.5 : index }),
    )
    const bytes = await format.encode(rows)
    expect(parquetMetadata(bytes).row_groups).toHaveLength(2)
    const sizes = new Set<number>()
    for await (const some of format.decode(bytes)) sizes.add(some.length)
    expect([...sizes]).toEqual([1_000, 500])
    expect(await decoded(format, bytes)).toEqual(rows)
  })

  it('begins a row group after 8 MiB of records', async () => {
    const rows = Array.from({ length: 12 }, () => archived({}, 'x'.repeat(1_000_000)))
    const bytes = await format.encode(rows)
    const groups = parquetMetadata(bytes).row_groups.map(({ num_rows }) => Number(num_rows))
    expect(groups).toEqual([9, 3])
    expect(await decoded(format, bytes)).toEqual(rows)
  })

  it('is a file without rows when there are none', async () => {
    const bytes = await format.encode([])
    expect(await decoded(format, bytes)).toEqual([])
    expect(parquetMetadata(bytes).schema).toHaveLength(19)
  })

  it('tells of itself, and of what its columns cannot hold in a footer that others pass over', async () => {
    const odd = archived({ status: 200.5, occurredAt: Number.NaN })
    const rows = [archived({ status: 200 }), odd]
    const bytes = await format.encode(rows)
    const { [SEAL]: sealed = '', ...others } = told(bytes)
    expect(others).toEqual({
      'edge_audit.rows': '2',
      'edge_audit.sha256': sha256(rows.map(({ record }) => `${record}\n`).join('')),
      'edge_audit.exact': '[[1,{"occurred_at":"NaN","status":200.5}]]',
    })
    const zeroed = Buffer.from(
      Buffer.from(bytes).toString('latin1').replace(sealed, UNSEALED),
      'latin1',
    )
    expect(sealed).toBe(sha256(zeroed))
    const read = await parquetRows(bytes.buffer)
    expect(read.map(({ status }) => status)).toEqual([200, null])
    expect(told(await format.encode([archived()]))).not.toHaveProperty('edge_audit.exact')
  })

  it('finds its seal behind an event that has one in it', async () => {
    const rows = [archived({}, `\ud800${SEAL}_@${UNSEALED}`)]
    const bytes = await format.encode(rows)
    expect(await decoded(format, bytes)).toEqual(rows)
    expect(told(bytes)['edge_audit.exact']).toContain(`${SEAL}_@${UNSEALED}`)
  })

  it('says that it is damaged whatever byte is another', async () => {
    const rows = [archived(), archived({ tenant: null, status: 0.5 }, 'no json')]
    for (const [name, bytes] of damages(await format.encode(rows)))
      expect({ name, outcome: await outcomeOf(format, bytes) }).toMatchObject({
        outcome: { code: 'AUDIT_ARCHIVE_DAMAGED' },
      })
  })

  it('is the same read from the middle of a larger buffer', async () => {
    const rows = [archived(), archived()]
    const bytes = await format.encode(rows)
    const larger = new Uint8Array(bytes.length + 20)
    larger.set(bytes, 7)
    expect(await decoded(format, larger.subarray(7, 7 + bytes.length))).toEqual(rows)
  })

  it.each([
    ['a column too few', { ...whole, ip: undefined }],
    ['null for a text', { ...whole, id: [null] }],
    ['null for a word', { ...whole, kind: [null] }],
    ['null for a time', { ...whole, occurred_at: [null] }],
    ['no UTF-8', { ...whole, record: [Uint8Array.of(0xff)] }],
  ])('does not read %s', async (_, values) => {
    const defined = Object.entries(values).flatMap(([name, data]) =>
      data === undefined ? [] : [[name, data] as const],
    )
    const bytes = foreign(Object.fromEntries(defined))
    expect(await outcomeOf(format, bytes)).toMatchObject({ code: 'AUDIT_ARCHIVE_DAMAGED' })
  })

  it.each(['{', '7', '[7]', '[["0",{}]]', '[[0,null]]'])(
    'does not read exact values %s',
    async (value) => {
      const bytes = foreign(whole, [{ key: 'edge_audit.exact', value }])
      expect(await outcomeOf(format, bytes)).toMatchObject({ code: 'AUDIT_ARCHIVE_DAMAGED' })
      expect(await decoded(format, foreign(whole))).toHaveLength(1)
    },
  )

  it('is read and written by Snappy where the platform has no Zstandard', async () => {
    const rows = Array.from({ length: 50 }, (_, index) => archived({ actorId: `u${index}` }))
    const here = await format.encode(rows)
    vi.stubGlobal('process', { getBuiltinModule: () => undefined })
    const elsewhere = await format.encode(rows)
    expect(await decoded(format, elsewhere)).toEqual(rows)
    const error = await outcomeOf(format, here)
    vi.unstubAllGlobals()
    expect(error).toMatchObject({
      code: 'AUDIT_ARCHIVE_REFUSED',
      detail: 'this platform has no Zstandard to read it: Node has it from 22.15 on',
    })
    expect(await decoded(format, elsewhere)).toEqual(rows)
  })
})
