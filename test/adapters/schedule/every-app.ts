// A process with a schedule; run on each runtime with files by croner.test.ts.
import process from 'node:process'
import { directory } from '../../../adapters/archive/directory.ts'
import { every } from '../../../adapters/schedule/croner.ts'
import { memory } from '../../../adapters/store/memory.ts'
import { createAudit } from '../../../src/audit.ts'
import { listed } from '../../conformance/object-paths.ts'
import { rowOf } from '../../conformance/rows.ts'

const [home = ''] = process.argv.slice(3)
const store = memory()
await store.append([rowOf({ occurredAt: 0 })])
const to = directory(home)
const job = every(createAudit({ store }), {
  schedule: '17 3 * * *',
  archiveAfter: '90d',
  to,
  onError: console.error,
})
await job.trigger()
console.log(`objects ${(await listed(to, '')).length}`)
await job.stop()
// Nothing is left that would keep the process.
console.log('stopped')
