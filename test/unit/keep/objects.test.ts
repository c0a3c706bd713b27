import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { parquetArchive } from '../../../adapters/archive/parquet.ts'
import { AuditError } from '../../../src/errors.ts'
import { ndjson } from '../../../src/keep/archive/format/ndjson.ts'
import { objectArchive } from '../../../src/keep/archive/objects.ts'
import type {
  Archive,
  ArchivedRow,
  ArchiveFormat,
  ObjectStore,
  PutOptions,
  Written,
} from '../../../src/ports/archive.ts'
import { memoryObjects } from '../../support/objects.ts'
import { archived, damages } from './format/rows.ts'

const id = '019b7600-0000-7000-8000-000000000001'
const segment = { id, tenant: 'the secret', day: Date.UTC(2026, 0, 31) }
const rows = [archived(), archived({ tenant: null, status: 0.5 }, 'no json')]

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

const readAll = async (
  archive: Archive,
  place: string,
  written?: Written,
): Promise<readonly ArchivedRow[]> => {
  const found: ArchivedRow[] = []
  for await (const some of archive.read(place, written)) found.push(...some)
  return found
}

/** A store that notes how it was asked. */
const noting = (): { readonly store: ObjectStore; readonly asked: unknown[] } => {
  const asked: unknown[] = []
  const { put, get, remove, list } = memoryObjects()
  return {
    asked,
    store: {
      put: async (path, bytes, options) => {
        asked.push(['put', path, options])
        await put(path, bytes, options)
      },
      get: async (path, options) => {
        asked.push(['get', path, options])
        return get(path)
      },
      remove: async (path, options) => {
        asked.push(['remove', path, options])
        await remove(path)
      },
      list,
    },
  }
}

const formats: readonly (readonly [name: string, format: () => ArchiveFormat])[] = [
  ['ndjson', ndjson],
  ['parquetArchive', parquetArchive],
]

describe.each(formats)('objectArchive of %s', (_, format) => {
  it('reads what it wrote', async () => {
    const archive = objectArchive(memoryObjects(), format())
    const place = archive.placeOf(segment)
    const written = await archive.write(place, rows)
    expect(archive.format).toBe(format().extension)
    expect(place.endsWith(`/${id}.${archive.format}`)).toBe(true)
    expect(await readAll(archive, place, written)).toEqual(rows)
    expect(await readAll(archive, place)).toEqual(rows)
  })

  it('tells the bytes and the SHA-256 that lie in the store', async () => {
    const objects = memoryObjects()
    const archive = objectArchive(objects, format())
    const place = archive.placeOf(segment)
    const written = await archive.write(place, rows)
    const bytes = objects.objects.get(place) ?? new Uint8Array()
    expect(written).toEqual({ bytes: bytes.length, sha256: sha256(bytes) })
  })

  it('gives out no row of an object that is not what was written', async () => {
    const objects = memoryObjects()
    const archive = objectArchive(objects, format())
    const place = archive.placeOf(segment)
    const written = await archive.write(place, rows)
    for (const [name, bytes] of damages(objects.objects.get(place) ?? new Uint8Array())) {
      await objects.put(place, bytes)
      const step = archive.read(place, written)[Symbol.asyncIterator]().next()
      const outcome = await step.catch((error: unknown) => error)
      expect({ name, outcome }).toMatchObject({ outcome: { code: 'AUDIT_ARCHIVE_DAMAGED' } })
    }
  })

  it('can be read by an archive that writes something else, and NDJSON by all', async () => {
    const store = memoryObjects()
    const before = objectArchive(store, ndjson())
    const after = objectArchive(store, format())
    const place = before.placeOf(segment)
    const written = await before.write(place, rows)
    expect(await readAll(after, place, written)).toEqual(rows)
  })
})

