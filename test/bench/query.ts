import { askedOf } from '../../src/read/asked.ts'
import { cursorOf } from '../../src/read/cursor.ts'
import type { EventFilter } from '../../src/read/filter.ts'
import { page } from '../../src/read/page.ts'
import { type Database, database, events, type Value } from './databases.ts'
import { type Bench, median, type Row } from './rows.ts'

const LIMIT = 50
const DEEP = 10_000
const ROUNDS = 15
const tenant = 'tenant-0'

/** A filter, and the same as anybody would write it by hand. */
interface Case {
  readonly name: string
  readonly filter: EventFilter
  readonly where: string
  readonly values: readonly Value[]
}

const casesOf = async (from: Database): Promise<readonly Case[]> => {
  const newest = `select actor_id, target_type, target_id, request_id from audit_events where tenant = ?
    and kind = 'request' order by ${from.time} desc, id desc limit 1`
  const [found] = await from.bare(newest, [tenant])
  const { actor_id, target_type, target_id, request_id } = found as Record<string, string>
  const text = (value: string | undefined): string => value ?? ''
  return [
    { name: 'all', filter: {}, where: 'true', values: [] },
    { name: 'tenant', filter: { tenant }, where: 'tenant = ?', values: [tenant] },
    {
      name: 'actor',
      filter: { tenant, actor: text(actor_id) },
      where: 'tenant = ? and actor_id = ?',
      values: [tenant, text(actor_id)],
    },
    {
      name: 'target',
      filter: { tenant, target: { type: text(target_type), id: text(target_id) } },
      where: 'tenant = ? and target_type = ? and target_id = ?',
      values: [tenant, text(target_type), text(target_id)],
    },
    {
      name: 'action',
      filter: { tenant, action: 'login' },
      where: 'tenant = ? and action = ?',
      values: [tenant, 'login'],
    },
    {
      name: 'outcome',
      filter: { tenant, outcome: 'denied' },
      where: `tenant = ? and outcome = ? and outcome <> 'success'`,
      values: [tenant, 'denied'],
    },
    {
      name: 'kind',
      filter: { tenant, kind: 'auth' },
      where: `tenant = ? and kind = ? and kind <> 'request'`,
      values: [tenant, 'auth'],
    },
    {
      name: 'request',
      filter: { requestId: text(request_id) },
      where: 'request_id = ?',
      values: [text(request_id)],
    },
  ]
}

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const start = performance.now()
  await work()
  return (performance.now() - start) * 1_000
}

interface Measured {
  readonly name: string
  readonly audit: number
  readonly bare: number
}

const columns = `id, tenant, occurred_at, recorded_at, kind, action, outcome, actor_type, actor_id, target_type,
  target_id, request_id, method, route, status, ip, record`

/** A page by the library and by hand, in turn. */
const measure = async (
  from: Database,
  { name, filter, where, values }: Case,
  depth: number,
): Promise<Measured> => {
  const order = `order by ${from.time} desc, id desc`
  const audit = { store: () => from.store }
  const skipped = depth * LIMIT - 1
  const [place] =
    depth === 0
      ? []
      : await from.bare(
          `select id, ${from.time} as at from audit_events where ${where} ${order} limit 1 offset ${skipped}`,
          values,
        )
  const { id, at } = (place ?? {}) as { readonly id?: string; readonly at?: number | Date }
  const { question } = askedOf(filter, audit)
  const next =
    id === undefined ? undefined : cursorOf({ occurredAt: Number(at), id }, question, audit)
  const beyond = id === undefined ? '' : `and (${from.time}, id) < (?, ?)`
  const sql = `select ${columns} from audit_events where ${where} ${beyond} ${order} limit ${LIMIT}`
  const bound = id === undefined ? values : [...values, from.at(Number(at)), id]
  const found = await page(audit, { ...filter, limit: LIMIT, next })
  const byHand = await from.bare(sql, bound)
  const idsByHand = byHand.map((row) => (row as { readonly id: string }).id)
  if (JSON.stringify(found.events.map((event) => event.id)) !== JSON.stringify(idsByHand))
    throw new Error(`${from.name} ${name}: another page than by hand`)
  const times = { audit: [] as number[], bare: [] as number[] }
  for (let round = -3; round < ROUNDS; round++) {
    const bare = await timed(() => from.bare(sql, bound))
    const audited = await timed(() => page(audit, { ...filter, limit: LIMIT, next }))
    if (round < 0) continue
    times.bare.push(bare)
    times.audit.push(audited)
  }
  return { name, audit: median(times.audit), bare: median(times.bare) }
}

/** The deepest page of a filter that is full, at most the ten thousandth. */
const deepest = async (from: Database, { where, values }: Case): Promise<number> => {
  const most = DEEP * LIMIT
  const [found] = await from.bare(
    `select count(*) as many from (select 1 from audit_events where ${where} limit ${most}) as found`,
    values,
  )
  return Math.floor(Number((found as { readonly many: unknown }).many) / LIMIT) - 1
}

const run = async (): Promise<readonly Row[]> => {
  const bench = 'query'
  const rows: Row[] = []
  const all: Measured[] = []
  const tell = (name: string, { audit, bare }: Measured): void => {
    rows.push({ bench, subject: `${name}, bare`, value: bare, unit: 'µs' })
    rows.push({ bench, subject: name, value: audit, unit: 'µs', against: `${name}, bare` })
  }
  for (const name of ['libsql', 'postgres'] as const) {
    const large = await database(name, events)
    for (const one of await casesOf(large)) {
      const first = await measure(large, one, 0)
      all.push(first)
      tell(`${name}, ${one.name}, page 1`, first)
      const depth = await deepest(large, one)
      if (depth < 1) continue
      const deep = await measure(large, one, depth)
      all.push(deep)
      tell(`${name}, ${one.name}, page ${depth + 1}`, deep)
    }
  }
  // How a page grows with the table: the same with a tenth of the events.
  for (const name of ['libsql', 'postgres'] as const) {
    const [small, large] = [await database(name, events / 10), await database(name, events)]
    for (const [one, other] of [
      [small, events / 10],
      [large, events],
    ] as const) {
      const logins = (await casesOf(one)).find((each) => each.name === 'action')
      if (logins === undefined) continue
      const { audit } = await measure(one, logins, 1)
      const subject = `${name}, action, of ${other} events`
      rows.push({
        bench,
        subject,
        value: audit,
        unit: 'µs',
        ...(other === events && { against: `${name}, action, of ${events / 10} events` }),
      })
    }
  }
  const worst = all.toSorted((one, other) => other.audit / other.bare - one.audit / one.bare)[0]
  if (worst === undefined) throw new Error('nothing was measured')
  return [
    { bench, subject: 'bare-sql', value: worst.bare, unit: 'µs' },
    { bench, subject: 'edge-audit', value: worst.audit, unit: 'µs', against: 'bare-sql' },
    ...rows,
  ]
}

export const query: Bench = {
  name: 'query',
  about: `a page of ${LIMIT} of ${events.toLocaleString('en')} events by each index, first and deep, against the same SQL by the bare driver; edge-audit is the worst of them`,
  run,
}
