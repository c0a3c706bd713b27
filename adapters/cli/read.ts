import { readFile } from 'node:fs/promises'
import { type Duration, durations, spanOf } from '../../src/keep/policy/duration.ts'
import type { Policy } from '../../src/keep/policy/policy.ts'

const isDuration = (value: string): value is Exclude<Duration, number> =>
  spanOf(value) !== undefined

/** @throws when it is none. */
export const durationOf = (text: string, name: string): Duration => {
  if (!isDuration(text)) throw new Error(`--${name} must be a duration ${durations}.`)
  return text
}

const units: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 }

/** Ms of `90s`, `10m` or `2h`. */
export const budgetOf = (text: string): number => {
  const [, count, unit = ''] = /^([1-9]\d{0,4})([smh])$/.exec(text) ?? []
  const ms = Number(count) * (units[unit] ?? Number.NaN)
  if (Number.isNaN(ms) || ms > 86_400_000)
    throw new Error(`--budget must be such as '90s', '10m' or '2h', at most a day.`)
  return ms
}

const iso = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:\d\d))?$/

/** Ms since 1970 of a day, which begins in UTC, or of a time with its offset. */
export const timeOf = (text: string, name: string): number => {
  const ms = iso.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(ms))
    throw new Error(`--${name} must be a day, 2026-01-31, or a time, 2026-01-31T12:00Z.`)
  return ms
}

const isList = (value: unknown): value is readonly Policy[] => Array.isArray(value)

/** The policies of a JSON file; what each may be is told by `keep`. */
export const policiesIn = async (path: string): Promise<readonly Policy[]> => {
  const text = await readFile(path, 'utf8')
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new Error('The file of --policies is no JSON.', { cause })
  }
  if (!isList(value)) throw new Error('The file of --policies must hold a list of policies.')
  return value
}
