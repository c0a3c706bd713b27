import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { AuditEvent, Geo } from '../../src/index.ts'
import type { Backend } from './backend.ts'
import type { Exchange, Init } from './client.ts'
import { ask, begin, talk } from './client.ts'
import type { Control } from './control.ts'

/** The app, running somewhere, and the database that it writes to. */
export interface Started extends Pick<Backend, 'events' | 'gate' | 'migrate' | 'migrations'> {
  readonly url: string
  readonly control: Control
  /** What the runtime complained of: nothing, in the end. */
  problems(): readonly string[]
  stop(): Promise<void>
}

/** What a runtime can do. The suite asserts both sides: that it is so, and what is true where it is not. */
export interface Capabilities {
  /** `audit.record()` finds the scope; else handlers use `c.var.audit`. */
  readonly asyncContext: boolean
  /** Somebody keeps the work alive after the response; else the response waits for the store. */
  readonly defers: boolean
  /** A body is sent while it is made, and a client that hangs up is noticed. */
  readonly streams: boolean
  /** One instance answers several requests at once. */
  readonly concurrent: boolean
  readonly webSocket: boolean
  /** Outside of a request there are bindings, and something that keeps the work alive. */
  readonly outside: boolean
  /** Headers that the platform sets, and what is made of them; the client's own are never believed. */
  readonly platform: {
    readonly headers: Readonly<Record<string, string>>
    readonly ip: string | undefined
    readonly ipFrom: string | undefined
    readonly geo: Geo | undefined
  }
  /** What `/side/facts` says of the runtime. */
  readonly facts: Readonly<Record<string, boolean>>
}

/** Addresses that a client may claim anywhere. */
const claimed = {
  'x-forwarded-for': '6.6.6.6',
  forwarded: 'for=6.6.6.6',
  'true-client-ip': '6.6.6.6',
  'cf-connecting-ip': '6.6.6.6',
  'x-real-ip': '6.6.6.6',
}

/** Until it is so: looks again and again, and gives up after that many ms. */
const eventually = <Result>(
  look: () => Promise<Result> | Result,
  timeout = 20_000,
): Promise<Result> => vi.waitFor(look, { timeout, interval: 20 })

const ofKind = (events: readonly AuditEvent[], kind: AuditEvent['kind']): readonly AuditEvent[] =>
  events.filter((event) => event.kind === kind)

