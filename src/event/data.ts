import { parseJson } from './parse.ts'

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

// What others wrote is what they wrote: a member of another type is as good as none.

export const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : undefined

/** A number that something can be counted or measured with. */
export const amountOf = (value: unknown): number | undefined =>
  typeof value === 'number' && value >= 0 && Number.isFinite(value) ? value : undefined

/** The object that a stored record holds. Undefined when it holds none: the row still has its columns. */
export const objectIn = (record: string): Readonly<Record<string, unknown>> | undefined => {
  try {
    const value: unknown = parseJson(record)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** What a stored record holds as `data`; undefined when it is no JSON, or has none. */
export const dataOf = (record: string): Readonly<Record<string, unknown>> | undefined => {
  const data = objectIn(record)?.['data']
  return isObject(data) ? data : undefined
}
