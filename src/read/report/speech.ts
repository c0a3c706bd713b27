import { isObject } from '../../event/data.ts'
import { isText, refuse } from '../parameters.ts'
import { type Clock, clockOf, DAY } from './clock.ts'
import { en } from './words/en.ts'
import { pt } from './words/pt.ts'
import type { Counted, ReportWords } from './words/words.ts'

/** A language that comes with the library, or the words of another. */
export type ReportLanguage = 'en' | 'pt' | ReportWords

/** How a report says what it says: its words, its numbers and its times. */
export interface Speech {
  readonly words: ReportWords
  readonly clock: Clock
  readonly timeZone: string
  readonly number: (value: number) => string
  readonly counted: (say: Counted, count: number) => string
  /** One of these texts: `a, b or c`. */
  readonly any: (texts: readonly string[]) => string
  readonly duration: (ms: number) => string
}

const shipped: Readonly<Record<string, ReportWords>> = { en, pt }

/** A member for each of the other's, of the same type. */
const isLike = (value: unknown, like: unknown): boolean =>
  isObject(like)
    ? isObject(value) && Object.entries(like).every(([name, one]) => isLike(value[name], one))
    : typeof value === typeof like

const isWords = (value: unknown): value is ReportWords => isLike(value, en)

const wordsOf = (language: unknown): ReportWords => {
  if (isWords(language)) return language
  const found =
    typeof language === 'string' && Object.hasOwn(shipped, language) ? shipped[language] : undefined
  return (
    found ?? refuse('language', `one of ${Object.keys(shipped).join(', ')}, or words like those`)
  )
}

/** What a platform refuses to know, it refuses by a RangeError. */
const isKnown = (language: string, timeZone?: string): boolean => {
  try {
    return new Intl.DateTimeFormat(language, { timeZone }).resolvedOptions().locale !== ''
  } catch {
    return false
  }
}

const durations =
  ({ units }: ReportWords, number: (value: number) => string) =>
  (ms: number): string => {
    if (ms < 1_000) return `${number(ms)} ${units.ms}`
    if (ms < 60_000) return `${number(ms / 1_000)} ${units.s}`
    const all = Math.round(ms / 1_000)
    const parts: readonly (readonly [number, string])[] = [
      [Math.floor((all * 1_000) / DAY), units.d],
      [Math.floor(all / 3_600) % 24, units.h],
      [Math.floor(all / 60) % 60, units.min],
      [all % 60, units.s],
    ]
    // Two of them say enough: nobody counts the seconds of a process of days.
    const first = parts.findIndex(([amount]) => amount > 0)
    return parts
      .slice(first, first + 2)
      .filter(([amount]) => amount > 0)
      .map(([amount, unit]) => `${number(amount)} ${unit}`)
      .join(' ')
  }

/** @throws {AuditError} AUDIT_QUERY_INVALID, naming `language` or `timeZone`. */
export const speechOf = (language: unknown, timeZone: unknown): Speech => {
  const words = wordsOf(language)
  if (!isKnown(words.language)) return refuse('language', 'words whose `language` is a BCP 47 tag')
  if (!isText(timeZone) || !isKnown(words.language, timeZone))
    return refuse('timeZone', 'an IANA time zone, such as Europe/Lisbon')
  const numbers = new Intl.NumberFormat(words.language, { maximumFractionDigits: 3 })
  const list = new Intl.ListFormat(words.language, { type: 'disjunction' })
  const number = (value: number): string => numbers.format(value)
  return {
    words,
    clock: clockOf(words.language, timeZone, words.dates),
    timeZone,
    number,
    counted: (say, count) => say(count, number(count)),
    any: (texts) => list.format(texts),
    duration: durations(words, number),
  }
}
