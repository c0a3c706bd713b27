/** The two parts of a `Host` header. */
export const hostOf = (
  host: string | undefined,
): { readonly name: string | undefined; readonly port: number | undefined } => {
  const [, name, port] = /^(.*?)(?::(\d{1,5}))?$/s.exec(host ?? '') ?? []
  const number = port === undefined ? undefined : Number(port)
  if (number !== undefined && number > 65_535) return { name: host, port: undefined }
  return { name: name || undefined, port: number }
}

// Elasticsearch and most others read four digits of a year.
const earliest = -62_167_219_200_000
const latest = 253_402_300_799_999

/** RFC 3339; what lies beyond its years is at their end. */
export const instantOf = (ms: number): string =>
  new Date(Math.min(Math.max(ms, earliest), latest)).toISOString()
