import { describe, expect, it } from 'vitest'
import { ndjson } from '../../../src/keep/archive/format/ndjson.ts'
import { verifyArchive } from '../../../src/keep/keep.ts'
import type { Archive, ArchivedRow, ObjectStore } from '../../../src/ports/archive.ts'
import type { Entry, Ledger } from '../../../src/ports/ledger.ts'
import { tableArchive } from '../../../src/keep/archive/table.ts'
import { desk } from './desk.ts'

/** Three days of one tenant, archived. */
const archivedDays = async () => {
  const made = desk()
  await made.aged([103, 102, 102, 101], { tenant: 'a' })
  await made.keep()
  const [, second, third] = await made.entries()
  if (second === undefined || third === undefined) throw new Error('three are archived')
  const { audit, objects } = made
  /** With another text of a manifest in the books. */
  const withBooks = (changed: (entry: Entry) => Entry | undefined) =>
    verifyArchive(
      {
        store: () => ({
          ...made.store,
          ledger: async (): Promise<Ledger> => {
            const ledger = await made.store.ledger()
            const entries: Ledger['entries'] = async (query) =>
              (await ledger.entries(query)).map(changed).filter((entry) => entry !== undefined)
            return { ...ledger, entries }
          },
        }),
      },
      { archive: objects },
    )
  const withObjects = (changed: Partial<ObjectStore>) =>
    verifyArchive(audit, { archive: { ...objects, ...changed } })
  return { ...made, second, third, withBooks, withObjects }
}

const numbersOf = ({ findings }: { readonly findings: readonly { readonly number: number }[] }) => [
  ...new Set(findings.map(({ number }) => number)),
]

/** The text of a manifest with other members. */
const forged = (entry: Entry, members: object): string =>
  JSON.stringify({ ...JSON.parse(entry.manifest), ...members })

