import type { Condition } from '../../event/condition.ts'
import { isText, refuse } from '../parameters.ts'

/** Values of one parameter. */
const MOST_VALUES = 1_000
/** UTF-16 units of one value. */
const LONGEST = 1_000

/** Makes conditions of the value of a parameter, or refuses it by the name `at`. */
export type Reader = (value: unknown, at: string) => Condition | readonly Condition[]

export const listOf = (value: unknown, at: string): readonly unknown[] => {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value]
  return list.length > MOST_VALUES ? refuse(at, `no more than ${MOST_VALUES} values`) : list
}

export const isShort = (value: unknown): value is string => isText(value) && value.length <= LONGEST

export const isTextOrNull = (value: unknown): value is string | null =>
  value === null || isShort(value)

export const shortText = `a text of no more than ${LONGEST} characters`

export const textsOf = (value: unknown, at: string): readonly string[] => {
  const list = listOf(value, at)
  return list.every(isShort) ? list : refuse(at, `${shortText}, or a list of such`)
}
