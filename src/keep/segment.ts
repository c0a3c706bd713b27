import { AuditError } from '../errors.ts'
import type { Archive, ArchivedRow, Manifest, Written } from '../ports/archive.ts'
import type { Entry } from '../ports/ledger.ts'
import type { Position } from '../ports/store.ts'
import type { Chosen } from './choose.ts'
import { digestOf, manifestIn, textOf } from './manifest.ts'
import { recordsHash } from './records.ts'
import type { Run } from './run.ts'

const positionOf = ({ occurredAt, id }: Position): Position => ({ occurredAt, id })

const columns = [
  'id',
  'tenant',
  'occurredAt',
  'recordedAt',
  'kind',
  'action',
  'outcome',
  'actorType',
  'actorId',
  'targetType',
  'targetId',
  'requestId',
  'method',
  'route',
  'status',
  'ip',
  'record',
  'archivedAt',
] as const satisfies readonly (keyof ArchivedRow)[]

const isSame = (one: ArchivedRow, other: ArchivedRow): boolean =>
  columns.every((column) => Object.is(one[column], other[column]))

/** @throws {AuditError} AUDIT_ARCHIVE_DAMAGED when something else lies there than the rows. */
const verify = async (
  archive: Archive,
  place: string,
  rows: readonly ArchivedRow[],
  written: Written,
  signal: AbortSignal | undefined,
): Promise<void> => {
  let at = 0
  for await (const some of archive.read(place, written, { signal })) {
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

/**
 * Writes rows into the archive, reads them back, and commits the manifest. Undefined when somebody
 * else holds the lease now: nothing was committed then.
 * @throws {AuditError} when the archive or the store does; no event was deleted, and what lies in the
 * archive is no part of it until a manifest says so.
 */
export const archiveSegment = async (
  run: Run,
  archive: Archive,
  { tenant, day, rows: live }: Chosen,
): Promise<Entry | undefined> => {
  const { ledger, holder, now, signal } = run
  const [first, last] = [live[0], live.at(-1)]
  if (first === undefined || last === undefined) return undefined
  const id = run.mint()
  const rows = live.map((row): ArchivedRow => ({ ...row, archivedAt: now }))
  const place = archive.placeOf({ id, tenant, day })
  await ledger.intend({ id, place, holder })
  const written = await archive.write(place, rows, { signal })
  await verify(archive, place, rows, written, signal)
  const previous = await lastEntry(run)
  const number = (previous?.number ?? 0) + 1
  const hash = recordsHash()
  hash.add(rows)
  const manifest: Manifest = {
    v: 1,
    id,
    number,
    previous: previous === undefined ? null : digestOf(previous.manifest),
    format: archive.format,
    place,
    ...written,
    tenant,
    first: positionOf(first),
    last: positionOf(last),
    count: rows.length,
    recordsSha256: hash.digest(),
    schema: 1,
    archivedAt: now,
  }
  const entry = {
    id,
    number,
    place,
    tenant,
    firstAt: first.occurredAt,
    lastAt: last.occurredAt,
    count: rows.length,
    manifest: textOf(manifest),
  }
  if (await ledger.commit(entry, holder))
    return { ...entry, emptiedAt: null, expiredAt: null, removedAt: null, memo: null }
  await archive.remove(place, { signal })
  await ledger.forget(id)
  return undefined
}

/** What was written of an entry, for its object to be held to. */
export const writtenOf = ({ manifest }: Entry): Written => {
  const { bytes, sha256 } = manifestIn(manifest)
  return { bytes, sha256 }
}
