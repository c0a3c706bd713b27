import { isAuditError } from '../errors.ts'
import type { Archive, ArchiveFormat, Manifest } from '../ports/archive.ts'
import type { Kind } from '../event/schema.ts'
import type { Entry } from '../ports/ledger.ts'
import { entriesIn } from './entries.ts'
import { digestOf, manifestIn } from './archive/manifest.ts'
import { recordsHash } from './archive/records.ts'
import { archiveOf, type TargetOf } from './archive/target.ts'
import type { KeptAudit } from './tell.ts'

export interface VerifyOptions<Env = unknown> {
  readonly archive: TargetOf<Env>
  readonly format?: ArchiveFormat | undefined
  readonly env?: Env | undefined
  readonly signal?: AbortSignal | undefined
}

export interface Finding {
  /** The manifest's number. */
  readonly number: number
  /** What is wrong, in words. */
  readonly problem: string
}

export interface Verified {
  readonly manifests: number
  /** Archived events that were read. */
  readonly events: number
  /** None: all is as it was written. */
  readonly findings: readonly Finding[]
}

const contentOf = async (
  archive: Archive,
  { place, bytes, sha256 }: Manifest,
  signal: AbortSignal | undefined,
) => {
  const hash = recordsHash()
  const kinds = new Set<Kind>()
  let count = 0
  const ends: { first: string | undefined; last: string | undefined } = {
    first: undefined,
    last: undefined,
  }
  for await (const rows of archive.read(place, { bytes, sha256 }, { signal })) {
    hash.add(rows)
    count += rows.length
    for (const { kind } of rows) kinds.add(kind)
    ends.first ??= rows[0]?.id
    ends.last = rows.at(-1)?.id
  }
  return { count, recordsSha256: hash.digest(), kinds: [...kinds].toSorted(), ...ends }
}

/** Whether the books say of an entry what its manifest says. */
const isSaidOf = (entry: Entry, { id, place, tenant, count, first, last }: Manifest): boolean =>
  entry.id === id &&
  entry.place === place &&
  entry.tenant === tenant &&
  entry.count === count &&
  entry.firstAt === first.occurredAt &&
  entry.lastAt === last.occurredAt

const problemsOf = async (
  archive: Archive,
  entry: Entry,
  before: Entry | undefined,
  signal: AbortSignal | undefined,
): Promise<{ readonly count: number; readonly problems: readonly string[] }> => {
  const manifest = manifestIn(entry.manifest)
  const problems: string[] = []
  const previous = before === undefined ? null : digestOf(before.manifest)
  if (manifest.previous !== previous || manifest.number !== (before?.number ?? 0) + 1)
    problems.push('it does not follow the manifest before it')
  if (!isSaidOf(entry, manifest)) problems.push('the books say something else than the manifest')
  if (entry.expiredAt !== null) return { count: 0, problems }
  const found = await contentOf(archive, manifest, signal)
  if (found.count !== manifest.count) problems.push('it has another number of events')
  if (found.recordsSha256 !== manifest.recordsSha256) problems.push('it has other records')
  if (JSON.stringify(found.kinds) !== JSON.stringify(manifest.kinds))
    problems.push('it has events of other kinds')
  if (found.first !== manifest.first.id || found.last !== manifest.last.id)
    problems.push('it begins or ends with another event')
  return { count: found.count, problems }
}

/**
 * Reads all that is archived and holds it to its manifests: the chain, the objects, the records.
 * @throws {AuditError} what the store or the archive rejects with when it does not answer; what is
 * damaged or missing is a finding.
 * @example
 * import { createAudit } from 'edge-audit'
 * import { directory } from 'edge-audit/directory'
 * import { verifyArchive } from 'edge-audit/keep'
 * import { libsql } from 'edge-audit/libsql'
 * const audit = createAudit({ store: libsql({ url: 'file:audit.db' }) })
 * const { findings } = await verifyArchive(audit, { archive: directory('archive') })
 */
export const verifyArchive = async <Env = unknown>(
  audit: Pick<KeptAudit, 'store'>,
  { archive: to, format, env, signal }: VerifyOptions<Env>,
): Promise<Verified> => {
  const ledger = await audit.store(env).ledger()
  const archive = archiveOf(to, env, ledger, format, 'archive')
  const findings: Finding[] = []
  let [manifests, events] = [0, 0]
  let before: Entry | undefined
  for await (const entry of entriesIn(ledger)) {
    const { number } = entry
    manifests += 1
    try {
      const { count, problems } = await problemsOf(archive, entry, before, signal)
      events += count
      findings.push(...problems.map((problem) => ({ number, problem })))
    } catch (error) {
      if (!isAuditError(error) || error.code !== 'AUDIT_ARCHIVE_DAMAGED') throw error
      findings.push({ number, problem: error.message })
    }
    before = entry
  }
  return { manifests, events, findings }
}
