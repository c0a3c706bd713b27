// An app that serves real HTTP until it is killed; run by kill.test.ts. It says what came to an end,
// and stands still at the step it is told, so that the kill hits between two steps.
import { writeSync } from 'node:fs'
import process from 'node:process'
import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { fileDeadLetter } from '../../adapters/dead-letter/file.ts'
import { libsql } from '../../adapters/store/libsql.ts'
import { createAudit } from '../../src/audit.ts'
import { AuditError } from '../../src/errors.ts'
import { idsOf } from '../conformance/rows.ts'

const [url = '', directory = '', freezeAt = '0'] = process.argv.slice(2)

/** Not console.log: what was said is said, whatever happens next. */
const say = (word: string, ids: readonly string[] = []): void => {
  writeSync(1, `${[word, ...ids].join(' ')}\n`)
}

let steps = 0
const step = (): void => {
  steps += 1
  if (steps !== Number(freezeAt)) return
  say('frozen')
  // The kill comes long before; without one this process must not stay for ever.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60_000)
  process.exit(1)
}

const unavailable = (): AuditError => new AuditError('AUDIT_STORE_UNAVAILABLE')

const store = libsql({ url })
const letters = fileDeadLetter(directory)
let appends = 0

const audit = createAudit({
  onFailure: 'closed',
  retry: { attempts: 1 },
  store: {
    ...store,
    append: async (rows, options) => {
      appends += 1
      step()
      // Now and then it fails, and nobody knows whether it took effect: then the letters have it too.
      if (appends % 5 === 0) throw unavailable()
      await store.append(rows, options)
      step()
      if (appends % 7 === 0) throw unavailable()
      say('stored', idsOf(rows))
    },
  },
  deadLetter: {
    put: async (rows) => {
      step()
      await letters.put(rows)
      step()
      say('put', idsOf(rows))
    },
  },
})

const app = new Hono()
  .use(audit.middleware())
  .use('/await', audit.route({ delivery: 'await' }))
  .get('/:mode', (c) => {
    step()
    const ids = [audit.record({ action: 'a.write' }), audit.record({ action: 'b.write' })]
    step()
    return c.json(ids)
  })

await audit.migrate()
const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) =>
  say('listening', [String(port)]),
)
// Ends with its parent, should that be killed itself.
process.stdin.on('end', () => server.close()).resume()
