/** An address as eight 16-bit groups; IPv4 as IPv4-mapped IPv6 (RFC 4291, section 2.5.5.2). */
type Groups = readonly number[]

/** No leading zeros: `010.0.0.1` is 8.0.0.1 to some and 10.0.0.1 to others. */
const V4 = /^(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})$/

const parseV4 = (text: string): Groups | undefined => {
  const found = V4.exec(text)
  if (found === null) return undefined
  const [a = 0, b = 0, c = 0, d = 0] = found.slice(1).map(Number)
  if (a > 255 || b > 255 || c > 255 || d > 255) return undefined
  return [0, 0, 0, 0, 0, 0xffff, a * 256 + b, c * 256 + d]
}

const parseV6 = (text: string): Groups | undefined => {
  const dotted = /^(.*:)(\d{1,3}(?:\.\d{1,3}){3})$/.exec(text)
  const v4 = dotted === null ? undefined : parseV4(dotted[2] ?? '')
  if (dotted !== null && v4 === undefined) return undefined
  const hex =
    v4 === undefined ? text : `${dotted?.[1]}${v4[6]?.toString(16)}:${v4[7]?.toString(16)}`
  const halves = hex.split('::')
  if (halves.length > 2) return undefined
  const [left = [], right = []] = halves.map((half) => (half === '' ? [] : half.split(':')))
  const missing = 8 - left.length - right.length
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined
  const groups = [...left, ...Array.from({ length: missing }, () => '0'), ...right]
  if (!groups.every((group) => /^[\da-f]{1,4}$/i.test(group))) return undefined
  return groups.map((group) => Number.parseInt(group, 16))
}

const parse = (text: string): Groups | undefined => parseV4(text) ?? parseV6(text)

const isV4 = (groups: Groups): boolean =>
  groups[5] === 0xffff && groups.slice(0, 5).every((group) => group === 0)

/** RFC 5952: lower case, the longest run of zeros shortened. */
const format = (groups: Groups): string => {
  if (isV4(groups)) {
    const [high = 0, low = 0] = groups.slice(6)
    return `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`
  }
  let run = { start: 0, length: 0 }
  for (let start = 0; start < 8; start++) {
    let end = start
    while (end < 8 && groups[end] === 0) end++
    if (end - start > run.length) run = { start, length: end - start }
  }
  const hex = groups.map((group) => group.toString(16))
  if (run.length < 2) return hex.join(':')
  return `${hex.slice(0, run.start).join(':')}::${hex.slice(run.start + run.length).join(':')}`
}

/** `[::1]:80`, `10.0.0.1:443`, `fe80::1%eth0`, `"…"` → the address alone. */
const bare = (text: string): string => {
  const trimmed = text.trim().replace(/^"(.*)"$/, '$1')
  const bracketed = /^\[([\da-f:.]*:[\da-f:.]*)(?:%[^\]]+)?\](?::\d{1,5})?$/i.exec(trimmed)
  if (bracketed !== null) return bracketed[1] ?? ''
  const withPort = /^(\d{1,3}(?:\.\d{1,3}){3}):\d{1,5}$/.exec(trimmed)
  return withPort?.[1] ?? trimmed.replace(/(:.*)%.+$/, '$1')
}

/** A plain IPv4 address in its only spelling needs no second look. */
const CANONICAL_V4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/

/**
 * The address in its one spelling: no port, brackets or zone, IPv4-mapped IPv6 as IPv4, IPv6 as
 * RFC 5952 wants it; undefined for what is no address.
 */
export const normaliseAddress = (text: string | null | undefined): string | undefined => {
  if (text === null || text === undefined || text.length > 64) return undefined
  if (CANONICAL_V4.test(text)) return text
  const groups = parse(bare(text))
  return groups === undefined ? undefined : format(groups)
}

/** Cut to its network: IPv4 to /24, IPv6 to /48. */
export const truncateAddress = (address: string): string => {
  const groups = parse(address)
  if (groups === undefined) return address
  return isV4(groups)
    ? format([...groups.slice(0, 7), (groups[7] ?? 0) & 0xff00])
    : format([...groups.slice(0, 3), 0, 0, 0, 0, 0])
}

/** Whether an address lies in a network. */
export type Network = (address: string) => boolean

interface Cidr {
  readonly groups: Groups
  readonly v4: boolean
  /** Of the 128 bits, an IPv4 address being the last 32. */
  readonly bits: number
}

const cidrOf = (cidr: string): Cidr | undefined => {
  const [written = '', bits, ...rest] = cidr.split('/')
  const groups = parse(written)
  if (groups === undefined || rest.length > 0 || (bits !== undefined && !/^\d{1,3}$/.test(bits))) {
    return undefined
  }
  const v4 = parseV4(written) !== undefined
  const length = bits === undefined ? 128 : Number(bits) + (v4 ? 96 : 0)
  return length > 128 ? undefined : { groups, v4, bits: length }
}

/** Compiles `10.0.0.0/8`, `fd00::/8` or a single address; undefined when it is neither. */
export const network = (cidr: string): Network | undefined => {
  const found = cidrOf(cidr)
  if (found === undefined) return undefined
  const { groups, bits } = found
  return (address) => {
    const other = parse(address)
    return (
      other !== undefined &&
      groups.every((group, index) => {
        const kept = Math.min(16, Math.max(0, bits - index * 16))
        const mask = (0xffff << (16 - kept)) & 0xffff
        return (group & mask) === ((other[index] ?? 0) & mask)
      })
    )
  }
}

/**
 * What every address of a network begins with, in its one spelling: `10.1.` for `10.1.16.0/20`. Others
 * may begin so too. Empty when nothing is common to them.
 */
export const networkPrefix = (cidr: string): string => {
  const { groups, v4, bits } = cidrOf(cidr) ?? { groups: [], v4: false, bits: 0 }
  if (bits === 128) return format(groups)
  const whole = Math.max(0, Math.floor((bits - (v4 ? 96 : 0)) / (v4 ? 8 : 16)))
  if (v4) {
    const octets = format(groups).split('.').slice(0, whole)
    return octets.map((octet) => `${octet}.`).join('')
  }
  // From the first zero on the spelling depends on what follows: `2001:db8::1`, `2001:db8:0:1::`.
  const zero = groups.indexOf(0)
  const said = groups.slice(0, Math.min(whole, zero === -1 ? 8 : zero))
  return said.map((group) => `${group.toString(16)}:`).join('')
}
