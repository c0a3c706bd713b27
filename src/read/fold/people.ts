import type { Actor, AuditEvent } from '../../event/schema.ts'

/** Each actor once, as the first of the events knew them. */
export const actorsOf = (events: readonly AuditEvent[]): readonly Actor[] => {
  const known = new Map<string, Actor>()
  for (const { actor } of events) {
    const key = `${actor.type} ${actor.id}`
    if (!known.has(key)) known.set(key, actor)
  }
  return [...known.values()]
}

/** Each request once, in the order of the events. */
export const requestIdsOf = (events: readonly AuditEvent[]): readonly string[] => [
  ...new Set(events.flatMap(({ request }) => request?.id ?? [])),
]
