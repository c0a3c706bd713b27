import type { Segment } from '../../ports/archive.ts'
import { digestOf } from './manifest.ts'

/** What Hive, and all who read its layout, take for null. */
const NULL = '__HIVE_DEFAULT_PARTITION__'

/** Most characters of a tenant in a path: parts have 255 bytes at most. */
const LONGEST = 200

const percent = (character: string): string =>
  `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`

/** What is left of `encodeURIComponent` that means something to a shell, or stands for a hash here. */
const SPECIAL = /[!'()*~]|\.$/g

/** Texts that readers take for null. */
const isNull = (text: string): boolean => /^(?:null|__hive_default_partition__)$/i.test(text)

/** No two tenants have the same: a `~` stands in no other form. */
const tenantPart = (tenant: string | null): string => {
  if (tenant === null) return NULL
  const text = tenant.toWellFormed()
  const encoded = encodeURIComponent(text).replaceAll(SPECIAL, percent)
  if (encoded.length > LONGEST) return `~${digestOf(text)}`
  return isNull(encoded) ? percent(encoded) + encoded.slice(1) : encoded
}

const digits = (value: number, count: number): string =>
  `${value < 0 ? '-' : ''}${String(Math.abs(value)).padStart(count, '0')}`

/** Times that no calendar has are of no day. */
const dayParts = (day: number): string => {
  const date = new Date(day)
  if (Number.isNaN(date.getTime())) return `year=${NULL}/month=${NULL}/day=${NULL}`
  const year = digits(date.getUTCFullYear(), 4)
  return `year=${year}/month=${digits(date.getUTCMonth() + 1, 2)}/day=${digits(date.getUTCDate(), 2)}`
}

/**
 * Where a segment lies, in the layout of Hive:
 * `events/tenant=acme/year=2026/month=01/day=31/<id>.<extension>`.
 *
 * A tenant is percent-encoded (RFC 3986) but for letters, digits, `-`, `_` and `.`, which DuckDB undoes:
 * `tenant` is the tenant's own text. One of more than 200 characters then is `~` and the SHA-256 of its
 * UTF-8 as hex, which no other tenant is; its text stands in the file. No tenant is
 * `__HIVE_DEFAULT_PARTITION__`, which readers take for null; the empty text is empty.
 *
 * DuckDB guesses types by what it finds: say `hive_types = {tenant: VARCHAR, year: INTEGER,
 * month: INTEGER, day: INTEGER}`, else a tenant `7` is a number when all others are.
 * @example placeOf({ id, tenant: 'a/b', day: 0 }, 'parquet') // 'events/tenant=a%2Fb/year=1970/…'
 */
export const placeOf = ({ id, tenant, day }: Segment, extension: string): string =>
  `events/tenant=${tenantPart(tenant)}/${dayParts(day)}/${id}.${extension}`

const place = (number: number): string => String(number).padStart(12, '0')

/** Where manifests lie, from one number to another: the order of the paths is that of the chain. */
export const manifestsPlace = (first: number, last: number): string =>
  `manifests/${place(first)}-${place(last)}.ndjson`
