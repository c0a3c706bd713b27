// RFC 9110, section 12.5.1: the most specific range that fits a type has the word of it.

interface Range {
  readonly type: string
  readonly quality: number
}

const quality = /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/

const rangeOf = (written: string): Range => {
  const [type = '', ...parameters] = written.split(';').map((part) => part.trim().toLowerCase())
  const told = parameters.find((part) => part.startsWith('q='))?.slice(2)
  // What is no quality says nothing.
  return { type, quality: told !== undefined && quality.test(told) ? Number(told) : 1 }
}

const qualityOf = (type: string, ranges: readonly Range[]): number => {
  const [main] = type.split('/')
  for (const wanted of [type, `${main}/*`, '*/*']) {
    const fits = ranges.filter((range) => range.type === wanted)
    if (fits.length > 0) return Math.max(...fits.map((range) => range.quality))
  }
  return 0
}

/** Which of the types is wanted most; of as much, the first. Undefined when none of them is wanted. */
export const preferred = (
  header: string | null,
  offered: readonly [string, ...string[]],
): string | undefined => {
  if (header === null || header.trim() === '') return offered[0]
  const ranges = header.split(',').map(rangeOf)
  let best: string | undefined
  let most = 0
  for (const type of offered) {
    const wanted = qualityOf(type, ranges)
    if (wanted <= most) continue
    best = type
    most = wanted
  }
  return best
}
