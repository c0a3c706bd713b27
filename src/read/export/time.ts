import { farthest } from '../parameters.ts'

const MINUTE = 60_000

const digits = (count: number, length: number): readonly string[] =>
  Array.from({ length }, (_, value) => String(value).padStart(count, '0'))

const seconds = /* @__PURE__ */ digits(2, 60)
const thousandths = /* @__PURE__ */ digits(3, 1_000)

/**
 * Milliseconds since 1970 as ISO 8601 in UTC; undefined for what is no such time. Neighbours in a
 * column mostly share their minute: it is told by Date once, which takes most of a microsecond.
 */
export const isoTimes = (): ((ms: unknown) => string | undefined) => {
  let minute = Number.NaN
  let told = ''
  return (ms) => {
    if (typeof ms !== 'number' || !Number.isInteger(ms) || Math.abs(ms) > farthest) return undefined
    const now = Math.floor(ms / MINUTE)
    if (now !== minute) {
      minute = now
      // Without the seconds, `00.000Z`.
      told = new Date(now * MINUTE).toISOString().slice(0, -7)
    }
    const rest = ms - now * MINUTE
    return `${told}${seconds[Math.floor(rest / 1_000)]}.${thousandths[rest % 1_000]}Z`
  }
}
