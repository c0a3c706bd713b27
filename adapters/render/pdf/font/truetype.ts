import { AuditError } from '../../../../src/errors.ts'

// TrueType, as far as a PDF needs it. https://learn.microsoft.com/en-us/typography/opentype/spec/

export type Bytes = Uint8Array<ArrayBuffer>

/** A font that is read, not copied: what is asked for is found in its bytes. */
export interface TrueType {
  /** Its tables, each a part of the file. */
  readonly tables: ReadonlyMap<string, Bytes>
  readonly unitsPerEm: number
  readonly ascent: number
  readonly descent: number
  /** Left, bottom, right and top of all glyphs, in units. */
  readonly box: readonly [number, number, number, number]
  readonly glyphs: number
  /** The glyph of a code point; 0 for none. */
  readonly glyphOf: (code: number) => number
  /** How far a glyph moves what comes behind it, in units. */
  readonly advanceOf: (glyph: number) => number
  /** How far right of its origin a glyph begins, in units. */
  readonly bearingOf: (glyph: number) => number
  /** The outline of a glyph, as it stands in `glyf`; empty for a space. */
  readonly outlineOf: (glyph: number) => Bytes
}

const refused = (why: string): never => {
  throw new AuditError('AUDIT_OPTION_INVALID', `a font must be TrueType: ${why}`)
}

export const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

const SFNT = 0x0001_0000
const TRUE = 0x7472_7565
const OTTO = 0x4f54_544f
const TTCF = 0x7474_6366

const tablesOf = (file: Bytes): ReadonlyMap<string, Bytes> => {
  const view = viewOf(file)
  if (file.length < 12) return refused('it is too short')
  const version = view.getUint32(0)
  if (version === TTCF) return refused('this is a collection; take one font out of it')
  if (version === OTTO) return refused('its outlines are CFF (.otf); there is a .ttf of most fonts')
  if (version !== SFNT && version !== TRUE) return refused('its first bytes are not those of one')
  const tables = new Map<string, Bytes>()
  for (let at = 12; at < 12 + view.getUint16(4) * 16; at += 16) {
    const tag = String.fromCharCode(...file.subarray(at, at + 4))
    const [offset, length] = [view.getUint32(at + 8), view.getUint32(at + 12)]
    if (offset + length > file.length) return refused(`${tag} is cut off`)
    tables.set(tag, file.subarray(offset, offset + length))
  }
  return tables
}

type GlyphOf = (code: number) => number

/** cmap format 4: the basic multilingual plane, in segments. */
const segmented = (view: DataView): GlyphOf => {
  const twice = view.getUint16(6)
  const [ends, starts] = [14, 16 + twice]
  const [deltas, offsets] = [starts + twice, starts + 2 * twice]
  return (code) => {
    if (code > 0xff_ff) return 0
    let [low, high] = [0, twice / 2 - 1]
    while (low < high) {
      const middle = (low + high) >> 1
      if (view.getUint16(ends + 2 * middle) < code) low = middle + 1
      else high = middle
    }
    const at = 2 * low
    const start = view.getUint16(starts + at)
    if (start > code || view.getUint16(ends + at) < code) return 0
    const [delta, offset] = [view.getUint16(deltas + at), view.getUint16(offsets + at)]
    if (offset === 0) return (code + delta) & 0xff_ff
    const glyph = view.getUint16(offsets + at + offset + 2 * (code - start))
    return glyph === 0 ? 0 : (glyph + delta) & 0xff_ff
  }
}

/** cmap format 12: all planes, in groups. */
const grouped = (view: DataView): GlyphOf => {
  const groups = view.getUint32(12)
  return (code) => {
    let [low, high] = [0, groups - 1]
    while (low <= high) {
      const middle = (low + high) >> 1
      const at = 16 + 12 * middle
      if (code < view.getUint32(at)) high = middle - 1
      else if (code > view.getUint32(at + 4)) low = middle + 1
      else return view.getUint32(at + 8) + code - view.getUint32(at)
    }
    return 0
  }
}

const glyphsIn = (cmap: Bytes): GlyphOf => {
  const view = viewOf(cmap)
  const found = new Map<number, DataView>()
  for (let at = 4; at < 4 + view.getUint16(2) * 8; at += 8) {
    const part = viewOf(cmap.subarray(view.getUint32(at + 4)))
    const [platform, encoding] = [view.getUint16(at), view.getUint16(at + 2)]
    const isUnicode = platform === 0 || (platform === 3 && (encoding === 1 || encoding === 10))
    if (isUnicode) found.set(part.getUint16(0), part)
  }
  const [all, basic] = [found.get(12), found.get(4)]
  if (all !== undefined) return grouped(all)
  return basic === undefined ? refused('it has no Unicode cmap') : segmented(basic)
}

/**
 * Reads a TrueType font.
 * @throws {AuditError} AUDIT_OPTION_INVALID for what is none: CFF outlines, a collection, a part of one.
 */
export const trueType = (file: Bytes): TrueType => {
  const tables = tablesOf(file)
  const table = (tag: string): Bytes => tables.get(tag) ?? refused(`it has no ${tag}`)
  const [head, hhea, maxp] = [viewOf(table('head')), viewOf(table('hhea')), viewOf(table('maxp'))]
  const [hmtx, loca, glyf] = [viewOf(table('hmtx')), viewOf(table('loca')), table('glyf')]
  const [metrics, glyphs] = [hhea.getUint16(34), maxp.getUint16(4)]
  let known: GlyphOf | undefined
  const isLong = head.getUint16(50) === 1
  const offset = (glyph: number): number =>
    isLong ? loca.getUint32(4 * glyph) : 2 * loca.getUint16(2 * glyph)
  return {
    tables,
    glyphs,
    unitsPerEm: head.getUint16(18),
    box: [head.getInt16(36), head.getInt16(38), head.getInt16(40), head.getInt16(42)],
    ascent: hhea.getInt16(4),
    descent: hhea.getInt16(6),
    // A subset has none, and is not asked.
    glyphOf: (code) => (known ??= glyphsIn(table('cmap')))(code),
    // The last metric holds for all glyphs behind it, which have a bearing each.
    advanceOf: (glyph) => hmtx.getUint16(4 * Math.min(glyph, metrics - 1)),
    bearingOf: (glyph) =>
      glyph < metrics
        ? hmtx.getInt16(4 * glyph + 2)
        : hmtx.getInt16(4 * metrics + 2 * (glyph - metrics)),
    outlineOf: (glyph) => glyf.subarray(offset(glyph), offset(glyph + 1)),
  }
}
