import type { Actor } from '../event/schema.ts'
import type { ActorInput, ActorResolver, AnyContext } from '../options.ts'

const TYPES = new Set<unknown>(['user', 'service', 'system', 'anonymous'])

/** Nobody said who it was: in a request that is `anonymous`, outside of one `system`. */
export const anonymous: Actor = { id: 'anonymous', type: 'anonymous' }
export const system: Actor = { id: 'system', type: 'system' }

const textOr = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : value === undefined || value === null ? undefined : String(value)

const party = (input: ActorInput): Actor => ({
  id: String(input.id),
  name: textOr(input.name),
  role: textOr(input.role),
  type: TYPES.has(input.type) ? (input.type ?? 'user') : 'user',
  via: textOr(input.via),
})

/** The snapshot of an actor that an app handed over; undefined when it names nobody. */
export const actorOf = (input: ActorInput | null | undefined): Actor | undefined => {
  if (input === null || input === undefined || typeof input !== 'object') return undefined
  if (input.id === undefined || input.id === null || input.id === '') return undefined
  const { onBehalfOf } = input
  if (onBehalfOf === undefined) return party(input)
  return { ...party(input), onBehalfOf: onBehalfOf.map(party) }
}

/** Asks the resolvers in turn. One that throws names nobody, and the next is asked. */
export const resolveActor = (
  resolvers: readonly ActorResolver[],
  c: AnyContext,
  onError: (where: string, error: unknown) => void,
): Actor | undefined | Promise<Actor | undefined> => {
  const ask = (index: number): Actor | undefined | Promise<Actor | undefined> => {
    const resolver = resolvers[index]
    if (resolver === undefined) return undefined
    try {
      const answer = resolver(c)
      if (!(answer instanceof Promise)) return actorOf(answer) ?? ask(index + 1)
      return answer.then(
        (input) => actorOf(input) ?? ask(index + 1),
        (error: unknown) => {
          onError('actor', error)
          return ask(index + 1)
        },
      )
    } catch (error) {
      onError('actor', error)
      return ask(index + 1)
    }
  }
  return ask(0)
}
