// Puts and drains letters in files; run on each runtime by file.test.ts.
import process from 'node:process'
import type { fileDeadLetter as FileDeadLetter } from '../../../adapters/dead-letter/file.ts'
import { revive } from '../../../src/event/revive.ts'

const [runtime = 'node', directory = '', ...records] = process.argv.slice(2)
const { fileDeadLetter }: { fileDeadLetter: typeof FileDeadLetter } = await import(
  `../../../adapters/runtime/${runtime}.ts`
)

const kept = fileDeadLetter(directory)
await kept.drain(async () => undefined)
await kept.put(records.flatMap((record) => revive(record) ?? []))
const failed = await kept.drain(() => Promise.reject(new Error('down'))).catch(String)
console.log(failed)
const outcome = await kept.drain(async (rows) => {
  for (const { record } of rows) console.log(record)
})
console.log(JSON.stringify(outcome))
