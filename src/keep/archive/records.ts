import { startSha256 } from '../../runtime/hash.ts'

/** UTF-16 units that are encoded and hashed at once: calls for each record take longer than the records. */
const CHUNK = 65_536

/** SHA-256 of records that come some at a time. */
export interface RecordsHash {
  /** Takes records in, each with a line feed behind it. */
  add(rows: readonly { readonly record: string }[]): void
  /** Of all records so far, as 64 lower-case hex digits. More may follow. */
  digest(): string
}

/**
 * Starts the hash that a manifest holds as `recordsSha256`: of the records as they are stored, in UTF-8
 * and in their order, whatever the format of the archive. So does `sha256sum` of
 * `jq -r .record events.ndjson`.
 * @example
 * const hash = recordsHash()
 * for await (const rows of archive.read(place)) hash.add(rows)
 * hash.digest() === manifest.recordsSha256
 */
export const recordsHash = (): RecordsHash => {
  const hash = startSha256()
  const encoder = new TextEncoder()
  let text = ''
  const flush = (): void => {
    hash.update(encoder.encode(text))
    text = ''
  }
  return {
    add: (rows) => {
      for (const { record } of rows) {
        text += `${record}\n`
        if (text.length >= CHUNK) flush()
      }
    },
    digest: () => {
      flush()
      return hash.digest()
    },
  }
}
