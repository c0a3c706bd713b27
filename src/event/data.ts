export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** What a stored record holds as `data`; undefined when it is no JSON, or has none. */
export const dataOf = (record: string): Readonly<Record<string, unknown>> | undefined => {
  try {
    const event: unknown = JSON.parse(record)
    return isObject(event) && isObject(event['data']) ? event['data'] : undefined
  } catch {
    // Not lost: the row still counts by its columns.
    return undefined
  }
}
