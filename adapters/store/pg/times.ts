import type { Column, SQL } from 'drizzle-orm'
import { sql } from 'drizzle-orm'

// Times travel as numbers in both directions, because what a driver makes of a timestamptz depends on
// type parsers that others set for the whole process (Drizzle's neon-http does).

export const timeOf = (ms: number): SQL =>
  sql`to_timestamp(${String(ms)}::numeric / 1000)::timestamptz(3)`

export const msOf = (column: Column): SQL<number> =>
  sql`(extract(epoch from ${column}) * 1000)::bigint`.mapWith(Number)
