import type { TestProject } from 'vitest/node'
import { startPostgres } from './postgres.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** The address of a PostgreSQL 18; make a database of your own there. */
    postgresUrl: string
  }
}

/** Vitest's globalSetup: the servers that are too slow to start for each file. */
export const setup = async ({ provide }: TestProject): Promise<() => Promise<void>> => {
  const postgres = await startPostgres()
  provide('postgresUrl', postgres.url)
  return () => postgres.stop()
}
