import type { StoredRow } from '../../event/row.ts'
import type { ReadingStore } from '../../ports/store.ts'
import { entriesFor, type Shelf } from './shelf.ts'

const DAY = 86_400_000

/** When an id was minted, in ms since 1970 (RFC 9562, section 5.7); undefined for one that tells no time. */
const mintedAt = (id: string): number | undefined => {
  const [, high, low] = /^([\da-f]{8})-([\da-f]{4})-7/.exec(id) ?? []
  return high === undefined || low === undefined ? undefined : Number.parseInt(high + low, 16)
}

/**
 * One event, live or archived. In the archive it is looked for among those that happened within a day
 * of when its id was minted: there is no index of ids.
 */
export const getOfBoth = async (
  live: Pick<ReadingStore, 'get'>,
  shelf: Shelf,
  id: string,
): Promise<StoredRow | undefined> => {
  const found = await live.get(id)
  const minted = mintedAt(id)
  if (found !== undefined || minted === undefined) return found
  for await (const entry of entriesFor(shelf, { from: minted - DAY, to: minted + DAY })) {
    for await (const rows of shelf.rows(entry)) {
      const row = rows.find((one) => one.id === id)
      if (row !== undefined) return row
    }
  }
  return undefined
}
