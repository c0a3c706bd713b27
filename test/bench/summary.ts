import { summary as summarise } from '../../src/read/summary.ts'
import { type Database, database, events } from './databases.ts'
import { type Bench, median, type Row } from './rows.ts'
import { START } from './trail.ts'

const DAYS = 30
const DAY = 86_400_000
const ROUNDS = 5

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const start = performance.now()
  await work()
  return performance.now() - start
}

const measure = async (from: Database) => {
  const audit = { store: () => from.store }
  const to = START + 300 * DAY
  const asked = { tenant: 'tenant-0', from: to - DAYS * DAY, to }
  from.sent()
  await summarise(audit, asked)
  // Beside it is asked whether something of the span is archived; that is a part of our time alone.
  const [statement, ...more] = from.sent().filter(({ sql }) => !sql.includes('audit_archive_'))
  if (statement === undefined || more.length > 0) throw new Error('a summary is one statement')
  // Its own SQL, as it was sent, by the bare driver.
  const sql = statement.sql.replaceAll(/\$\d+/g, '?')
  const values = statement.values as (string | number)[]
  const times = { audit: [] as number[], bare: [] as number[] }
  for (let round = -1; round < ROUNDS; round++) {
    const bare = await timed(() => from.bare(sql, values))
    const audited = await timed(() => summarise(audit, asked))
    if (round < 0) continue
    times.bare.push(bare)
    times.audit.push(audited)
  }
  return { audit: median(times.audit), bare: median(times.bare) }
}

const run = async (): Promise<readonly Row[]> => {
  const bench = 'summary'
  const measured = []
  const rows: Row[] = []
  for (const name of ['libsql', 'postgres'] as const) {
    const { audit, bare } = await measure(await database(name, events))
    measured.push({ audit, bare })
    rows.push({ bench, subject: `${name}, bare`, value: bare, unit: 'ms' })
    rows.push({ bench, subject: name, value: audit, unit: 'ms', against: `${name}, bare` })
  }
  const worst = measured.toSorted(
    (one, other) => other.audit / other.bare - one.audit / one.bare,
  )[0]
  if (worst === undefined) throw new Error('nothing was measured')
  return [
    { bench, subject: 'bare-sql', value: worst.bare, unit: 'ms' },
    { bench, subject: 'edge-audit', value: worst.audit, unit: 'ms', against: 'bare-sql' },
    ...rows,
  ]
}

export const summary: Bench = {
  name: 'summary',
  about: `the summary of ${DAYS} days of a tenant with a third of ${events.toLocaleString('en')} events, against its own SQL by the bare driver`,
  run,
}
