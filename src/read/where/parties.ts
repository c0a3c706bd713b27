import { any } from '../../event/alternatives.ts'
import { isObject } from '../../event/data.ts'
import type { Condition } from '../../event/condition.ts'
import { actorTypes, refuse } from '../parameters.ts'
import { isShort, listOf, type Reader, textsOf } from './values.ts'

interface Party {
  readonly id?: string
  readonly type?: string
}

const types = Object.keys(actorTypes)

const hasOnly = (value: object, ...names: readonly string[]): boolean =>
  Object.keys(value).every((name) => names.includes(name))

const isParty = (value: unknown): value is Party =>
  isObject(value) &&
  hasOnly(value, 'id', 'type') &&
  (value['id'] === undefined || isShort(value['id'])) &&
  (value['type'] === undefined || types.includes(String(value['type']))) &&
  (value['id'] !== undefined || value['type'] !== undefined)

const partiesOf = (value: unknown, at: string): readonly Party[] =>
  listOf(value, at).map((one) => {
    if (isShort(one)) return { id: one }
    return isParty(one)
      ? one
      : refuse(at, `an id, or an object with an id, or a type of ${types.join(', ')}`)
  })

/** Those of one type, or of any, together: an index looks for a list of ids. */
const byType = (
  parties: readonly Party[],
  make: (type: string | undefined, ids: readonly string[] | undefined) => Condition,
): Condition => {
  const all = [...new Set(parties.map(({ type }) => type))]
  return any(
    all.map((type) => {
      const same = parties.filter((party) => party.type === type)
      const ids = same.flatMap(({ id }) => id ?? [])
      // One without an id stands for all of its type.
      return make(type, ids.length < same.length ? undefined : ids)
    }),
  )
}

export const actor: Reader = (value, at) =>
  byType(partiesOf(value, at), (type, ids) => {
    const byId: Condition[] = ids === undefined ? [] : [{ column: 'actorId', in: ids }]
    const ofType: Condition[] = type === undefined ? [] : [{ column: 'actorType', in: [type] }]
    const [only, ...more] = [...byId, ...ofType]
    return only !== undefined && more.length === 0 ? only : { and: [...byId, ...ofType] }
  })

export const onBehalfOf: Reader = (value, at) =>
  byType(partiesOf(value, at), (type, ids) => ({ some: 'onBehalfOf', type, ids }))

export const target: Reader = (value, at) =>
  any(
    listOf(value, at).map((one): Condition => {
      if (!isObject(one) || !hasOnly(one, 'id', 'type') || !isShort(one['type']))
        return refuse(at, 'an object with a type, and perhaps an id')
      const ids = one['id'] === undefined ? undefined : textsOf(one['id'], `${at}.id`)
      return { some: 'targets', type: one['type'], ids }
    }),
  )
