import type { Archive } from '../../ports/archive.ts'
import type { ArchiveTable } from '../../ports/ledger.ts'

/** The segment of the second table into which an archived one is restored. */
export const restoredIn = (id: string): string => `restored:${id}`

/** The second table as an archive: its segments are their ids. */
export const tableArchive = (table: ArchiveTable): Archive => ({
  format: 'table',
  placeOf: ({ id }) => id,
  write: async (place, rows) => {
    await table.write(place, rows)
    return { bytes: null, sha256: null }
  },
  read: async function* (place) {
    for (let after: Parameters<ArchiveTable['read']>[1]; ;) {
      const rows = await table.read(place, after)
      if (rows.length > 0) yield rows
      if (rows.length < 1_000) return
      after = rows.at(-1)
    }
  },
  remove: (place) => table.remove(place),
  // Its books stand in the same database.
  publish: () => Promise.resolve(),
})