describe('objectArchive', () => {
  const place = `events/tenant=the%20secret/year=2026/month=01/day=31/${id}.ndjson.gz`

  it('hands the store what it needs to check, lock and give up', async () => {
    const { store, asked } = noting()
    const archive = objectArchive(store, ndjson())
    const { signal } = new AbortController()
    const { sha256: digest } = await archive.write(place, rows, { signal, retainUntil: 7 })
    for await (const some of archive.read(place, undefined, { signal })) expect(some).toEqual(rows)
    await archive.remove(place, { signal })
    const options: PutOptions = {
      signal,
      retainUntil: 7,
      mediaType: 'application/gzip',
      sha256: digest ?? undefined,
    }
    expect(asked).toEqual([
      ['put', place, options],
      ['get', place, { signal }],
      ['remove', place, { signal }],
    ])
  })

  it('publishes manifests as their texts, byte for byte, each on a line', async () => {
    const objects = memoryObjects()
    const { store, asked } = noting()
    const manifests = [42, 43].map((number) => ({
      number,
      manifest: `{"v":1,"tenant":"Zoë ${number}"}`,
    }))
    for (const to of [objects, store]) await objectArchive(to, ndjson()).publish(manifests)
    await objectArchive(store, ndjson()).publish([])
    const path = 'manifests/000000000042-000000000043.ndjson'
    const text = '{"v":1,"tenant":"Zoë 42"}\n{"v":1,"tenant":"Zoë 43"}\n'
    expect(new TextDecoder().decode(objects.objects.get(path))).toBe(text)
    const digest = sha256(new TextEncoder().encode(text))
    expect(asked).toEqual([['put', path, { mediaType: 'application/x-ndjson', sha256: digest }]])
  })

  it('says that it is damaged when nothing is there', async () => {
    const archive = objectArchive(memoryObjects(), ndjson())
    await expect(readAll(archive, place)).rejects.toMatchObject({
      code: 'AUDIT_ARCHIVE_DAMAGED',
      detail: `${id}.ndjson.gz: nothing is there`,
    })
  })

  it('holds an object to the length and the hash that it is told', async () => {
    const archive = objectArchive(memoryObjects(), ndjson())
    const { bytes, sha256: digest } = await archive.write(place, rows)
    const detailOf = async (written: Written): Promise<unknown> =>
      readAll(archive, place, written).then(
        (found) => found,
        ({ detail }: AuditError) => detail,
      )
    const wrong = 'f'.repeat(64)
    expect(await detailOf({ bytes: 1, sha256: digest })).toBe(
      `${id}.ndjson.gz: ${bytes} of 1 bytes are there`,
    )
    expect(await detailOf({ bytes, sha256: wrong })).toBe(`${id}.ndjson.gz: another SHA-256`)
    expect(await detailOf({ bytes: null, sha256: wrong })).toBe(`${id}.ndjson.gz: another SHA-256`)
    expect(await detailOf({ bytes: null, sha256: null })).toEqual(rows)
  })

  it('names the file and what is wrong with it, and no tenant', async () => {
    const objects = memoryObjects()
    await objects.put(place, await ndjson().encode([]))
    await objects.put(place, (objects.objects.get(place) ?? new Uint8Array()).slice(0, 12))
    const error = await readAll(objectArchive(objects, ndjson()), place).catch((e: unknown) => e)
    expect(error).toMatchObject({
      code: 'AUDIT_ARCHIVE_DAMAGED',
      detail: `${id}.ndjson.gz: gzip`,
    })
    expect(String(error)).not.toContain('secret')
  })

  it('refuses a place that no format reads, and does not ask for it', async () => {
    const { store, asked } = noting()
    await expect(
      readAll(objectArchive(store, ndjson()), place.replace('ndjson.gz', 'parquet')),
    ).rejects.toMatchObject({
      code: 'AUDIT_ARCHIVE_REFUSED',
      detail: `${id}.parquet: no format reads it`,
    })
    expect(asked).toEqual([])
  })

  it('reads by the formats that it is given', async () => {
    const store = memoryObjects()
    const written = objectArchive(store, parquetArchive())
    const parquet = written.placeOf(segment)
    await written.write(parquet, rows)
    const archive = objectArchive(store, ndjson(), [parquetArchive()])
    expect(await readAll(archive, parquet)).toEqual(rows)
    await archive.write(place, rows)
    await expect(readAll(archive, place)).rejects.toMatchObject({ code: 'AUDIT_ARCHIVE_REFUSED' })
  })

  it('puts nothing when the rows cannot be written', async () => {
    const { store, asked } = noting()
    const bad = { ...archived(), route: 7 } as unknown as ArchivedRow
    const writing = objectArchive(store, ndjson()).write(place, [bad])
    await expect(writing).rejects.toMatchObject({ code: 'AUDIT_ARCHIVE_REFUSED' })
    expect(asked).toEqual([])
  })

  it('hands on what the store and the format throw', async () => {
    const cause = new AuditError('AUDIT_ARCHIVE_UNAVAILABLE', '503')
    const broken = { ...memoryObjects(), put: () => Promise.reject(cause) }
    await expect(objectArchive(broken, ndjson()).write(place, rows)).rejects.toBe(cause)
    const bug = new TypeError('a bug')
    const odd: ArchiveFormat = {
      ...ndjson(),
      decode: async function* () {
        yield await Promise.reject(bug)
      },
    }
    const archive = objectArchive(memoryObjects(), odd)
    await archive.write(place, rows)
    await expect(readAll(archive, place)).rejects.toBe(bug)
  })
})
