import { AuditError } from '../../errors.ts'
import { isObject } from '../../event/data.ts'
import type { StoredRow } from '../../event/row.ts'
import type { Kind } from '../../event/schema.ts'
import type { Manifest } from '../../ports/archive.ts'
import { startSha256 } from '../../runtime/hash.ts'

const encoder = new TextEncoder()

/** SHA-256 of a text in UTF-8, as lower-case hex digits. */
export const digestOf = (text: string): string => {
  const hash = startSha256()
  hash.update(encoder.encode(text))
  return hash.digest()
}

/** Which kinds there are among rows, each once, in order. */
export const kindsOf = (rows: Iterable<Pick<StoredRow, 'kind'>>): readonly Kind[] => {
  const kinds = new Set<Kind>()
  for (const { kind } of rows) kinds.add(kind)
  return [...kinds].toSorted()
}

/** The manifest as it is stored and hashed: JSON with its members in this order. */
export const textOf = (manifest: Manifest): string => {
  const { first, last } = manifest
  // In this order, whatever the order of the object that was handed over.
  return JSON.stringify({
    v: manifest.v,
    id: manifest.id,
    number: manifest.number,
    previous: manifest.previous,
    format: manifest.format,
    place: manifest.place,
    bytes: manifest.bytes,
    sha256: manifest.sha256,
    tenant: manifest.tenant,
    first: { occurredAt: first.occurredAt, id: first.id },
    last: { occurredAt: last.occurredAt, id: last.id },
    count: manifest.count,
    kinds: manifest.kinds,
    recordsSha256: manifest.recordsSha256,
    schema: manifest.schema,
    archivedAt: manifest.archivedAt,
  })
}

const isPosition = (value: unknown): boolean =>
  isObject(value) && typeof value['occurredAt'] === 'number' && typeof value['id'] === 'string'

const isManifest = (value: unknown): value is Manifest =>
  isObject(value) &&
  typeof value['place'] === 'string' &&
  typeof value['recordsSha256'] === 'string' &&
  isPosition(value['first']) &&
  isPosition(value['last']) &&
  Array.isArray(value['kinds']) &&
  value['kinds'].every((kind) => typeof kind === 'string')

/** @throws {AuditError} AUDIT_ARCHIVE_DAMAGED for a text that is no manifest. */
export const manifestIn = (text: string): Manifest => {
  try {
    const value: unknown = JSON.parse(text)
    if (isManifest(value)) return value
  } catch {
    // What it is instead does not matter.
  }
  throw new AuditError('AUDIT_ARCHIVE_DAMAGED', 'a manifest')
}
