import { Hono } from 'hono'
import { memory } from '../../adapters/store/memory.ts'
import { type Audit, type AuditStore, createAudit, type EventRow } from '../../src/index.ts'
import { authenticate, bare, compared, refund, type Subject, type Variables } from './capture.ts'
import type { Bench } from './rows.ts'

/** A login, a process of three steps and two events of the app's own. */
const everyKind = (audit: Audit): void => {
  audit.login({ actor: { id: 'usr_41' }, name: 'ada@example.com', method: 'password' })
  const order = audit.process('order.place', { steps: ['reserve', 'charge', 'ship'] })
  order.step('reserve').ok('A-17')
  order.step('charge').ok()
  order.step('ship').ok('parcel 1')
  const target = { type: 'invoice', id: 'inv_7' }
  audit.record({ action: 'invoice.refund', target, reason: 'damaged', metadata: { amount: 1_250 } })
  audit.record({ action: 'mail.send', target: { type: 'customer', id: 'cus_9f2a' } })
}

/** Events of a request: its own, the login, the start and three registrations, and the two. */
const EVENTS = 8

/** Keeps what it is given, and no more: what a store does with each row is no cost of capture. */
const audited = (name: string, tell: (audit: Audit) => void, events: number): Subject => {
  let kept: (readonly EventRow[])[] = []
  const store: AuditStore = {
    ...memory(),
    append: async (rows) => {
      // Group commit may write more than one request at once, and never one in two.
      if (rows.length % events !== 0) throw new Error(`${rows.length} events in one write`)
      kept.push(rows)
    },
  }
  const audit = createAudit({ store, actor: (c) => c.get('user') })
  const app = new Hono<{ Variables: Variables }>()
    .use(audit.middleware())
    .use(authenticate)
    .post('/invoices/:id/refund', (c) => {
      tell(audit)
      return refund(c)
    })
  return {
    name,
    fetch: app.fetch,
    settle: async () => {
      await audit.flush()
      const { captured, stored } = audit.stats()
      if (captured !== stored) throw new Error(`${name}: ${captured - stored} events are missing`)
    },
    reset: () => {
      kept = []
    },
  }
}

const run: Bench['run'] = () =>
  compared(
    'capture-kinds',
    bare(),
    [audited('plain-request', () => undefined, 1), audited('edge-audit', everyKind, EVENTS)],
    'plain-request',
  )

export const captureKinds: Bench = {
  name: 'capture-kinds',
  about:
    'CPU added to a request with a login, a process of three steps and two explicit events, in one write; a store that only keeps them',
  run,
}
