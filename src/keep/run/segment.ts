import { AuditError } from '../../errors.ts'
import { written } from '../../event/columns.ts'
import type { Archive, ArchivedRow, Manifest, Written } from '../../ports/archive.ts'
import type { Entry, NewEntry } from '../../ports/ledger.ts'
import type { Position } from '../../ports/store.ts'
import type { Chosen } from './choose.ts'
import { LEASE } from './budget.ts'
import { lockedUntil } from './lock.ts'
import { digestOf, kindsOf, manifestIn, textOf } from '../archive/manifest.ts'
import { eachOf } from '../archive/pool.ts'
import { recordsHash } from '../archive/records.ts'
import type { Run } from './run.ts'

const positionOf = ({ occurredAt, id }: Position): Position => ({ occurredAt, id })

const columns = [...written, 'recordedAt', 'archivedAt'] as const

const isSame = (one: ArchivedRow, other: ArchivedRow): boolean =>
  columns.every((column) => Object.is(one[column], other[column]))

/** @throws {AuditError} AUDIT_ARCHIVE_DAMAGED when something else lies there than the rows. */
const verify = async (
  archive: Archive,
  place: string,
  rows: readonly ArchivedRow[],
  facts: Written,
  signal: AbortSignal | undefined,
): Promise<void> => {
  let at = 0
  for await (const some of archive.read(place, facts, { signal })) {
    for (const row of some) {
      const expected = rows[at++]
      if (expected === undefined || !isSame(expected, row))
        throw new AuditError('AUDIT_ARCHIVE_DAMAGED', `row ${at}`)
    }
  }
  if (at !== rows.length) throw new AuditError('AUDIT_ARCHIVE_DAMAGED', `${at} of ${rows.length}`)
}

/** The last of the chain. */
export const lastEntry = async ({ ledger }: Pick<Run, 'ledger'>): Promise<Entry | undefined> =>
  (await ledger.entries({ order: 'descending', limit: 1 }))[0]

interface Piece extends Chosen {
  readonly id: string
  readonly place: string
}

const manifestOf = (
  { id, place, tenant, rows }: Piece,
  facts: Written,
  of: Pick<Manifest, 'number' | 'previous' | 'format' | 'archivedAt'>,
): Manifest | undefined => {
  const [first, last] = [rows[0], rows.at(-1)]
  if (first === undefined || last === undefined) return undefined
  const hash = recordsHash()
  hash.add(rows)
  return {
    v: 1,
    ...of,
    id,
    place,
    ...facts,
    tenant,
    first: positionOf(first),
    last: positionOf(last),
    count: rows.length,
    kinds: kindsOf(rows),
    recordsSha256: hash.digest(),
    schema: 1,
  }
}

const entryOf = (manifest: Manifest): NewEntry => ({
  id: manifest.id,
  number: manifest.number,
  place: manifest.place,
  tenant: manifest.tenant,
  firstAt: manifest.first.occurredAt,
  lastAt: manifest.last.occurredAt,
  count: manifest.count,
  manifest: textOf(manifest),
})

/** The entries of pieces that were written, each of which names the one before it. */
const chained = (
  pieces: readonly (readonly [Piece, Written])[],
  previous: Entry | undefined,
  of: Pick<Manifest, 'format' | 'archivedAt'>,
): readonly NewEntry[] => {
  const entries: NewEntry[] = []
  let before: NewEntry | undefined = previous
  for (const [piece, facts] of pieces) {
    const link = {
      number: (before?.number ?? 0) + 1,
      previous: before === undefined ? null : digestOf(before.manifest),
    }
    const manifest = manifestOf(piece, facts, { ...of, ...link })
    if (manifest === undefined) continue
    before = entryOf(manifest)
    entries.push(before)
  }
  return entries
}

/**
 * Writes pieces into the archive, reads them back, and commits their manifests. Undefined when somebody
 * else holds the lease now: nothing was committed then.
 * @throws {AuditError} when the archive or the store does; no event was deleted, and what lies in the
 * archive is no part of it until a manifest says so.
 */
export const archivePieces = async (
  run: Run,
  archive: Archive,
  chosen: readonly Chosen[],
): Promise<readonly Entry[] | undefined> => {
  const { ledger, holder, now: archivedAt, signal } = run
  const { format } = archive
  const pieces = chosen.map((piece): Piece => {
    const id = run.mint()
    return { ...piece, id, place: archive.placeOf({ ...piece, id }) }
  })
  await ledger.intend(pieces.map(({ id, place }) => ({ id, place, holder })))
  const write = async (piece: Piece): Promise<readonly [Piece, Written]> => {
    const rows = piece.rows.map((row): ArchivedRow => ({ ...row, archivedAt }))
    const retainUntil = lockedUntil(run, rows)
    const facts = await archive.write(piece.place, rows, { signal, retainUntil })
    await verify(archive, piece.place, rows, facts, signal)
    return [piece, facts]
  }
  // Many take longer than a lease. Not taken anew: who held it in between may have cleared away what
  // lies there; lost once, it is lost for these, and nothing is committed.
  const stored = await eachOf(pieces, write, () => ledger.renew(holder, LEASE))
  const entries = chained(stored, await lastEntry(run), { format, archivedAt })
  if (await ledger.commit(entries, holder)) {
    const unsettled = { emptiedAt: null, expiredAt: null, removedAt: null, memo: null }
    return entries.map((entry) => ({ ...entry, ...unsettled }))
  }
  await eachOf(pieces, async ({ id, place }) => {
    await archive.remove(place, { signal })
    await ledger.forget(id)
  })
  return undefined
}

/** What was written of an entry, for its object to be held to. */
export const writtenOf = ({ manifest }: Entry): Written => {
  const { bytes, sha256 } = manifestIn(manifest)
  return { bytes, sha256 }
}
