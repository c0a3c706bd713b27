import type { SQL } from 'drizzle-orm'
import { sql } from 'drizzle-orm'
import type { LedgerRunner } from './words.ts'

/** Runs all statements or none, and tells whether something is so behind them: over HTTP in one request. */
export const changed = async (
  { returning }: Pick<LedgerRunner, 'returning'>,
  statements: readonly SQL[],
  isSo: SQL,
): Promise<boolean> => {
  const asked = sql`select 1 as yes where ${isSo}`
  return (await returning([...statements, asked], ['yes'])).length > 0
}
