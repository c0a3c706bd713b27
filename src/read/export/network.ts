const v4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/

const isV6 = (text: string): boolean => {
  // As long as one can be, without the name of an interface: nothing else is worth a look.
  if (text.length > 39 || !/^[\da-f:]+(?:\.\d+)*$/i.test(text) || !text.includes(':')) return false
  try {
    return new URL(`http://[${text}]/`).hostname.length > 2
  } catch {
    // The URL standard knows what an address is, and this is none.
    return false
  }
}

/** An address that every reader takes for one; undefined for what is another text. */
export const addressOf = (text: string | undefined): string | undefined =>
  text !== undefined && (v4.test(text) || isV6(text)) ? text : undefined

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
