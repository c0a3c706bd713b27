import type { EventRow, StoredRow } from '../../src/event/row.ts'
import type { Ledger } from '../../src/ports/ledger.ts'
import type { AuditStore, MigrateOptions } from '../../src/ports/store.ts'
import { outside } from '../../src/runtime/outside.ts'
import { type Classify, guarded } from './failure.ts'
import { isArchived } from './keep/archived.ts'
import type { LedgerRunner } from './keep/words.ts'
import type { QueryingStore, QueryRunner } from './query/words.ts'

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
  let known: QueryingStore | undefined
  let books: Ledger | undefined
  const loadReader = async (): Promise<QueryingStore> => {
    const { readerOf } = await import('./query/reader.ts')
    return readerOf(await database.runner())
  }
  const loadLedger = async (): Promise<Ledger> => {
    const { guardedLedger } = await import('./keep/guarded.ts')
    return guardedLedger(await database.ledger(), classify)
  }
  const reader = async (): Promise<QueryingStore> => (known ??= await outside(loadReader))
  const ledger = async (): Promise<Ledger> => (books ??= await outside(loadLedger))
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
    isArchived: async (query) => isArchived(await ledger(), query),
    ledger,
    migrate: (options) => guarded(() => outside(() => database.migrate(options)), classify),
    close: () => guarded(() => database.close(), classify),
  }
}
