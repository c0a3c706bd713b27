import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { libsql } from '../../adapters/store/libsql.ts'
import { startDemo } from './demo.ts'
import { eventsOf } from './trail.ts'

type Demo = Awaited<ReturnType<typeof startDemo>>

const storedIn = async ({ folder }: Demo) => {
  const store = libsql({ url: `file:${folder}/.data/audit.db` })
  const events = await eventsOf(store)
  await store.close()
  return events
}

const demos: Demo[] = []
const begin = async (options?: Parameters<typeof startDemo>[0]): Promise<Demo> => {
  const demo = await startDemo(options)
  demos.push(demo)
  return demo
}
afterAll(async () => {
  for (const demo of demos) await demo.remove()
})

describe('npm start', () => {
  let first: Demo
  let ended: number | string | null
  let events: Awaited<ReturnType<typeof storedIn>>

  beforeAll(async () => {
    first = await begin()
    await fetch(`${first.address}/audit?outcome=denied`)
    ended = await first.stop('SIGTERM')
    events = await storedIn(first)
  })

  it('ends by the signal that asked it to', () => {
    expect({ ended, output: first.output() }).toMatchObject({ ended: 'SIGTERM' })
  })

  it('fills an empty database with requests of every kind, and says how many events there are', () => {
    expect(first.output()).toContain(`${events.length} events stored`)
    const told = new Set(
      events.map(({ action, outcome, data }) => [action, outcome, data?.['status']].join(' ')),
    )
    expect([...told].toSorted()).toEqual([
      'export success ',
      'export.download success ',
      'http.delete denied 400',
      'http.delete failure 405',
      'http.get failure 404',
      'http.get success 200',
      'http.post denied 401',
      'http.post denied 403',
      'http.post failure 402',
      'http.post failure 422',
      'http.post success 200',
      'http.post success 201',
      'http.post success 204',
      'impersonation.end success ',
      'impersonation.start success ',
      'invoice.create success ',
      'invoice.list success 200',
      'invoice.read failure 404',
      'invoice.read success 200',
      'invoice.refund success ',
      'list success ',
      'login failure 401',
      'login success 200',
      'logout success 204',
      'order.place failure ',
      'order.place success ',
      'order.place unknown ',
      'password.change success ',
      'probe.path unknown ',
      'probe.scanner unknown ',
      'probe.xss unknown ',
      'report.tax failure 500',
      'system.error failure ',
      'system.warning unknown ',
      'ticker.follow success 200',
      'user.list denied 403',
      'view failure ',
      'view success ',
    ])
    expect(new Set(events.map(({ tenant }) => tenant))).toEqual(new Set(['acme', 'globex', null]))
  })

  it('keeps secrets of bodies out, and static files and its own page', () => {
    const text = JSON.stringify(events)
    expect(text).not.toContain('a guess')
    expect(text).not.toContain('ada-secret')
    expect(text).toContain('Tailspin Toys')
    expect(text).not.toContain('4111')
    expect(text).not.toContain('a-key-that-nobody-may-see')
    const paths = events.map(({ request }) => request?.path)
    expect(paths.filter((path) => /style|icon|audit/.test(path ?? ''))).toEqual([])
  })

  it('tells the error of the failing route, and follows the stream to its end', () => {
    const failed = events.find(({ action }) => action === 'report.tax')
    expect(failed?.error).toMatchObject({
      type: 'Error',
      message: 'The tax table is incomplete',
      causes: [{ type: 'TypeError' }],
    })
    const streamed = events.find(({ action }) => action === 'ticker.follow')
    expect(streamed?.data).toMatchObject({ ended: 'complete' })
  })

  it('serves what is on its page as JSON and as a file, and records who took it', async () => {
    const demo = await begin()
    const page = await (await fetch(`${demo.address}/audit?outcome=denied`)).text()
    const [, href = ''] = /href="(\/audit\/api\/export[^"]*)"/.exec(page) ?? []
    const file = await fetch(demo.address + href.replaceAll('&amp;', '&'))
    expect(file.headers.get('content-type')).toContain('text/csv')
    const lines = (await file.text()).trimEnd().split('\r\n')
    expect(lines.length).toBeGreaterThan(3)
    expect(lines.slice(1, -1).every((line) => line.includes(',denied,'))).toBe(true)
    const found = await fetch(`${demo.address}/audit/api/events?action=export&limit=1`)
    const { events } = (await found.json()) as { events: { data: unknown }[] }
    expect(events[0]?.data).toMatchObject({ format: 'csv', records: lines.length - 2 })
    await demo.stop('SIGTERM')
  })

  it('adds nothing of its own to a database that has events, and keeps those', async () => {
    const again = await begin({ folder: first.folder })
    expect(again.output()).toContain('0 events stored')
    await fetch(`${again.address}/invoices`, { headers: { 'x-demo-user': 'ada' } })
    await again.stop()
    const after = await storedIn(again)
    expect(after.slice(0, events.length)).toEqual(events)
    const added = after.slice(events.length).map(({ action, actor }) => `${action} by ${actor.id}`)
    expect(added.toSorted()).toEqual(['invoice.list by ada', 'list by ada'])
  })

  it('takes the next free port when the wanted one is taken, says so, and serves its page there', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as AddressInfo
    const { address, output } = await begin({ folder: first.folder, port: String(port) })
    other.close()
    expect(Number(new URL(address).port)).toBeGreaterThan(port)
    expect(output()).toContain(`Port ${port} is taken`)

    const wrong = await fetch(`${address}/audit?outcome=%3Cb%3E`)
    expect(wrong.status).toBe(400)
    expect(await wrong.text()).toContain('outcome must be one of')
    expect((await fetch(`${address}/audit/no-such-event`)).status).toBe(404)
  })
})
