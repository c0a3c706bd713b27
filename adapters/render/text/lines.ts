// How wide a text is in a terminal, and where its lines end. Terminals differ: what is here is wide rather
// than narrow, so that a line may end early and never late.

const ascii = /^[\x20-\x7e]*$/

/** What is not to be parted: a character and the marks on it, and the number of one that is not seen. */
const clusters = /\\u\{[\dA-F]{2,4}\}|\P{M}\p{M}*|\p{M}+/gu

/** Marks that take no room. Others, of Indic scripts above all, are taken to need it. */
const flat = /^[\p{Mn}\p{Me}]$/u

/** East Asian wide and fullwidth ones (Unicode Standard Annex 11), by their blocks, and emoji. */
const wide =
  /^[\p{Emoji_Presentation}\u1100-\u115f\u2329\u232a\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18dff}\u{1aff0}-\u{1b2ff}\u{1f200}-\u{1f2ff}\u{20000}-\u{3fffd}]$/u

/** The columns of a terminal that a text takes. */
export const widthOf = (text: string): number => {
  if (ascii.test(text)) return text.length
  let width = 0
  for (const character of text) {
    if (!flat.test(character)) width += wide.test(character) ? 2 : 1
  }
  return width
}

/** Behind these a word that is longer than a line may be broken. */
const breakable = new Set('/-_.,:;=&?@)')

/** A place where a line may end, and how wide it is up to there. */
interface End {
  readonly at: number
  readonly width: number
}

const START: End = { at: 0, width: 0 }

/** The lines of a text, none wider than `most`, which is 2 at least; one line at least. */
export const wrapped = (text: string, most: number): readonly string[] => {
  if (widthOf(text) <= most) return [text.trimEnd()]
  const all = text.match(clusters) ?? []
  const lines: string[] = []
  let [start, width] = [0, 0]
  let [space, inside] = [START, START]
  for (const [at, cluster] of all.entries()) {
    // Spaces may stand over the end, where they are not seen.
    if (cluster === ' ') {
      width += 1
      space = { at: at + 1, width }
      continue
    }
    const own = widthOf(cluster)
    // Behind the end of a line there may be too much still: then there is another one.
    while (width + own > most && at > start) {
      const end = space.at > start ? space : inside.at > start ? inside : { at, width }
      lines.push(all.slice(start, end.at).join('').trimEnd())
      start = end.at
      width -= end.width
      inside = { at: inside.at, width: inside.width - end.width }
    }
    width += own
    if (breakable.has(cluster)) inside = { at: at + 1, width }
  }
  return [...lines, all.slice(start).join('').trimEnd()]
}

/** A text with spaces behind it, so wide. */
export const padded = (text: string, width: number): string =>
  text + ' '.repeat(Math.max(0, width - widthOf(text)))
