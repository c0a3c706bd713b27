import { farthest } from '../../event/time.ts'

const DAY = 86_400_000

const digits = (count: number, length: number): readonly string[] =>
  Array.from({ length }, (_, value) => String(value).padStart(count, '0'))

const sixty = /* @__PURE__ */ digits(2, 60)
const thousand = /* @__PURE__ */ digits(3, 1_000)

/**
 * Milliseconds since 1970 as ISO 8601 in UTC; undefined for what is no such time. Neighbours in a
 * column mostly share their day: it is told by Date once, which takes most of a microsecond.
 */
export const isoTimes = (): ((ms: unknown) => string | undefined) => {
  let day = Number.NaN
  let told = ''
  return (ms) => {
    if (typeof ms !== 'number' || !Number.isInteger(ms) || Math.abs(ms) > farthest) return undefined
    const now = Math.floor(ms / DAY)
    if (now !== day) {
      day = now
      // Up to the `T`.
      told = new Date(now * DAY).toISOString().slice(0, -13)
    }
    const rest = ms - now * DAY
    const seconds = Math.floor(rest / 1_000)
    const minutes = Math.floor(seconds / 60)
    const hours = sixty[Math.floor(minutes / 60)]
    return `${told}${hours}:${sixty[minutes % 60]}:${sixty[seconds % 60]}.${thousand[rest % 1_000]}Z`
  }
}
