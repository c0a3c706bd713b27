// A process with a schedule; run on each runtime with files by croner.test.ts.
import process from 'node:process'
import { directory } from '../../../adapters/archive/directory.ts'
import { every } from '../../../adapters/schedule/croner.ts'
import { createAudit } from '../../../src/audit.ts'
import { listed } from '../../conformance/object-paths.ts'
import { dueStore } from '../../unit/keep/due-store.ts'

const [home = ''] = process.argv.slice(3)
const store = await dueStore()
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
