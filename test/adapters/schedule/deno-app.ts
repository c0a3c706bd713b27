// A process with a cron; run on Deno by deno.test.ts, which says when Deno is to fire.
import process from 'node:process'
import { denoCron } from '../../../adapters/runtime/deno.ts'
import { directory } from '../../../adapters/archive/directory.ts'
import { createAudit } from '../../../src/audit.ts'
import { isAuditError } from '../../../src/errors.ts'
import { listed } from '../../conformance/object-paths.ts'
import { dueStore } from '../../unit/keep/due-store.ts'

const [home = '', schedule = '17 3 * * *'] = process.argv.slice(3)
const store = await dueStore()
const archive = directory(home)
const stopping = new AbortController()
let runs = 0

try {
  denoCron(createAudit({ store }), {
    schedule,
    archiveAfter: '90d',
    signal: stopping.signal,
    // Asked for at each run.
    to: () => {
      runs += 1
      if (runs > 2) stopping.abort()
      if (runs === 1) throw new Error('the archive is away')
      return archive
    },
  })
  console.log('registered')
  await new Promise((resolve) => stopping.signal.addEventListener('abort', resolve))
  console.log(`objects ${(await listed(archive, '')).length}`)
} catch (error) {
  console.log(isAuditError(error) ? `${error.code}: ${error.detail}` : String(error))
}
