import type { Audit } from 'edge-audit'
import { Hono } from 'hono'
import type { User } from './users.ts'

type Env = { Variables: { user?: User } }

/** Orders are processes over several requests; a file of them is an export. */
export const orderRoutes = (audit: Audit) => {
  /** The process of each order, as an app would keep it with the order. */
  const processes = new Map<string, string>()
  let exported = ''

  return new Hono<Env>()
    .post('/', async (c) => {
      const { items = 1, card = '' } = await c.req.json<{ items?: number; card?: string }>()
      const order = audit.process('order.place', {
        steps: ['charge', { name: 'ship', expects: items }],
        description: `${items} parcels`,
      })
      const number = String(5_001 + processes.size)
      processes.set(number, order.id)
      const charge = (): void => {
        if (card.endsWith('0002')) throw new Error('The card was declined')
      }
      try {
        order.step('charge').run(charge, 'card')
      } catch {
        return c.json({ error: 'the card was declined', number }, 402)
      }
      return c.json({ number }, 201)
    })
    .post('/:number/parcels', async (c) => {
      const id = processes.get(c.req.param('number'))
      if (id === undefined) return c.json({ error: 'not found' }, 404)
      const { parcel } = await c.req.json<{ parcel: string }>()
      audit.process.resume(id).step('ship').ok(parcel)
      return c.body(null, 204)
    })
    .get('/export.csv', (c) => {
      const csv = ['number,process', ...[...processes].map((order) => order.join(','))].join('\n')
      const file = { type: 'orders', format: 'csv', records: processes.size, bytes: csv.length }
      exported = audit.exported({ ...file, purpose: 'month-end' }).id
      return c.body(csv, 200, { 'content-type': 'text/csv; charset=utf-8' })
    })
    .get('/export.csv/again', (c) => {
      audit.downloaded(exported)
      return c.body('number,process', 200, { 'content-type': 'text/csv; charset=utf-8' })
    })
}

/** What the system tells of itself, and who deals with it. */
export const issueRoutes = (audit: Audit) =>
  new Hono<Env>()
    .post('/', async (c) => {
      const { code } = await c.req.json<{ code: string }>()
      const issue = audit.system('warning', { title: 'The mail server is slow', code })
      return c.json({ issue }, 201)
    })
    .post('/:id/resolve', async (c) => {
      const { note } = await c.req.json<{ note?: string }>()
      audit.resolve(c.req.param('id'), { note })
      return c.body(null, 204)
    })
