/** One page of a listing; the next is asked for with `next`. */
export interface ListPage {
  readonly keys: readonly string[]
  readonly next: string | undefined
}

const named: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
}

/** The five entities of XML, and characters by number. In one pass: `&amp;lt;` is `&lt;`. */
const unescaped = (text: string): string =>
  text.replaceAll(
    /&(?:(amp|lt|gt|quot|apos)|#(\d{1,7})|#x([\da-f]{1,6}));/gi,
    (whole, name?: string, decimal?: string, hex?: string) => {
      if (name !== undefined) return named[name.toLowerCase()] ?? whole
      const point = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)
      return point > 0x10ffff ? whole : String.fromCodePoint(point)
    },
  )

// S3 encodes keys as forms do, a space as `+` and a `+` as `%2B`; others write `%20`, and the same `%2B`.
const decoded = (text: string): string => decodeURIComponent(text.replaceAll('+', ' '))

const textOf = (xml: string, element: RegExp): string | undefined => {
  const [, text] = element.exec(xml) ?? []
  return text === undefined ? undefined : unescaped(text)
}

/**
 * Reads an answer to ListObjectsV2; undefined when it is something else, or not all of one. A whole
 * reader of XML is not needed: in this answer a `<` stands for nothing but a tag, for keys have theirs
 * escaped, and the elements that are looked for are not nested.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
 */
export const listPageOf = (xml: string): ListPage | undefined => {
  if (!/<ListBucketResult[\s>]/.test(xml) || !xml.includes('</ListBucketResult>')) return undefined
  const truncated = textOf(xml, /<IsTruncated>([^<]*)</)
  const next = textOf(xml, /<NextContinuationToken>([^<]*)</)
  // Without a way to go on the list would end too early, and what it leaves out would count as gone.
  if (truncated !== 'false' && (truncated !== 'true' || !next)) return undefined
  // A server that does not know the parameter says nothing of it, and gives the keys as they are.
  const encoded = textOf(xml, /<EncodingType>([^<]*)</) === 'url'
  const keys: string[] = []
  for (const [, contents = ''] of xml.matchAll(/<Contents>([\s\S]*?)<\/Contents>/g)) {
    const key = textOf(contents, /<Key>([^<]*)<\/Key>/)
    if (key === undefined) return undefined
    try {
      keys.push(encoded ? decoded(key) : key)
    } catch {
      // A broken escape: no key can be told from it, and so the whole answer is not understood.
      return undefined
    }
  }
  return { keys, next: truncated === 'true' ? next : undefined }
}
