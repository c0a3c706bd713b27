// Refusals and pages that are not there, counted by address: somebody who guesses gets many of them.

export interface Bursts {
  /** Counts a refusal. How many hits it makes: all so far when they become a burst, then one each. */
  note(address: string, elapsed: number): number
  /** Whether this address is in the middle of one. */
  running(address: string, elapsed: number): boolean
}

interface Count {
  readonly opened: number
  count: number
}

/** `most` addresses are counted at a time; then the one that was seen first is forgotten. */
export const createBursts = (threshold: number, length: number, most: number): Bursts => {
  const counts = new Map<string, Count>()
  const current = (address: string, elapsed: number): Count | undefined => {
    const found = counts.get(address)
    if (found === undefined || elapsed - found.opened < length) return found
    counts.delete(address)
    return undefined
  }
  return {
    note: (address, elapsed) => {
      const found = current(address, elapsed)
      if (found !== undefined) {
        found.count++
        if (found.count === threshold) return threshold
        return found.count > threshold ? 1 : 0
      }
      const [oldest] = counts.size >= most ? counts.keys() : []
      if (oldest !== undefined) counts.delete(oldest)
      counts.set(address, { opened: elapsed, count: 1 })
      return threshold === 1 ? 1 : 0
    },
    running: (address, elapsed) => (current(address, elapsed)?.count ?? 0) >= threshold,
  }
}
