/** One window of one caller. */
interface Window {
  readonly from: number
  count: number
}

/** Callers that are remembered at once: beyond it the one whose window began first is forgotten. */
const MOST = 10_000

/** What a caller who asked too often is told. */
export interface Refusal {
  /** Ms until the window is over. */
  readonly wait: number
  /** It is the first of this window. */
  readonly isFirst: boolean
}

/**
 * Counts by windows: `most` within `per` ms, from the first on. In memory, of bounded size.
 */
export const counting = (
  most: number,
  per: number,
): ((caller: string, now: number) => Refusal | undefined) => {
  // In the order in which the windows began.
  const windows = new Map<string, Window>()
  const forget = (now: number): void => {
    for (const [caller, { from }] of windows) {
      if (now - from < per && windows.size < MOST) return
      windows.delete(caller)
    }
  }
  return (caller, now) => {
    const window = windows.get(caller)
    // A clock that went back begins anew, too.
    if (window === undefined || now - window.from >= per || now < window.from) {
      windows.delete(caller)
      forget(now)
      windows.set(caller, { from: now, count: 1 })
      return undefined
    }
    window.count += 1
    if (window.count <= most) return undefined
    return { wait: window.from + per - now, isFirst: window.count === most + 1 }
  }
}