describe('verifyArchive', () => {
  it('has nothing to say of what is as it was written', async () => {
    const { verified } = await archivedDays()
    expect(await verified()).toEqual({ manifests: 3, events: 4, findings: [] })
  })

  it('has nothing to say of an archive that is empty', async () => {
    expect(await desk().verified()).toEqual({ manifests: 0, events: 0, findings: [] })
  })

  it('finds one byte that was changed, wherever it is', async () => {
    const { objects, second, withObjects } = await archivedDays()
    const length = objects.objects.get(second.place)?.length ?? 0
    expect(length).toBeGreaterThan(100)
    for (let at = 0; at < length; at += 1) {
      const get: ObjectStore['get'] = async (path) => {
        const bytes = await objects.get(path)
        return path === second.place ? bytes?.map((byte, n) => (n === at ? byte ^ 1 : byte)) : bytes
      }
      expect(numbersOf(await withObjects({ get }))).toEqual([2])
    }
  })

  it('finds an object that is missing, and reads on', async () => {
    const { objects, second, verified } = await archivedDays()
    await objects.remove(second.place)
    const found = await verified()
    expect(found).toMatchObject({ manifests: 3, events: 2, findings: [{ number: 2 }] })
    expect(found.findings[0]?.problem).toContain('nothing is there')
  })

  it('finds two objects that were exchanged', async () => {
    const { objects, second, third, withObjects } = await archivedDays()
    const other = new Map([
      [second.place, third.place],
      [third.place, second.place],
    ])
    const get: ObjectStore['get'] = (path) => objects.get(other.get(path) ?? path)
    expect(numbersOf(await withObjects({ get }))).toEqual([2, 3])
  })

  it('finds records that were changed, where nothing else than the records is told', async () => {
    const { audit, objects, second } = await archivedDays()
    const rows: ArchivedRow[] = []
    const bytes = (await objects.get(second.place)) ?? new Uint8Array()
    for await (const some of ndjson().decode(bytes)) rows.push(...some)
    const archiveOf = (changed: readonly ArchivedRow[]): Archive => ({
      ...tableArchive({} as Ledger['table']),
      read: async function* (place) {
        const found = await objects.get(place)
        if (place === second.place) yield changed
        else if (found !== undefined) yield* ndjson().decode(found)
      },
    })
    const problems = async (changed: readonly ArchivedRow[]) => {
      const { findings } = await verifyArchive(audit, { archive: archiveOf(changed) })
      expect(findings.filter(({ number }) => number !== 2)).toEqual([])
      return findings.map(({ problem }) => problem)
    }
    const [first, last] = rows
    if (first === undefined || last === undefined) throw new Error('two are archived')
    expect(await problems(rows)).toEqual([])
    expect(await problems([first, { ...last, record: `${last.record} ` }])).toEqual([
      'it has other records',
    ])
    expect(await problems([{ ...first, kind: 'auth' }, last])).toEqual([
      'it has events of other kinds',
    ])
    expect(await problems([first])).toEqual([
      'it has another number of events',
      'it has other records',
      'it begins or ends with another event',
    ])
    expect(await problems([last, first])).toContain('it begins or ends with another event')
  })

  it.each([
    ['another record', { recordsSha256: '0'.repeat(64) }],
    ['another kind', { kinds: ['auth'] }],
    ['another object', { sha256: '0'.repeat(64) }],
    ['another member', { archivedAt: 0 }],
    ['another space', {}],
  ])('finds a manifest that tells of %s by the one behind it', async (name, members) => {
    const { second, withBooks } = await archivedDays()
    const text = name === 'another space' ? ` ${second.manifest}` : forged(second, members)
    const changed = (entry: Entry): Entry =>
      entry.number === 2 ? { ...entry, manifest: text } : entry
    expect(await withBooks(changed)).toMatchObject({
      findings: expect.arrayContaining([
        { number: 3, problem: 'it does not follow the manifest before it' },
      ]),
    })
  })

  it('finds that a manifest was taken out', async () => {
    const { withBooks } = await archivedDays()
    const found = await withBooks((entry) => (entry.number === 2 ? undefined : entry))
    expect(numbersOf(found)).toEqual([3])
  })

  it('finds a manifest that does not tell of its kinds, or its ends, and reads on', async () => {
    const { withBooks } = await archivedDays()
    const kindless = [null, 'auth', undefined, [{ toString: 1 }]].map((kinds) => ({ kinds }))
    for (const members of [...kindless, { first: undefined }, { last: { id: 1 } }]) {
      const found = await withBooks((entry) =>
        entry.number === 2 ? { ...entry, manifest: forged(entry, members) } : entry,
      )
      expect(numbersOf(found)).toEqual([2, 3])
    }
  })

  it('finds that the last manifest tells of kinds that are none', async () => {
    const { third, withBooks } = await archivedDays()
    const found = await withBooks((entry) =>
      entry.id === third.id
        ? { ...entry, manifest: forged(entry, { kinds: ['a,custom'] }) }
        : entry,
    )
    expect(found.findings).toEqual([{ number: 3, problem: 'it has events of other kinds' }])
  })

  it('finds a manifest that is none', async () => {
    const { withBooks } = await archivedDays()
    const found = await withBooks((entry) => ({
      ...entry,
      manifest: entry.number === 2 ? 'null' : entry.manifest,
    }))
    expect(numbersOf(found)).toEqual([2, 3])
  })

  it.each([
    ['id', 'other'],
    ['place', 'events/other.ndjson.gz'],
    ['tenant', 'b'],
    ['count', 7],
    ['firstAt', 0],
    ['lastAt', 0],
  ])('finds books that say another %s than the manifest', async (name, value) => {
    const { withBooks } = await archivedDays()
    const found = await withBooks((entry) =>
      entry.number === 3 ? { ...entry, [name]: value } : entry,
    )
    expect(found.findings).toEqual([
      { number: 3, problem: 'the books say something else than the manifest' },
    ])
  })

  it('rejects when the archive does not answer, and calls nothing damaged', async () => {
    const { withObjects } = await archivedDays()
    const down = new Error('down')
    await expect(withObjects({ get: () => Promise.reject(down) })).rejects.toBe(down)
  })

  it('names the option that is no archive', async () => {
    const { audit } = await archivedDays()
    await expect(verifyArchive(audit, { archive: {} as ObjectStore })).rejects.toMatchObject({
      code: 'AUDIT_OPTION_INVALID',
      detail: expect.stringContaining('archive'),
    })
  })
})
