import { network } from '../../event/address.ts'
import { actionIn, any, split, withPrefixes } from '../../event/alternatives.ts'
import { isObject } from '../../event/data.ts'
import { KINDS } from '../../event/kind.ts'
import type { Condition, FilterColumn, MemberPath, Scalar } from '../../event/condition.ts'
import type { EventFilter } from '../filter.ts'
import { outcomes, refuse } from '../parameters.ts'
import { actor, onBehalfOf, target } from './parties.ts'
import { isShort, isTextOrNull, listOf, type Reader, shortText, textsOf } from './values.ts'

const column =
  (name: FilterColumn): Reader =>
  (value, at) => {
    const list = listOf(value, at)
    return list.every(isTextOrNull)
      ? { column: name, in: list }
      : refuse(at, `${shortText}, or null for none`)
  }

const wordOf =
  (name: 'kind' | 'outcome', words: readonly string[]): Reader =>
  (value, at) => {
    const list = textsOf(value, at)
    return list.every((one) => words.includes(one))
      ? { column: name, in: list }
      : refuse(at, `one of ${words.join(', ')}`)
  }

const action: Reader = (value, at) => actionIn(textsOf(value, at))

const path: Reader = (value, at) =>
  withPrefixes(
    textsOf(value, at),
    (whole) => ({ member: ['request', 'path'], in: whole }),
    (prefix) => ({ member: ['request', 'path'], prefix }),
  )

const member =
  (at: MemberPath): Reader =>
  (value, name) => ({ member: at, in: textsOf(value, name) })

const statusClass = /^([1-5])xx$/

const status: Reader = (value, at) => {
  const list = listOf(value, at)
  const isExact = (one: unknown): one is number | null => one === null || Number.isSafeInteger(one)
  const exact = list.filter(isExact)
  const classes = list
    .filter((one) => !isExact(one))
    .map((one): Condition => {
      const [, digit] = statusClass.exec(String(one)) ?? []
      if (digit === undefined)
        return refuse(at, 'a whole number, a class such as 5xx, or null for none')
      return { column: 'status', from: Number(digit) * 100, to: Number(digit) * 100 + 100 }
    })
  return split(exact, classes, (values) => ({ column: 'status', in: values }))
}

const ip: Reader = (value, at) => {
  const list = listOf(value, at)
  if (!list.every(isTextOrNull))
    return refuse(at, 'an address, a network such as 10.0.0.0/8, or null for none')
  const isNetwork = (one: string | null): one is string => one?.includes('/') === true
  const exact = list.filter((one) => !isNetwork(one))
  const networks = list
    .filter(isNetwork)
    .map((one): Condition =>
      network(one) === undefined
        ? refuse(at, 'an address, or a network such as 10.0.0.0/8')
        : { network: one },
    )
  return split(exact, networks, (values) => ({ column: 'ip', in: values }))
}

const isName = (name: string): boolean => name !== '' && !/["\\]/.test(name)

const isScalar = (value: unknown): value is Scalar =>
  isTextOrNull(value) ||
  typeof value === 'boolean' ||
  (typeof value === 'number' && Number.isFinite(value))

const metadata: Reader = (value, at) => {
  if (!isObject(value)) return refuse(at, 'an object of paths')
  return Object.entries(value).map(([written, wanted]) => {
    const names = written.split('.')
    if (!isShort(written) || names.length > 16 || !names.every(isName))
      return refuse(at, 'an object whose names are paths, without quotes and backslashes')
    if (!isScalar(wanted))
      return refuse(`${at}.${written}`, 'a text, a number, true, false or null')
    return { member: ['metadata', ...names], in: [wanted] }
  })
}

/** Words, and what stands between quotes. */
const terms = /"([^"]+)"|[^\s"]+/g

const text: Reader = (value, at) => {
  if (!isShort(value) || value.trim() === '') return refuse(at, shortText)
  return [...value.matchAll(terms)].map(([word, quoted]) => ({ text: quoted ?? word }))
}

/** How each member of a filter is read, but for its span and what is inside of it. */
export const readers: Readonly<
  Record<Exclude<keyof EventFilter, 'from' | 'to' | 'and' | 'or' | 'not'>, Reader>
> = {
  tenant: column('tenant'),
  kind: wordOf('kind', KINDS),
  action,
  outcome: wordOf('outcome', Object.keys(outcomes)),
  actor,
  onBehalfOf,
  target,
  requestId: column('requestId'),
  traceId: member(['request', 'traceId']),
  batchId: member(['metadata', 'batchId']),
  method: column('method'),
  route: column('route'),
  path,
  status,
  ip,
  userAgent: (value, at) =>
    isShort(value) && value !== ''
      ? { member: ['request', 'userAgent'], contains: value }
      : refuse(at, shortText),
  minDurationMs: (value, at) =>
    typeof value === 'number' && Number.isFinite(value)
      ? { member: ['data', 'durationMs'], least: value }
      : refuse(at, 'a number of ms'),
  changed: (value, at) =>
    any(textsOf(value, at).map((name) => ({ member: ['changes'], has: name }))),
  metadata,
  text,
}
