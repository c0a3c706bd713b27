import type { SQL } from 'drizzle-orm'
import { sql } from 'drizzle-orm'

// Times travel as numbers in both directions, because what a driver makes of a timestamptz depends on
// type parsers that others set for the whole process (Drizzle's neon-http does).

export const timeOf = (ms: number): SQL =>
  sql`to_timestamp(${String(ms)}::numeric / 1000)::timestamptz(3)`

/** A column in ms. As a double, which is exact here when it is rounded; `extract` is a slow numeric. */
export const asMs = (column: SQL): SQL => sql`(date_part('epoch', ${column}) * 1000)::bigint`
