import type { Actor } from '../event/schema.ts'
import type { ActorInput, ActorResolver, AnyContext } from '../input.ts'
import { property } from '../runtime/ambient.ts'
import { within } from '../runtime/within.ts'

const TYPES: ReadonlySet<unknown> = new Set(['user', 'service', 'system', 'anonymous'])

const isType = (value: unknown): value is Actor['type'] => TYPES.has(value)

/** Nobody said who it was: in a request that is `anonymous`, outside of one `system`. */
export const anonymous: Actor = { id: 'anonymous', type: 'anonymous' }
export const system: Actor = { id: 'system', type: 'system' }

/** A value as text; undefined for nothing, and for what has no text. */
export const textOf = (value: unknown): string | undefined => {
  if (typeof value === 'string') return value
  if (value === undefined || value === null) return undefined
  try {
    return String(value)
  } catch {
    // An object without toString(): there is nothing that could be told of it.
    return undefined
  }
}

/** Types do not bind JavaScript callers, nor what comes out of a token or a database. */
const partyOf = (input: unknown): Actor | undefined => {
  const id = textOf(property(input, 'id'))
  if (id === undefined || id === '') return undefined
  const type = property(input, 'type')
  return {
    id,
    name: textOf(property(input, 'name')),
    role: textOf(property(input, 'role')),
    type: isType(type) ? type : 'user',
    via: textOf(property(input, 'via')),
  }
}

/** The snapshot of an actor that an app handed over; undefined when it names nobody. */
export const actorOf = (input: ActorInput | null | undefined): Actor | undefined => {
  if (input === null || input === undefined) return undefined
  try {
    const actor = partyOf(input)
    const { onBehalfOf } = input
    if (actor === undefined || !Array.isArray(onBehalfOf)) return actor
    return { ...actor, onBehalfOf: onBehalfOf.flatMap((party) => partyOf(party) ?? []) }
  } catch {
    // A getter of the app's that throws: what cannot be read names nobody.
    return undefined
  }
}

/** Also what is no Promise of this realm, such as a query of Drizzle. */
const isThenable = (value: unknown): value is PromiseLike<ActorInput | null | undefined> =>
  typeof property(value, 'then') === 'function'

export interface Resolving {
  readonly onError: (where: string, error: unknown) => void
  /** Ms that one resolver may take: a response or the runtime may have to wait for it. */
  readonly patience: number
}

/** Asks the resolvers in turn. One that throws, or is too slow, names nobody, and the next is asked. */
export const resolveActor = (
  resolvers: readonly ActorResolver[],
  c: AnyContext,
  { onError, patience }: Resolving,
): Actor | undefined | Promise<Actor | undefined> => {
  const ask = (index: number): Actor | undefined | Promise<Actor | undefined> => {
    const resolver = resolvers[index]
    if (resolver === undefined) return undefined
    const others = (): ReturnType<typeof ask> => ask(index + 1)
    const failed = (error: unknown): ReturnType<typeof ask> => {
      onError('actor', error)
      return others()
    }
    try {
      const answer = resolver(c)
      if (!isThenable(answer)) return actorOf(answer) ?? others()
      return within(answer, patience).then((found) => actorOf(found) ?? others(), failed)
    } catch (error) {
      return failed(error)
    }
  }
  return ask(0)
}
