// Equal hits within a window are one event now and one with the count of the rest later. Events are
// never changed and there is no timer, so a window that is over waits for the next request, or for
// flush(). Whatever is sent, memory and writes have a bound: at most `most` windows are opened in the
// time of one, each is told at most twice, and what comes beyond that is one tally of its own.

/** One hit, as it is remembered: plain data, for a request is not kept beyond its end. */
export interface Sighting {
  /** Milliseconds since 1970 UTC. */
  readonly at: number
  readonly id: string | undefined
  readonly method: string
  readonly path: string
}

/** What came after the first hit of a window. */
export interface Tally<What> {
  readonly what: What
  readonly count: number
  readonly first: Sighting
  readonly last: Sighting
}

/** Hits for which there was no room, told all together. */
export interface Overflow {
  readonly count: number
  readonly rules: Readonly<Record<string, number>>
  readonly first: Sighting
  readonly last: Sighting
}

export interface Due<What> {
  readonly tallies: readonly Tally<What>[]
  readonly overflow: Overflow | undefined
}

export interface Hit<What> {
  /** Equal hits have equal keys. */
  readonly key: string
  /** What an overflow is counted by; one of a bounded number. */
  readonly rule: string
  readonly what: What
  readonly seen: Sighting
  /** How many it stands for. */
  readonly count: number
}

export interface Window<What> {
  /** Counts a hit; true when it is to be recorded now. */
  add(hit: Hit<What>, elapsed: number): boolean
  /** Takes out what is over. */
  due(elapsed: number): Due<What>
  /** Takes out everything. */
  all(): Due<What>
}

interface Entry<What> {
  readonly opened: number
  readonly first: Sighting
  what: What
  last: Sighting
  rest: number
}

/** `length` in milliseconds of a clock that never goes back. */
export const createWindow = <What>(length: number, most: number): Window<What> => {
  // In the order in which they were opened, and all equally long: those that are over come first.
  const entries = new Map<string, Entry<What>>()
  const lost = new Map<string, number>()
  let lostFirst: Sighting | undefined
  let lostLast: Sighting | undefined
  let period = Number.NEGATIVE_INFINITY
  let opened = 0

  const lose = ({ rule, count, seen }: Hit<What>): void => {
    lost.set(rule, (lost.get(rule) ?? 0) + count)
    lostFirst ??= seen
    lostLast = seen
  }

  const overflow = (): Overflow | undefined => {
    if (lostFirst === undefined || lostLast === undefined) return undefined
    const rules = Object.fromEntries(lost)
    const count = Object.values(rules).reduce((sum, one) => sum + one, 0)
    const told = { count, rules, first: lostFirst, last: lostLast }
    lost.clear()
    lostFirst = lostLast = undefined
    return told
  }

  const take = (isOver: (entry: Entry<What>) => boolean): readonly Tally<What>[] => {
    const tallies: Tally<What>[] = []
    for (const [key, entry] of entries) {
      if (!isOver(entry)) break
      entries.delete(key)
      const { first, last, rest, what } = entry
      if (rest > 0) tallies.push({ what, count: rest, first, last })
    }
    return tallies
  }

  return {
    add: (hit, elapsed) => {
      const known = entries.get(hit.key)
      if (known !== undefined) {
        known.rest += hit.count
        known.what = hit.what
        known.last = hit.seen
        return false
      }
      if (elapsed - period >= length) {
        period = elapsed
        opened = 0
      }
      if (opened >= most) {
        lose(hit)
        return false
      }
      opened++
      const { seen, what } = hit
      entries.set(hit.key, { opened: elapsed, first: seen, last: seen, what, rest: 0 })
      return true
    },
    due: (elapsed) => ({
      tallies: take((entry) => elapsed - entry.opened >= length),
      overflow: elapsed - period >= length ? overflow() : undefined,
    }),
    all: () => ({ tallies: take(() => true), overflow: overflow() }),
  }
}
