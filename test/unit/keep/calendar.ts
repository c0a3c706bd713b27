// Time as a person reckons it: another way than that of src/keep/policy/duration.ts.

const isLeap = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)

const daysIn = (year: number, month: number): number =>
  [31, isLeap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? Number.NaN

/** The same day and time of day so many months later; or when that month is over, if it lacks the day. */
const monthsLater = (from: number, months: number): number => {
  const [, year = '', month = '', day = '', time = ''] =
    /^([+-]?\d+)-(\d\d)-(\d\d)T(.+)Z$/.exec(new Date(from).toISOString()) ?? []
  const count = Number(year) * 12 + Number(month) - 1 + months
  const [y, m] = [Math.floor(count / 12), (count % 12) + 1]
  const at = (year: number, month: number, day: string, time: string): number =>
    Date.parse(`${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${day}T${time}Z`)
  if (Number(day) <= daysIn(y, m)) return at(y, m, day, time)
  return m === 12 ? at(y + 1, 1, '01', '00:00:00.000') : at(y, m + 1, '01', '00:00:00.000')
}

const lengths: Readonly<Record<string, number>> = {
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
}

/** The first ms at which something of that time is so old. */
export const later = (from: number, duration: string | number): number => {
  if (typeof duration === 'number') return from + duration
  const [, count, unit = ''] = /^(\d+)(\w+)$/.exec(duration) ?? []
  if (unit === 'mo') return monthsLater(from, Number(count))
  if (unit === 'y') return monthsLater(from, Number(count) * 12)
  return from + Number(count) * (lengths[unit] ?? Number.NaN)
}
