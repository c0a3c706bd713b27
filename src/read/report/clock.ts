import { farthest } from '../../event/time.ts'

// Formatting a time takes some microseconds, and an offset as many: what a row costs is put together of
// what is known of its day, for all languages write the hours, minutes and seconds alike.

export const DAY = 86_400_000
const HOUR = 3_600_000
const MINUTE = 60_000

/** No zone changes its clocks twice within so long. */
const SPAN = 6 * HOUR

/** Zones of the first century: `Date.UTC` takes their years for others. */
const EARLIEST = -59_000_000_000_000

/** Tells times in a zone and a language. A day is the number of days since 1970 on the wall there. */
export interface Clock {
  /** With its ms; where the clocks were set back and it came twice, with its offset. */
  readonly time: (at: number) => string
  readonly dayOf: (at: number) => number
  readonly isMidnight: (at: number) => boolean
  readonly date: (day: number) => string
  /** `Jan 5`, for an axis. */
  readonly shortDate: (day: number) => string
  readonly month: (day: number) => string
  readonly year: (day: number) => string
  /** `UTC-03:00` */
  readonly offset: (at: number) => string
}

const remembering = <Value>(make: (key: number) => Value): ((key: number) => Value) => {
  const known = new Map<number, Value>()
  return (key) => {
    const found = known.get(key)
    if (found !== undefined) return found
    if (known.size >= 1_000) known.clear()
    const made = make(key)
    known.set(key, made)
    return made
  }
}

const within = (at: number): number => Math.min(farthest, Math.max(-farthest, at))

/** The ms that the wall is ahead of UTC. */
const offsetsOf = (timeZone: string): ((at: number) => number) => {
  const zone = new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  const read = (at: number): number => {
    const told = within(at)
    if (told < EARLIEST) return 0
    const [month = 1, day = 1, year = 1970, hour = 0, minute = 0, second = 0] = (
      zone.format(told).match(/\d+/g) ?? []
    ).map(Number)
    const wall = Date.UTC(year, month - 1, day, hour, minute, second)
    // On the last day that there is, some walls are ahead of it.
    return Number.isNaN(wall) ? 0 : wall - Math.floor(told / 1_000) * 1_000
  }
  const atStart = remembering((span) => read(span * SPAN))
  return (at) => {
    const span = Math.floor(at / SPAN)
    const before = atStart(span)
    return before === atStart(span + 1) ? before : read(at)
  }
}

const offsetText = (offset: number): string => {
  const minutes = Math.floor(Math.abs(offset) / MINUTE)
  const two = (number: number): string => String(number).padStart(2, '0')
  return `UTC${offset < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`
}

/** Writes a time of the wall, given as the ms since 1970 that it would be in UTC. */
const writing = (
  language: string,
  dates: Intl.DateTimeFormatOptions,
): ((wall: number) => string) => {
  const whole = new Intl.DateTimeFormat(language, {
    ...dates,
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    fractionalSecondDigits: 3,
    hourCycle: 'h23',
    timeZone: 'UTC',
  })
  const plain = (minimumIntegerDigits: number): ((number: number) => string) => {
    const format = new Intl.NumberFormat(language, { minimumIntegerDigits, useGrouping: false })
    return (number) => format.format(number)
  }
  const two = Array.from({ length: 60 }, (_, number) => plain(2)(number))
  const three = remembering(plain(3))
  const parts = whole.formatToParts(0)
  const from = parts.findIndex(({ type }) => type === 'hour')
  const to = parts.findIndex(({ type }) => type === 'fractionalSecond')
  const midnight = parts.slice(from, to + 1)
  const zero = midnight.map(({ value }) => value).join('')
  const [hours = ':', minutes = ':', seconds = '.'] = midnight
    .filter(({ type }) => type === 'literal')
    .map(({ value }) => value)
  /** What stands before the time of this day, and behind it. */
  const around = remembering((day): readonly [string, string] | 'unknown' => {
    const text = whole.format(within(day * DAY))
    const at = text.indexOf(zero)
    return at === -1 ? 'unknown' : [text.slice(0, at), text.slice(at + zero.length)]
  })
  return (wall) => {
    const day = Math.floor(wall / DAY)
    const frame = around(day)
    if (frame === 'unknown') return whole.format(wall)
    const ms = wall - day * DAY
    const hour = two[Math.floor(ms / HOUR)] ?? ''
    const minute = two[Math.floor(ms / MINUTE) % 60] ?? ''
    const second = two[Math.floor(ms / 1_000) % 60] ?? ''
    return `${frame[0]}${hour}${hours}${minute}${minutes}${second}${seconds}${three(ms % 1_000)}${frame[1]}`
  }
}

/** @throws {RangeError} for a zone or a language that the platform does not know. */
export const clockOf = (
  language: string,
  timeZone: string,
  dates: Intl.DateTimeFormatOptions,
): Clock => {
  const offsetAt = offsetsOf(timeZone)
  const write = writing(language, dates)
  const days = (options: Intl.DateTimeFormatOptions): ((day: number) => string) => {
    const format = new Intl.DateTimeFormat(language, { ...options, timeZone: 'UTC' })
    return (day) => format.format(within(day * DAY))
  }
  const wallOf = (at: number): number => within(at + offsetAt(at))
  const comesTwice = (at: number): boolean => {
    const offset = offsetAt(at)
    return [at - HOUR * 3, at + HOUR * 3].some((near) => {
      const other = offsetAt(near)
      return other !== offset && offsetAt(at + offset - other) === other
    })
  }
  return {
    time: (at) => {
      if (!Number.isFinite(at)) return String(at)
      const text = write(wallOf(at))
      return comesTwice(at) ? `${text} (${offsetText(offsetAt(at))})` : text
    },
    dayOf: (at) => Math.floor(wallOf(at) / DAY),
    isMidnight: (at) => wallOf(at) % DAY === 0,
    date: days(dates),
    shortDate: days({ day: dates.day, month: dates.month }),
    month: days({ month: 'short', year: 'numeric' }),
    year: days({ year: 'numeric' }),
    offset: (at) => offsetText(offsetAt(at)),
  }
}
