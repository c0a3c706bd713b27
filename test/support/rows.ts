import type { StoredRow } from '../../src/event/row.ts'
import { entriesIn } from '../../src/keep/entries.ts'
import type { ArchiveTarget } from '../../src/keep/keep.ts'
import { archiveOf } from '../../src/keep/archive/target.ts'
import type { ArchivedRow } from '../../src/ports/archive.ts'
import type { AuditStore, Page, Position } from '../../src/ports/store.ts'

/** All rows of a store, oldest first. */
export const rowsIn = async (store: AuditStore): Promise<readonly StoredRow[]> => {
  const rows: StoredRow[] = []
  let after: Position | undefined
  do {
    const page: Page = await store.page({ order: 'oldest', limit: 1_000, after })
    rows.push(...page.rows)
    after = page.next ?? undefined
  } while (after !== undefined)
  return rows
}

/** Whether the audit tells of itself: runs, holds and restores leave events behind. */
export const isOwn = ({ action }: StoredRow): boolean => action.startsWith('audit.')

/** The live events but those of the audit itself, oldest first. */
export const liveIn = async (store: AuditStore): Promise<readonly StoredRow[]> =>
  (await rowsIn(store)).filter((row) => !isOwn(row))

/** What the books tell of and was not expired, as it lies there. */
export const archivedIn = async (
  store: AuditStore,
  to: ArchiveTarget,
): Promise<readonly ArchivedRow[]> => {
  const ledger = await store.ledger()
  const archive = archiveOf(to, undefined, ledger)
  const rows: ArchivedRow[] = []
  for await (const { place } of entriesIn(ledger, { state: 'kept' }))
    for await (const some of archive.read(place)) rows.push(...some)
  return rows
}

/** What was archived, as it was before. */
export const withoutTime = (archived: ArchivedRow): StoredRow => {
  const { archivedAt: _, ...row } = archived
  return row
}
