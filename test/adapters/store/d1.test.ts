import { Miniflare } from 'miniflare'
import { afterAll } from 'vitest'
import { d1 } from '../../../adapters/store/d1.ts'
import type { OpenedDatabase } from '../../conformance/database.ts'
import { databaseConformance } from '../../conformance/database.ts'
import { storeConformance } from '../../conformance/store.ts'
import { desk, throughDesk } from '../../support/d1.ts'

// One workerd with more empty databases than the suites open.
const names = Array.from({ length: 40 }, (_, index) => `AUDIT_${index}`)
const unused = [...names]

const worker = new Miniflare({
  workers: [desk(Object.fromEntries(names.map((name) => [name, name])))],
})

afterAll(() => worker.dispose())

const open = async (): Promise<OpenedDatabase> => {
  const name = unused.pop()
  if (name === undefined) throw new Error('no database is left')
  const binding = throughDesk(await worker.unsafeGetDirectURL('desk'), name)
  return {
    store: d1(binding),
    connect: () => Promise.resolve(d1(binding)),
    execute: (sql) =>
      binding.batch(sql.split(';').map((statement) => binding.prepare(statement).bind())),
  }
}

storeConformance('D1', open, { histories: 10 })
databaseConformance('D1', open)
