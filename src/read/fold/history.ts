import { isObject } from '../../event/data.ts'
import { byTime } from '../../event/order.ts'
import type { Actor, AuditEvent } from '../../event/schema.ts'

/** Who did something to a thing, and when. */
export interface Deed {
  readonly by: Actor
  readonly at: number
  /** The id of the event. */
  readonly event: string
}

/** What became of one field of a thing. */
export interface FieldView extends Deed {
  readonly name: string
  /** What it was set to last, as it is kept: masked where it is a secret. Undefined when it was removed. */
  readonly value: unknown
  /** How often it was changed. */
  readonly changes: number
}

export interface Folded {
  /** By name. */
  readonly fields: readonly FieldView[]
  /** The last time that it was created; undefined when no event tells. */
  readonly created: Deed | undefined
  /** Undefined when it was not deleted, or created again afterwards. */
  readonly deleted: Deed | undefined
}

const deedOf = ({ actor, occurredAt, id }: AuditEvent): Deed => ({
  by: actor,
  at: occurredAt,
  event: id,
})

/** Of a change any `noun.create`, as summaries count them; of an event of the app's own, that of the thing. */
const isDone = ({ kind, action }: AuditEvent, type: string, verb: string): boolean => {
  if (kind === 'change') return action === verb || action.endsWith(`.${verb}`)
  return kind === 'custom' && action === `${type.toLowerCase()}.${verb}`
}

/**
 * What the events about a thing of this type, as their first target, make of it, in whatever order they
 * come. What did not succeed changed nothing.
 */
export const foldHistory = (events: readonly AuditEvent[], type: string): Folded => {
  const fields = new Map<string, FieldView>()
  let created: Deed | undefined
  let deleted: Deed | undefined
  for (const event of events.toSorted(byTime)) {
    if (event.outcome !== 'success') continue
    if (isDone(event, type, 'create')) [created, deleted] = [deedOf(event), undefined]
    if (isDone(event, type, 'delete')) deleted = deedOf(event)
    if (!isObject(event.changes)) continue
    for (const [name, change] of Object.entries(event.changes)) {
      const value = isObject(change) ? change['new'] : undefined
      const changes = (fields.get(name)?.changes ?? 0) + 1
      fields.set(name, { ...deedOf(event), name, value, changes })
    }
  }
  const byName = (one: FieldView, other: FieldView): number => (one.name < other.name ? -1 : 1)
  return { fields: [...fields.values()].toSorted(byName), created, deleted }
}
