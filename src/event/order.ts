/** A place in the order of `(occurredAt, id)`. */
export interface Position {
  readonly occurredAt: number
  readonly id: string
}

/** The order of events: by time, those of one time by id. */
export const byTime = (one: Position, other: Position): number => {
  if (one.occurredAt !== other.occurredAt) return one.occurredAt - other.occurredAt
  if (one.id === other.id) return 0
  return one.id < other.id ? -1 : 1
}
