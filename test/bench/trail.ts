import { memory } from '../../adapters/store/memory.ts'
import { createAudit, type EventInput, type EventRow, type Kind } from '../../src/index.ts'

// A trail as an app of some customers leaves it in a year, the same at every run.

const YEAR = 365 * 86_400_000
/** 2025-01-01: all of it is past, and may be archived. */
export const START = 1_735_689_600_000
const PORTION = 2_000

/** Numbers from 0 to 1, always the same (mulberry32). */
export const dice = (seed: number): (() => number) => {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

const things = ['invoice', 'order', 'patient', 'user', 'project', 'document', 'payment', 'key']
const verbs = ['create', 'update', 'delete', 'approve', 'share', 'refund', 'rotate', 'archive']
const agents = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Safari/605.1.15',
  'curl/8.16.0',
]

/** Of a hundred events so many are of the kind. */
const shares: readonly (readonly [Kind, number])[] = [
  ['request', 62],
  ['access', 12],
  ['change', 10],
  ['auth', 6],
  ['custom', 5],
  ['process', 2],
  ['system', 1],
  ['security', 1],
  ['export', 1],
]

const kindAt = (share: number): Kind => {
  let left = share * 100
  for (const [kind, of] of shares) {
    left -= of
    if (left < 0) return kind
  }
  return 'custom'
}

const hex = (roll: () => number, digits: number): string =>
  Array.from({ length: digits / 8 }, () =>
    Math.floor(roll() * 0x1_0000_0000)
      .toString(16)
      .padStart(8, '0'),
  ).join('')

/** How many customers the app has. `--tenants 1` for one. */
const tenants = (() => {
  const at = process.argv.indexOf('--tenants')
  return at === -1 ? 20 : Number(process.argv[at + 1])
})()

/** Of twenty the first has a third of all events, the last a few. */
const tenantAt = (share: number): string => `tenant-${Math.floor(tenants * share * share * share)}`

const eventAt = (index: number, count: number, roll: () => number): EventInput => {
  const pick = <Value>(list: readonly [Value, ...Value[]] | readonly Value[]): Value =>
    list[Math.floor(roll() * list.length)] as Value
  const kind = kindAt(roll())
  const thing = pick(things)
  const id = String(1_000 + Math.floor(roll() * 20_000))
  const verb = kind === 'access' ? 'view' : pick(verbs)
  const action = new Map<Kind, string>([
    ['auth', 'login'],
    ['export', 'export'],
    ['system', 'system.error'],
  ]).get(kind)
  const ended = roll()
  const outcome = ended < 0.93 ? 'success' : ended < 0.98 ? 'failure' : 'denied'
  const user = Math.floor(roll() * roll() * 5_000)
  const isRequest = kind === 'request'
  return {
    kind,
    action: action ?? `${thing}.${verb}`,
    outcome,
    tenant: tenantAt(roll()),
    occurredAt: START + Math.floor((index / count) * YEAR + roll() * 60_000),
    actor: { id: `usr_${user}`, name: `User ${user}`, role: pick(['member', 'admin', 'auditor']) },
    target: { type: thing, id, name: `${thing} ${id}` },
    request: {
      id: hex(roll, 32),
      ip: `198.51.${Math.floor(roll() * 80)}.${Math.floor(roll() * 250)}`,
      ...(isRequest && {
        method: pick(['GET', 'GET', 'GET', 'POST', 'PATCH', 'DELETE']),
        host: 'app.example.com',
        path: `/${thing}s/${id}`,
        route: `/${thing}s/:id`,
        scheme: 'https',
        traceId: hex(roll, 32),
        userAgent: pick(agents),
      }),
    },
    ...(isRequest && {
      data: {
        status: outcome === 'success' ? 200 : outcome === 'denied' ? 403 : pick([400, 404, 500]),
        durationMs: Math.round(-Math.log(1 - roll()) * 40_000) / 1_000,
        responseBytes: Math.floor(roll() * 20_000),
        query: { page: String(Math.floor(roll() * 50)) },
      },
    }),
    ...(kind === 'change' && {
      changes: {
        status: { old: 'open', new: pick(['paid', 'void']) },
        amount: { old: Math.floor(roll() * 10_000), new: Math.floor(roll() * 10_000) },
      },
      reason: pick(['requested by the customer', 'correction of a typing error', 'duplicate']),
    }),
    metadata: { plan: pick(['free', 'pro', 'enterprise']), release: '2026.11', region: 'eu-1' },
  }
}

/** The events as the library itself makes them, in portions. */
export async function* trailOf(count: number): AsyncGenerator<readonly EventRow[]> {
  const roll = dice(7)
  let made: EventRow[] = []
  const store = {
    ...memory(),
    append: async (rows: readonly EventRow[]) => {
      made.push(...rows)
    },
  }
  const audit = createAudit({ store, queue: { events: 100_000, bytes: 2 ** 31 } })
  for (let start = 0; start < count; start += PORTION) {
    const end = Math.min(count, start + PORTION)
    for (let index = start; index < end; index++) audit.record(eventAt(index, count, roll))
    await audit.flush()
    yield made
    made = []
  }
}
