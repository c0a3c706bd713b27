interface Placed {
  readonly id: string
  readonly occurredAt: number
}

/** The order of events: by time, those of one time by id. */
export const byTime = (one: Placed, other: Placed): number => {
  if (one.occurredAt !== other.occurredAt) return one.occurredAt - other.occurredAt
  if (one.id === other.id) return 0
  return one.id < other.id ? -1 : 1
}