/** The same suite on every runtime, over real sockets, with a real database. */
export const runtimeSuite = (
  runtime: string,
  start: () => Promise<Started>,
  capabilities: Capabilities,
): void => {
  const { asyncContext, concurrent, defers, facts, outside, platform, streams, webSocket } =
    capabilities
  const slug = runtime.toLowerCase().replaceAll(/\W+/g, '-')
  /** Ids of all requests that were audited, with the events that each must have left in the end. */
  const asked = new Set<string>()
  let made = 0

  describe(`the app on ${runtime}`, () => {
    let world: Started
    let expectedLosses: readonly string[] = []

    const mark = (): string => `${slug}-${++made}`
    // Routes of the library refuse a parameter that they do not know.
    const address = (path: string, id: string): string =>
      path.startsWith('/trail/')
        ? `${world.url}${path}`
        : `${world.url}${path}${path.includes('?') ? '&' : '?'}hold=${id}`
    const headersOf = (id: string, headers: Init['headers']): Record<string, string> => ({
      'x-request-id': id,
      ...claimed,
      ...platform.headers,
      ...headers,
    })
    const audited = (path: string, id: string, init: Init = {}): Exchange => {
      asked.add(id)
      return begin(address(path, id), { ...init, headers: headersOf(id, init.headers) })
    }
    const askAudited = (path: string, id: string, init: Init = {}) => {
      asked.add(id)
      return ask(address(path, id), { ...init, headers: headersOf(id, init.headers) })
    }
    const askPlain = (path: string, id: string, init: Init = {}) =>
      ask(address(path, id), {
        ...init,
        headers: { ...headersOf(id, init.headers), 'x-plain': '1' },
      })
    const askSide = async (path: string, id = ''): Promise<unknown> => {
      const { body } = await ask(address(`/side/${path}`, id))
      return JSON.parse(body)
    }
    const eventsOf = (id: string): Promise<readonly AuditEvent[]> => world.events('request_id', id)
    const requestEvent = (id: string): Promise<AuditEvent> =>
      eventually(async () => {
        const [event, ...more] = ofKind(await eventsOf(id), 'request')
        if (event === undefined) throw new Error(`no event of ${id}`)
        expect(more).toEqual([])
        return event
      })
    const marked = async (action: string, id: string): Promise<readonly AuditEvent[]> => {
      const events = await world.events('action', action)
      return events.filter(({ metadata }) => metadata?.['mark'] === id)
    }

    beforeAll(async () => {
      world = await start()
      // Several instances at once, and this process too: each migration is applied by one of them.
      const names = await Promise.all([
        world.migrate(),
        ...Array.from({ length: 6 }, () => askSide('migrate')),
      ])
      expect(names.flat().toSorted()).toEqual(world.migrations)
    })

    afterAll(() => world?.stop())

    it('is the runtime that this suite takes it for', async () => {
      expect(await askSide('facts')).toEqual(facts)
    })

    describe('answers as without us, and leaves one event', () => {
      const json = { 'content-type': 'application/json' }
      const cases: readonly (readonly [
        path: string,
        init: Init,
        status: number,
        outcome: string,
      ])[] = [
        ['/echo', { method: 'POST', body: '{"a":[1,"ü"]}', headers: json }, 200, 'success'],
        ['/text', {}, 200, 'success'],
        ['/text', { method: 'HEAD' }, 200, 'success'],
        ['/file', {}, 200, 'success'],
        ['/file', { method: 'HEAD' }, 200, 'success'],
        ['/whole/file', { method: 'HEAD' }, 200, 'success'],
        ['/empty', {}, 204, 'success'],
        ['/whole/empty', {}, 204, 'success'],
        ['/unchanged', {}, 304, 'success'],
        ['/whole/unchanged', {}, 304, 'success'],
        ['/moved', {}, 302, 'success'],
        ['/forbidden', {}, 403, 'denied'],
        ['/error', {}, 500, 'failure'],
        ['/nowhere', {}, 404, 'failure'],
        ['/body/raw', { method: 'POST', body: '{"a":1}', headers: json }, 200, 'success'],
        ['/body/unread', { method: 'POST', body: '{"a":1}', headers: json }, 200, 'success'],
      ]

      it.each(cases)('%s %o', async (path, init, status, outcome) => {
        const id = mark()
        const answer = await askAudited(path, id, init)
        expect(answer).toEqual(await askPlain(path, id, init))
        expect(answer.status).toBe(status)
        const { request, data, ...event } = await requestEvent(id)
        expect(event.outcome).toBe(outcome)
        expect(data?.['status']).toBe(status)
        expect(request).toMatchObject({ id, method: init.method ?? 'GET', path })
        expect(await eventsOf(id)).toHaveLength(1)
      })

      it('keeps status, headers, cookies and bytes of a body that is watched to its end', async () => {
        const id = mark()
        const answer = await askAudited('/whole/file', id)
        const plain = await askPlain('/whole/file', id)
        // How the end of the body is told may differ: a body of unknown length comes in chunks.
        const framing = /^(?:content-length|transfer-encoding|connection|keep-alive): /
        const headers = (of: typeof answer) => of.headers.filter((line) => !framing.test(line))
        expect({ ...answer, headers: headers(answer) }).toEqual({
          ...plain,
          headers: headers(plain),
        })
        expect(answer.headers.filter((line) => line.startsWith('set-cookie: '))).toHaveLength(2)
        const { data } = await requestEvent(id)
        expect(data).toMatchObject({ ended: 'complete', responseBytes: 23, status: 200 })
      })

      it('also where a handler throws what is no Error', async () => {
        const id = mark()
        const answer = await askAudited('/thrown', id)
        const plain = await askPlain('/thrown', id)
        expect(answer.status).toBe(plain.status)
        expect(answer.status).toBeGreaterThanOrEqual(500)
        const { data, error, outcome } = await requestEvent(id)
        expect({ status: data?.['status'], outcome }).toEqual({ status: null, outcome: 'failure' })
        expect(error?.message).toBe('no error')
      })

      it('and keeps the error that a handler threw', async () => {
        const id = mark()
        await askAudited('/error', id)
        const { error } = await requestEvent(id)
        expect(error).toMatchObject({ type: 'Error', message: 'broken' })
        // Our own trick with `Error.stackTraceLimit` leaves the app's stacks alone.
        expect(error?.stack).toMatch(/\n.*\n/)
      })
    })

    it('records what the handler says, with the actor and tenant of its request', async () => {
      const id = mark()
      const headers = { 'x-user': 'ann', 'x-tenant': 'acme' }
      await askAudited('/events', id, { method: 'POST', body: '{}', headers })
      const own = await eventually(async () => {
        const events = await eventsOf(id)
        expect(events).toHaveLength(2)
        return events
      })
      const who = { actor: { type: 'user', id: 'ann' }, tenant: 'acme' }
      expect(own.find(({ kind }) => kind === 'request')).toMatchObject({
        ...who,
        targets: [{ type: 'invoice', id: '7' }],
        metadata: { step: 'read' },
      })
      expect(own.find(({ kind }) => kind === 'custom')).toMatchObject({
        ...who,
        action: 'invoice.refund',
        reason: 'duplicate',
        metadata: { password: '***REDACTED***' },
      })
    })

    it('records a login by its route, as the handler answered it', async () => {
      const outcomes: Record<string, string> = { right: 'success', wrong: 'failure' }
      for (const [password, outcome] of Object.entries(outcomes)) {
        const id = mark()
        const body = JSON.stringify({ username: 'ann', password })
        const headers = { 'content-type': 'application/json', 'x-user': 'bob' }
        const init = { method: 'POST', body, headers }
        expect((await askAudited('/login', id, init)).body).toBe(
          (await askPlain('/login', id, init)).body,
        )
        const [login] = await eventually(async () => {
          const found = ofKind(await eventsOf(id), 'auth')
          expect(found).toHaveLength(1)
          return found
        })
        // The session's own user has nothing to do with it.
        expect(login).toMatchObject({
          action: 'login',
          outcome,
          actor: outcome === 'success' ? { id: 'ann', type: 'user' } : { type: 'anonymous' },
          targets: [{ type: 'account', id: 'ann' }],
        })
        expect({ id: login?.request?.id, ip: login?.request?.ip }).toEqual({ id, ip: platform.ip })
        expect(JSON.stringify(login)).not.toContain(password)
      }
    })

    it('tells once of a name that fails too often', async () => {
      const username = mark()
      const body = JSON.stringify({ username, password: 'wrong' })
      const headers = { 'content-type': 'application/json' }
      const attacks = async () =>
        (await world.events('action', 'auth.bruteforce')).filter(
          ({ targets }) => targets[0]?.id === username,
        )
      for (let attempt = 0; attempt < 4; attempt += 1) {
        const id = mark()
        await askAudited('/login', id, { method: 'POST', body, headers })
        await eventually(async () => expect(ofKind(await eventsOf(id), 'auth')).toHaveLength(1))
      }
      await eventually(async () => expect(await attacks()).toHaveLength(1))
      const [attack] = await attacks()
      expect(attack).toMatchObject({ kind: 'security', data: { by: 'name', count: 3 } })
      expect(attack?.request?.ip).toBe(platform.ip)
    })

    it('recognises a probe, and answers it as ever', async () => {
      const id = mark()
      expect((await askAudited('/.env', id)).status).toBe((await askPlain('/.env', id)).status)
      const [probe] = await eventually(async () => {
        const found = ofKind(await eventsOf(id), 'security')
        expect(found).toHaveLength(1)
        return found
      })
      expect(probe).toMatchObject({ action: 'probe.path', data: { rule: 'path.dotenv', count: 1 } })
      expect(probe?.request?.ip).toBe(platform.ip)
    })

    it('records every kind of event, in a request and in a job', async () => {
      const id = mark()
      const answer = await askAudited('/kinds', id, { method: 'POST', body: '{}' })
      const { id: order } = JSON.parse(answer.body) as { id: string }
      const own = await eventually(async () => {
        const events = await eventsOf(id)
        expect(events).toHaveLength(11)
        return events
      })
      const count = (kind: AuditEvent['kind']): number => ofKind(own, kind).length
      expect({
        access: count('access'),
        auth: count('auth'),
        export: count('export'),
        process: count('process'),
        request: count('request'),
        system: count('system'),
      }).toEqual({ access: 2, auth: 1, export: 2, process: 3, request: 1, system: 2 })
      expect(ofKind(own, 'auth')[0]?.data?.['sessionHash']).toMatch(/^hmac:[\da-f]{32}$/)
      const all = await world.events('action', 'order.place')
      const steps = all.filter(({ targets }) => targets[0]?.id === order)
      expect(steps.map(({ data }) => data?.['step'] ?? data?.['phase']).toSorted()).toEqual([
        'pay',
        'ship',
        'ship',
        'started',
      ])
      const resumed = steps.filter(({ request }) => request === undefined)
      expect(resumed).toMatchObject([{ tenant: 'acme', actor: { via: 'queue' } }])
    })

    it('waits for an actor whose promise the platform made', async () => {
      const id = mark()
      await askAudited('/text', id, { headers: { 'x-digested': 'eve' } })
      const { actor, request } = await requestEvent(id)
      expect(actor).toMatchObject({ type: 'user', id: 'eve' })
      // The response may be through by then, and with it what the platform knew of the client.
      expect(request?.ip).toBe(platform.ip)
    })

    it('believes the platform about the client, and nothing that a client can claim', async () => {
      const id = mark()
      await askAudited('/text', id)
      const { request } = await requestEvent(id)
      expect({ ip: request?.ip, ipFrom: request?.ipFrom, geo: request?.geo }).toEqual({
        ip: platform.ip,
        ipFrom: platform.ipFrom,
        geo: platform.geo,
      })
      expect(JSON.stringify(request)).not.toContain('6.6.6.6')
    })

    it(`finds the scope of a request ${asyncContext ? 'anywhere below it' : 'in the variable alone'}`, async () => {
      const id = mark()
      const { body } = await askAudited('/context', id)
      expect(JSON.parse(body)).toEqual({ ambient: asyncContext ? id : null, variable: id })
    })

    it('keeps the scopes of 200 requests apart', async () => {
      const ids = Array.from({ length: 200 }, mark)
      const answers = await Promise.all(
        ids.map((id) =>
          askAudited('/who', id, { headers: { 'x-user': `u-${id}`, 'x-tenant': `t-${id}` } }),
        ),
      )
      expect(answers.map(({ body }) => JSON.parse(body))).toEqual(
        ids.map((id) => ({ user: `u-${id}`, mixed: 0 })),
      )
      const peak = await askSide('peak')
      if (concurrent) expect(peak).toBeGreaterThan(5)
      else expect(peak).toBe(1)
      for (const id of ids) {
        const events = await eventually(async () => {
          const found = await eventsOf(id)
          expect(found).toHaveLength(2)
          return found
        }, 45_000)
        const user = `u-${id}`
        for (const event of events)
          expect(event).toMatchObject({ actor: { id: user }, tenant: `t-${id}` })
        const [request] = ofKind(events, 'request')
        const [custom] = ofKind(events, 'custom')
        expect(request?.metadata).toEqual({ hop0: user, hop1: user, hop2: user, hop3: user })
        expect(custom?.metadata).toEqual({ user })
      }
    })

    describe('bodies', () => {
      const headers = { 'content-type': 'application/json' }
      const body = '{"note":"hi","password":"hunter2"}'
      const kept = { note: 'hi', password: '***REDACTED***' }

      it('are kept as the handler read them, however it did', async () => {
        for (const path of ['/body/raw', '/body/twice', '/body/both']) {
          const id = mark()
          const answer = await askAudited(path, id, { method: 'POST', headers, body })
          expect(answer.body).toBe(
            (await askPlain(path, id, { method: 'POST', headers, body })).body,
          )
          expect((await requestEvent(id)).data?.['body']).toEqual(kept)
        }
      })

      it('of forms are kept by the names of their fields', async () => {
        const id = mark()
        const form = new Response(
          Object.entries({
            a: '1',
            file: new File(['secret'], 'b.txt', { type: 'text/plain' }),
          }).reduce((data, [field, value]) => {
            data.append(field, value)
            return data
          }, new FormData()),
        )
        const type = form.headers.get('content-type') ?? ''
        const init = { method: 'POST', headers: { 'content-type': type }, body: await form.text() }
        expect((await askAudited('/body/form', id, init)).body).toBe('["a","file"]')
        const { data } = await requestEvent(id)
        expect(data?.['body']).toMatchObject([
          { name: 'a' },
          { name: 'file', file: 'b.txt', size: 6 },
        ])
      })

      it('of responses are kept too, and pass as they are', async () => {
        const id = mark()
        await askAudited('/body/both', id, { method: 'POST', headers, body })
        const { data } = await requestEvent(id)
        expect(data?.['responseBody']).toEqual({ got: kept, token: '***REDACTED***' })
      })

      it('that nobody read stay unread', async () => {
        const id = mark()
        await askAudited('/body/unread', id, { method: 'POST', headers, body })
        const { data } = await requestEvent(id)
        expect(data).toMatchObject({ bodyLeftOut: 'unread' })
        expect(data).not.toHaveProperty('body')
      })
    })

    describe('a streamed response', () => {
      const first = async (exchange: Exchange) => {
        const incoming = await exchange.head
        const reader = incoming[Symbol.asyncIterator]()
        const { value } = await reader.next()
        return { reader, chunk: String(value) }
      }

      it.each(['/sse', '/whole/sse'])(
        `%s arrives ${streams ? 'chunk by chunk' : 'whole, as the platform has it'}`,
        async (path) => {
          const id = mark()
          const exchange = audited(path, id)
          if (streams) {
            const { reader, chunk } = await first(exchange)
            expect(chunk).toBe('data: first\n\n')
            // Sent before the handler could go on.
            world.control.release(id)
            expect(String((await reader.next()).value)).toBe('data: second\n\n')
            expect((await reader.next()).done).toBe(true)
          } else {
            await world.control.reached(id)
            world.control.release(id)
            expect(await text(await exchange.head)).toBe('data: first\n\ndata: second\n\n')
          }
          const { data, outcome } = await requestEvent(id)
          expect(outcome).toBe('success')
          expect(data?.['ended']).toBe(path === '/sse' ? undefined : 'complete')
        },
      )

      it('is counted to its end', async () => {
        const id = mark()
        const { body } = await askAudited('/whole/pages', id)
        expect(body).toBe('page 1\npage 2\npage 3\n')
        // Where nothing else keeps the work alive, the body ends when the event is stored.
        if (!defers) expect(await eventsOf(id)).toHaveLength(1)
        const { data } = await requestEvent(id)
        expect(data).toMatchObject({ ended: 'complete', responseBytes: 21 })
      })

      it('that breaks is a failure, and breaks for the client too', async () => {
        const id = mark()
        const exchange = audited('/whole/broken', id)
        if (streams) expect((await first(exchange)).chunk).toBe('page 1\n')
        world.control.release(id)
        const { data, error, outcome } = await requestEvent(id)
        expect({ outcome, ended: data?.['ended'] }).toEqual({ outcome: 'failure', ended: 'error' })
        expect(error?.message).toBe('the source broke')
      })

      const endless = streams ? ['/whole/endless'] : []
      it.each(endless)(
        '%s, whose client hangs up, ends once as cancelled, and so does its source',
        async (path) => {
          const id = mark()
          const exchange = audited(path, id)
          const { reader, chunk } = await first(exchange)
          expect(chunk).toMatch(/^and on\n/)
          await reader.next()
          exchange.hangUp()
          const { data, request } = await requestEvent(id)
          expect(data).toMatchObject({ ended: 'cancelled', status: 200 })
          // Who hangs up does not hide by it.
          expect({ ip: request?.ip, geo: request?.geo }).toEqual({
            ip: platform.ip,
            geo: platform.geo,
          })
          expect(Number(data?.['responseBytes'])).toBeGreaterThan(0)
          await eventually(async () => expect(await askSide('cancelled', id)).toBe(true))
        },
      )
    })

    it('prints a report, and tells of it before it is handed out', async () => {
      const id = mark()
      const { body, status } = await askAudited('/trail/reports/activity.pdf?limit=1', id)
      expect([status, body.slice(0, 8), body.slice(-6)]).toEqual([200, '%PDF-1.7', '%%EOF\n'])
      expect(ofKind(await eventsOf(id), 'export')).toMatchObject([
        {
          outcome: 'success',
          data: { type: 'report', format: 'pdf', records: expect.any(Number) },
        },
      ])
    })

    describe('an export over HTTP', () => {
      const both = async (id: string): Promise<readonly AuditEvent[]> => {
        await eventually(async () => {
          const told = ofKind(await eventsOf(id), 'export').map(({ action }) => action)
          expect(told.toSorted()).toEqual(['export', 'export.start'])
        })
        return ofKind(await eventsOf(id), 'export').filter(({ action }) => action === 'export')
      }

      it('is told when it begins, and when the client has all of it', async () => {
        const id = mark()
        const path = '/trail/export?format=ndjson&limit=1'
        const { body, status } = await askAudited(path, id)
        expect(status).toBe(200)
        // The end of the file waits for the event of it, whatever the platform does afterwards.
        expect(ofKind(await eventsOf(id), 'export')).toHaveLength(2)
        expect(await both(id)).toMatchObject([
          { outcome: 'success', data: { ended: 'complete', bytes: Buffer.byteLength(body) } },
        ])
      })

      it.each(streams ? ['/trail/export?format=endless'] : [])(
        '%s, whose client hangs up, is told as cut off',
        async (path) => {
          const id = mark()
          const exchange = audited(path, id)
          const reader = (await exchange.head)[Symbol.asyncIterator]()
          expect(String((await reader.next()).value)).toMatch(/^and on\n/)
          await reader.next()
          exchange.hangUp()
          expect(await both(id)).toMatchObject([
            { outcome: 'failure', data: { ended: 'cancelled' } },
          ])
        },
      )
    })

    it('leaves an event of a request whose client hung up while the handler ran', async () => {
      const id = mark()
      const exchange = audited('/slow', id)
      await world.control.reached(id)
      exchange.hangUp()
      world.control.release(id)
      await eventually(async () => {
        const actions = (await eventsOf(id)).map(({ action }) => action)
        expect(actions.toSorted()).toEqual(['http.get', 'slow.done'])
      })
      const { request } = await requestEvent(id)
      expect(request?.ip).toBe(platform.ip)
    })

    it('loses no event when half of the clients hang up', async () => {
      const ids = Array.from({ length: concurrent ? 30 : 4 }, mark)
      const exchanges = ids.map((id) => audited('/slow', id))
      // Where an instance takes one request at a time there are as many places as instances.
      await Promise.all(ids.map((id) => world.control.reached(id)))
      for (const exchange of exchanges.filter((_, index) => index % 2 === 0)) exchange.hangUp()
      for (const id of ids) world.control.release(id)
      const left = await Promise.all(
        exchanges.filter((_, index) => index % 2 === 1).map(async ({ head }) => text(await head)),
      )
      expect(left).toEqual(left.map(() => 'done'))
      for (const id of ids) {
        await eventually(async () => {
          const actions = (await eventsOf(id)).map(({ action }) => action)
          expect(actions.toSorted()).toEqual(['http.get', 'slow.done'])
        })
      }
    })

    it('stores what a task records after the response', async () => {
      const id = mark()
      await askAudited('/later', id, { headers: { 'x-user': 'ann' } })
      await requestEvent(id)
      world.control.release(id)
      await eventually(async () => {
        // A platform that froze the task goes on with it when it is asked again.
        if (!defers) await askSide('stats')
        const late = (await eventsOf(id)).filter(({ action }) => action === 'late.event')
        expect(late).toMatchObject([{ actor: { id: 'ann' }, request: { id } }])
      })
    })

    it('has stored the event before the response where that was asked for', async () => {
      const id = mark()
      world.gate.shut()
      const exchange = audited('/await', id, { method: 'POST', body: '{}' })
      let answered = false
      exchange.head.then(
        () => (answered = true),
        () => undefined,
      )
      await world.gate.held()
      expect(answered).toBe(false)
      world.gate.open()
      expect(await text(await exchange.head)).toBe('{"awaited":true}')
      expect(await eventsOf(id)).toHaveLength(1)
    })

    it(`answers ${defers ? 'while the store hangs' : 'when the event is stored'}`, async () => {
      const id = mark()
      world.gate.shut()
      const exchange = audited('/text', id)
      let answered = false
      exchange.head.then(
        () => (answered = true),
        () => undefined,
      )
      if (!defers) {
        await world.gate.held()
        expect(answered).toBe(false)
        world.gate.open()
      }
      expect(await text(await exchange.head)).toBe('hello')
      await world.gate.held()
      if (defers) expect(await eventsOf(id)).toEqual([])
      world.gate.open()
      if (!defers) expect(await eventsOf(id)).toHaveLength(1)
      await requestEvent(id)
    })

    it('runs a job in a scope of its own', async () => {
      const id = mark()
      expect((await askAudited('/job', id)).body).toBe('{"done":"done"}')
      // runAs() resolves when the events are stored.
      const events = await marked('job.step', id)
      expect(events).toMatchObject([
        { actor: { id: 'nightly', type: 'service', via: 'cron' }, tenant: 'acme' },
      ])
      expect(events[0]).not.toHaveProperty('request')
    })

    it(`${outside ? 'records' : 'tells the loss of an event'} outside of any request`, async () => {
      const id = mark()
      if (outside) {
        await ask(address('/side/outside', id))
        await eventually(async () => {
          if (!defers) await askSide('stats')
          const events = await marked('outside.event', id)
          expect(events).toMatchObject([{ actor: { type: 'system' }, tenant: null }])
        })
        return
      }
      // No bindings, so no store; one that waits for its event learns that it went to `onLoss`.
      await ask(address('/side/outside?await=1', id))
      expectedLosses = ['outside.event AUDIT_STORE_UNAVAILABLE']
      expect(await askSide('losses')).toEqual({ losses: expectedLosses, errors: [] })
    })

    it(`${webSocket ? 'lets a WebSocket through' : 'refuses a WebSocket'} as the app does`, async () => {
      const id = mark()
      asked.add(id)
      const answer = await talk(address('/socket', id), headersOf(id, {}), 'ping')
      const plain = await talk(
        address('/socket', id),
        { ...headersOf(id, {}), 'x-plain': '1' },
        'ping',
      )
      expect(answer).toEqual(plain)
      expect(answer.status).toBe(webSocket ? 101 : 426)
      if (webSocket) expect(answer.body).toBe('ping')
      const { outcome, request } = await requestEvent(id)
      expect(outcome).toBe(webSocket ? 'success' : 'failure')
      expect({ ip: request?.ip, path: request?.path }).toEqual({ ip: platform.ip, path: '/socket' })
    })

    it('ends with one event for each request, all counted, and nothing to complain of', async () => {
      const problems: string[] = []
      for (const id of asked) {
        const { length } = ofKind(await eventsOf(id), 'request')
        if (length !== 1) problems.push(`${id}: ${length} events`)
      }
      expect(problems).toEqual([])
      expect(await askSide('losses')).toEqual({ losses: expectedLosses, errors: [] })
      const lost = expectedLosses.length
      const stats = await eventually(async () => {
        const counts = (await askSide('stats')) as Record<string, number>
        expect(counts).toMatchObject({ pending: 0, lost, deadLettered: 0 })
        return counts
      })
      expect(stats['captured']).toBe(Number(stats['stored']) + lost)
      expect(world.problems()).toEqual([])
    })
  })
}
