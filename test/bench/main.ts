import { parseArgs } from 'node:util'
import { capture } from './capture.ts'
import { captureKinds } from './capture-kinds.ts'
import { closeDatabases } from './databases.ts'
import { doorSize } from './door-size.ts'
import { exportCsv, exportParquet } from './export.ts'
import { keepDelete, keepNdjson, keepParquet } from './keep.ts'
import { latency } from './latency.ts'
import { query } from './query.ts'
import { report } from './report.ts'
import { type Bench, type Row, withRatios } from './rows.ts'
import { security } from './security.ts'
import { storeCpu } from './store-cpu.ts'
import { summary } from './summary.ts'

const benches: readonly Bench[] = [
  capture,
  captureKinds,
  storeCpu,
  latency,
  doorSize,
  security,
  query,
  summary,
  exportCsv,
  exportParquet,
  keepNdjson,
  keepParquet,
  keepDelete,
  report,
]

const { values } = parseArgs({
  options: {
    json: { type: 'boolean' },
    only: { type: 'string' },
    // For the benches of reading and keeping: see databases.ts and trail.ts.
    events: { type: 'string' },
    tenants: { type: 'string' },
    on: { type: 'string' },
  },
})
const only = values.only?.split(',')
const chosen = benches.filter(({ name }) => only === undefined || only.includes(name))
if (chosen.length === 0) {
  console.error(
    `no bench called ${values.only}; known are ${benches.map(({ name }) => name).join(', ')}`,
  )
  process.exit(1)
}

const table = (rows: readonly Row[]): void => {
  const width = Math.max(...rows.map(({ subject }) => subject.length))
  for (const { subject, value, unit, against, ratio } of rows) {
    const compared = ratio === undefined ? '' : `  ${ratio.toFixed(2)} × ${against}`
    console.log(
      `  ${subject.padEnd(width)}  ${value.toFixed(2).padStart(10)} ${unit.padEnd(8)}${compared}`,
    )
  }
}

for (const { name, about, run } of chosen) {
  if (values.json !== true) console.log(`\n${name}: ${about}`)
  const rows = withRatios(await run())
  if (values.json === true) for (const row of rows) console.log(JSON.stringify(row))
  else table(rows)
}

await closeDatabases()
