import type { EventRow, StoredRow } from '../../src/event/row.ts'
import type { AuditStore, MigrateOptions, ReadingStore } from '../../src/ports/store.ts'
import { type Classify, guarded } from './failure.ts'
import type { LedgerRunner } from './keep/words.ts'
import type { QueryRunner } from './query/words.ts'

/** What a database does for its store. */
export interface Database {
  readonly classify: Classify
  /** Never asked for no rows. */
  append(rows: readonly EventRow[], signal?: AbortSignal): Promise<unknown>
  runner(): Promise<QueryRunner<StoredRow>>
  ledger(): Promise<LedgerRunner>
  migrate(options?: MigrateOptions): Promise<readonly string[]>
  close(): Promise<void>
}

/** The store of a database. What reads is loaded when somebody reads: every request is written only. */
export const storeOf = ({ classify, ...database }: Database): AuditStore => {
  let known: ReadingStore | undefined
  const reader = async (): Promise<ReadingStore> =>
    (known ??= (await import('./query/reader.ts')).readerOf(await database.runner()))
  return {
    append: (rows, { signal } = {}) =>
      guarded(
        async () => {
          if (rows.length > 0) await database.append(rows, signal)
        },
        classify,
        signal,
      ),
    page: (query) => guarded(async () => (await reader()).page(query), classify),
    count: (query) => guarded(async () => (await reader()).count(query), classify),
    get: (id) => guarded(async () => (await reader()).get(id), classify),
    summary: (query) => guarded(async () => (await reader()).summary(query), classify),
    ledger: async () => {
      const { guardedLedger } = await import('./keep/guarded.ts')
      return guardedLedger(await database.ledger(), classify)
    },
    migrate: (options) => guarded(() => database.migrate(options), classify),
    close: () => guarded(() => database.close(), classify),
  }
}
