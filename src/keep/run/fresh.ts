import type { StoredRow } from '../../event/row.ts'
import { byTime } from '../../event/order.ts'
import type { Archive } from '../../ports/archive.ts'
import type { Entry } from '../../ports/ledger.ts'
import type { Chosen } from './choose.ts'
import { entriesIn } from '../entries.ts'
import { manifestIn } from '../archive/manifest.ts'
import type { Run } from './run.ts'
import { writtenOf } from './segment.ts'

const mayHold = ({ manifest }: Entry, rows: readonly StoredRow[]): boolean => {
  const { first, last } = manifestIn(manifest)
  return rows.some((row) => byTime(row, first) >= 0 && byTime(row, last) <= 0)
}

/**
 * What is chosen without what is in the archive already, which goes from the live table instead. Other
 * steps see to it that this finds nothing, but for what a restore brought back while they were under
 * way, and what another run archived while this one stood still: whatever came between, the manifests
 * tell. One that is committed after they were read keeps ours from being the next of the chain.
 */
export const freshOf = async (
  { ledger, remover, kept, signal }: Run,
  archive: Archive,
  chosen: readonly Chosen[],
): Promise<readonly Chosen[]> => {
  const times = chosen.flatMap(({ rows }) => [rows[0], rows.at(-1)])
  const known = times.flatMap((row) => (row === undefined ? [] : [row.occurredAt]))
  const [from, to] = [Math.min(...known), Math.max(...known) + 1]
  const tenants = [...new Set(chosen.map(({ tenant }) => tenant))]
  const there = new Set<string>()
  for await (const entry of entriesIn(ledger, { state: 'kept', tenants, from, to })) {
    const rows = chosen.flatMap((one) => (one.tenant === entry.tenant ? one.rows : []))
    if (!mayHold(entry, rows)) continue
    const inside = new Set<string>()
    for await (const some of archive.read(entry.place, writtenOf(entry), { signal }))
      for (const { id } of some) inside.add(id)
    const ids = rows.flatMap(({ id }) => (inside.has(id) ? [id] : []))
    if (ids.length === 0) continue
    await ledger.emptied([entry.id], false)
    await remover.remove(ids, () => ({ entries: [entry.id] }))
    for (const id of ids) there.add(id)
  }
  for (const id of there) kept.add(id)
  return chosen
    .map((one) => ({ ...one, rows: one.rows.filter(({ id }) => !there.has(id)) }))
    .filter(({ rows }) => rows.length > 0)
}
