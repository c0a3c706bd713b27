import { isObject } from '../../event/data.ts'
import type { Condition } from '../../event/condition.ts'
import { refuse, time } from '../parameters.ts'
import { readers } from './readers.ts'
import { listOf, type Reader } from './values.ts'

// What a reader asks for, as it comes from JavaScript or from a URL, made into what stores are asked.
// Each bound keeps a question within what every database takes: D1 binds a hundred parameters.

/** Conditions of one question, those inside of `and`, `or` and `not` among them. */
const MOST_CONDITIONS = 20
const DEEPEST = 5

const span =
  (name: 'from' | 'to'): Reader =>
  (value, at) =>
    time[1](value) ? { column: 'occurredAt', [name]: Number(value) } : refuse(at, time[0])

const sizeOf = (condition: Condition): number => {
  if ('and' in condition) return condition.and.reduce((sum, one) => sum + sizeOf(one), 0)
  if ('or' in condition) return condition.or.reduce((sum, one) => sum + sizeOf(one), 0)
  if ('not' in condition) return sizeOf(condition.not)
  return 1
}

const names = [...Object.keys(readers), 'from', 'to', 'and', 'or', 'not']

const inner = (filter: unknown, at: string, depth: number): Condition => {
  if (!isObject(filter)) return refuse(at, 'an object')
  if (depth > DEEPEST) return refuse(at, `nested no deeper than ${DEEPEST}`)
  const each: Reader = (list, name) =>
    listOf(list, name).map((one, place) => inner(one, `${name}[${place}]`, depth + 1))
  const all: Readonly<Record<string, Reader>> = {
    ...readers,
    from: span('from'),
    to: span('to'),
    and: each,
    or: (list, name) => ({ or: [each(list, name)].flat() }),
    not: (one, name) => ({ not: inner(one, name, depth + 1) }),
  }
  const conditions = Object.entries(filter).flatMap(([name, value]) => {
    const read = Object.hasOwn(all, name) ? all[name] : undefined
    if (read === undefined) return refuse('every parameter', `one of ${names.join(', ')}`)
    return value === undefined ? [] : read(value, at === '' ? name : `${at}.${name}`)
  })
  return { and: conditions }
}

/**
 * What a store is asked, of what a reader asks for.
 * @throws {AuditError} AUDIT_QUERY_INVALID, naming the first member that is wrong.
 */
export const whereOf = (filter: unknown): Condition => {
  const condition = inner(filter, '', 1)
  if (sizeOf(condition) > MOST_CONDITIONS)
    return refuse('the query', `made of no more than ${MOST_CONDITIONS} conditions`)
  return condition
}
