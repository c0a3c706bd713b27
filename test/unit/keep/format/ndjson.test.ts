import process from 'node:process'
import { Duplex } from 'node:stream'
import { createGunzip, gunzipSync, gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { AuditError } from '../../../../src/errors.ts'
import { ndjson } from '../../../../src/keep/archive/format/ndjson.ts'
import { at } from '../../read/export/rows.ts'
import { archived, damages, decoded, outcomeOf } from './rows.ts'
import { keepsRows } from './suite.ts'

const format = ndjson()

const textOf = async (...rows: Parameters<typeof archived>[]): Promise<string> =>
  gunzipSync(await format.encode(rows.map((row) => archived(...row)))).toString('utf8')

const packed = (text: string | Uint8Array): Uint8Array<ArrayBuffer> =>
  new Uint8Array(gzipSync(text))

/** As zlib does it by itself: a second member is read, and anything else behind the end passed over. */
const lenient = function (): unknown {
  return Duplex.toWeb(createGunzip())
}

afterEach(() => vi.unstubAllGlobals())

const platforms = [
  ['at once, when there is little', () => {}],
  [
    'by streams alone',
    () =>
      vi.stubGlobal('process', Object.create(process, { getBuiltinModule: { value: undefined } })),
  ],
] as const

describe.each(platforms)('ndjson, where the platform compresses %s', (_, stub) => {
  beforeEach(() => {
    stub()
  })

  keepsRows(format)

  it('writes one line for each event, with the columns of the table in their order', async () => {
    const record = '{"a":"\\u2028 \u2028 \\"x\\""}'
    const id = '019b7600-0000-7000-8000-000000000001'
    const lines = await textOf([{ id, status: 200, route: '/a/:id' }, record], [{}, '\n'])
    const [first = '', second, rest] = lines.split('\n')
    expect([JSON.parse(second ?? ''), rest]).toEqual([expect.anything(), ''])
    expect(first).toBe(
      `{"id":"${id}","tenant":"acme","occurred_at":"2026-01-01T00:00:00.000Z","recorded_at":"2026-01-01T00:00:00.005Z","archived_at":"2026-01-01T00:00:00.009Z","kind":"custom","action":"invoice.refund","outcome":"success","actor_type":"user","actor_id":"u1","target_type":"invoice","target_id":"7","request_id":null,"method":null,"route":"/a/:id","status":200,"ip":null,"record":${JSON.stringify(record)}}`,
    )
  })

  it('gives back many rows, some at a time, and long records', async () => {
    const rows = Array.from({ length: 5_000 }, (_, index) => archived({ occurredAt: at + index }))
    const long = archived({}, 'é😀'.repeat(500_000))
    const bytes = await format.encode([long, ...rows, long])
    const sizes: number[] = []
    for await (const some of format.decode(bytes)) sizes.push(some.length)
    expect(Math.max(...sizes)).toBeLessThan(1_100)
    expect(await decoded(format, bytes)).toEqual([long, ...rows, long])
  })

  it('is an empty file when there are no rows', async () => {
    const bytes = await format.encode([])
    expect(gunzipSync(bytes)).toHaveLength(0)
    expect(await decoded(format, bytes)).toEqual([])
  })

  it('decodes no more than is asked for', async () => {
    const rows = Array.from({ length: 20_000 }, () => archived())
    const bytes = await format.encode(rows)
    const parse = vi.spyOn(JSON, 'parse')
    try {
      for await (const some of format.decode(bytes)) {
        expect(some[0]).toEqual(rows[0])
        break
      }
      expect(parse.mock.calls.length).toBeLessThan(2_000)
    } finally {
      parse.mockRestore()
    }
  })

  it('says that it is damaged, or gives the same rows, whatever byte is another', async () => {
    const rows = [archived(), archived({ tenant: null }, 'no json'), archived({ status: 500 })]
    for (const [name, bytes] of damages(await format.encode(rows))) {
      const outcome = await outcomeOf(format, bytes)
      const code = Array.isArray(outcome) ? undefined : (outcome as AuditError).code
      if (code === undefined) expect({ name, outcome }).toEqual({ name, outcome: rows })
      else expect({ name, code }).toEqual({ name, code: 'AUDIT_ARCHIVE_DAMAGED' })
    }
  })

  it.each([
    ['a second member behind the first', async () => [await textOf([]), await textOf([])]],
    ['a line without its end', async () => [(await textOf([])).slice(0, -1)]],
    ['no JSON', () => ['secret\n']],
    ['no object', () => ['[]\n']],
    ['null', () => ['null\n']],
    ['an empty line', async () => [`${await textOf([])}\n`]],
    [
      'no UTF-8',
      async () => [Buffer.from((await textOf([])).replace('"u1"', '"\u00ff"'), 'latin1')],
    ],
    ['half a character at the end', () => [Uint8Array.of(0xf0, 0x9f)]],
    ['a BOM before the first line', async () => [`\u{FEFF}${await textOf([])}`]],
    ['a column too few', async () => [(await textOf([])).replace('"ip":null,', '')]],
    ['a number for a text', async () => [(await textOf([])).replace('"u1"', '7')]],
    [
      'a text for a number',
      async () => [(await textOf([])).replace('"status":null', '"status":"2"')],
    ],
    ['a time of a place', async () => [(await textOf([])).replace('.000Z', '.000+02:00')]],
    ['a time that is none', async () => [(await textOf([])).replace('-01T', '-41T')]],
  ])('does not read %s', async (_, texts) => {
    const members = (await texts()).map(packed)
    const error = await outcomeOf(format, Uint8Array.of(...members.flatMap((one) => [...one])))
    expect(error).toMatchObject({ code: 'AUDIT_ARCHIVE_DAMAGED' })
  })

  it('does not read what is behind the end where the platform does, or passes it over', async () => {
    vi.stubGlobal('DecompressionStream', lenient)
    const rows = [archived()]
    const bytes = await format.encode(rows)
    expect(await decoded(format, bytes)).toEqual(rows)
    for (const more of [bytes, Uint8Array.of(0, 0, 0, 0)])
      expect(await outcomeOf(format, Uint8Array.of(...bytes, ...more))).toMatchObject({
        code: 'AUDIT_ARCHIVE_DAMAGED',
        detail: 'gzip: its size is not what it tells',
      })
  })

  it('tells the line that is damaged, and nothing of what it holds', async () => {
    const text = `${await textOf([], [])}{"id":"the secret"\n`
    const error = (await outcomeOf(format, packed(text))) as AuditError
    expect(error.detail).toBe('line 3: no JSON object')
    expect(error.cause).toBeUndefined()
    expect(error.message).not.toContain('secret')
  })

  it('says so where the platform has no gzip', async () => {
    const bytes = await format.encode([archived()])
    vi.stubGlobal('process', undefined)
    vi.stubGlobal('CompressionStream', undefined)
    vi.stubGlobal('DecompressionStream', undefined)
    await expect(format.encode([])).rejects.toMatchObject({ code: 'AUDIT_ARCHIVE_REFUSED' })
    expect(await outcomeOf(format, bytes)).toMatchObject({ code: 'AUDIT_ARCHIVE_REFUSED' })
  })
})
