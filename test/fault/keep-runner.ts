// Keeps a trail until it is killed, or writes some batches to it; run by keep-kill.test.ts. It says each
// step that it took, so that the kill hits between two of them, or in the middle of one.
import { writeSync } from 'node:fs'
import process from 'node:process'
import { directory } from '../../adapters/archive/directory.ts'
import { libsql } from '../../adapters/store/libsql.ts'
import { createAudit } from '../../src/audit.ts'
import { isAuditError } from '../../src/errors.ts'
import { keep } from '../../src/keep/keep.ts'
import type { AuditStore } from '../../src/ports/store.ts'
import { batchOf } from './keep-rows.ts'

const [what = '', url = '', home = '', now = '0', first = '0', count = '0'] = process.argv.slice(2)

/** The object, whose calls are said when they are through. */
const told = <Port extends object>(port: Port): Port =>
  new Proxy(port, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name)
      if (typeof member !== 'function' || name === 'list') return member
      return async (...given: readonly unknown[]): Promise<unknown> => {
        const result: unknown = await Reflect.apply(member, target, given)
        // Not console.log: what was said is said, whatever happens next.
        writeSync(1, `${String(name)}\n`)
        return result
      }
    },
  })

const store = libsql({ url, pragmas: ['journal_mode = WAL', 'busy_timeout = 20000'] })

const write = async (): Promise<void> => {
  for (let batch = Number(first); batch < Number(first) + Number(count); batch += 1)
    await store.append(batchOf(batch, Number(now)))
  await store.close()
}

/** In small segments, so that there are many steps. */
const keepOn = async (): Promise<never> => {
  const shown: AuditStore = { ...store, ledger: async () => told(await store.ledger()) }
  const audit = createAudit({ store: shown })
  const to = told(directory(home))
  for (;;) {
    try {
      await keep(audit, { archiveAfter: '30d', to, segmentRows: 15 })
    } catch (error) {
      // The file is the writer's just now: the next run goes on.
      if (!isAuditError(error) || error.code !== 'AUDIT_STORE_UNAVAILABLE') throw error
    }
  }
}

await (what === 'write' ? write() : keepOn())
