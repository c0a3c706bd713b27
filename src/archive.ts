/**
 * Reads what is archived together with what is live.
 * @module
 */
import { writtenOf } from './keep/run/segment.ts'
import { manifestIn } from './keep/archive/manifest.ts'
import { archiveOf, type TargetOf } from './keep/archive/target.ts'
import type { ArchiveFormat } from './ports/archive.ts'
import type { AuditStore } from './ports/store.ts'
import { sourceOf } from './read/archive/archived.ts'
import type { Reading } from './read/reading.ts'

export type { Reading } from './read/reading.ts'
export { ndjson } from './keep/archive/format/ndjson.ts'

export interface ArchiveReadOptions<Env = unknown> {
  /** Where `keep` puts events; a function of the bindings where these come late. */
  readonly archive: TargetOf<Env>
  /** What its objects are written in, besides NDJSON, which is always read. @default ndjson() */
  readonly format?: ArchiveFormat | undefined
}

/**
 * Makes of an audit a source of all its events, live and archived: what takes an audit for reading
 * (`page`, `query`, `count`, `get`, `summary`, `history`, `exportEvents`, `reader` …) takes it as well,
 * and gives them in one order with one cursor. Manifests say which objects a question needs; each is
 * read as a whole and held to its SHA-256, one in memory at a time.
 *
 * What a page or a count looks at in the archive is bounded by `scan` rows and 1,000 objects, besides
 * those that reach over the place where the page begins: with many tenants on a day, name one. Such a page
 * may hold few events, or none, and yet have a `next`. An event by its id is found where it happened
 * within a day of when the id was minted. A summary of a span in which something is archived reads its
 * events, 200,000 at most.
 *
 * For what hangs on all that ever happened, which are the states of processes and issues in summaries and
 * lists, those objects of the tenant before `to` are read that hold events of these kinds, as their
 * manifests tell; by each page of a list as well. What a run of `keep` moves at that very moment may be
 * half known to the states of a summary.
 * @throws {AuditError} as the functions that read do; also AUDIT_ARCHIVE_UNAVAILABLE, and
 * AUDIT_ARCHIVE_DAMAGED for an object that is not what was written.
 * @example
 * import { createAudit } from 'edge-audit'
 * import { withArchive } from 'edge-audit/archive'
 * import { directory } from 'edge-audit/directory'
 * import { libsql } from 'edge-audit/libsql'
 * import { page } from 'edge-audit/query'
 * const audit = createAudit({ store: libsql({ url: 'file:audit.db' }) })
 * const all = withArchive(audit, { archive: directory('archive') })
 * const { events, next } = await page(all, { tenant: 'acme', order: 'oldest' })
 */
export const withArchive = <Env = unknown>(
  audit: { store(env?: unknown): AuditStore },
  { archive, format }: ArchiveReadOptions<Env>,
): Reading => ({
  store: (env) =>
    sourceOf(audit.store(env), (ledger) => {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the bindings are those of the app
      const from = archiveOf(archive, env as Env, ledger, format)
      return {
        rows: (entry) => from.read(entry.place, writtenOf(entry)),
        kinds: (entry) => manifestIn(entry.manifest).kinds,
      }
    }),
  // Its cursors go on in other places than those of the audit alone.
  view: 'archive',
})
