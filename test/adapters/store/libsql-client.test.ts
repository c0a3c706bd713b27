import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { once } from 'node:events'
import { createClient } from '@libsql/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { libsql } from '../../../adapters/store/libsql.ts'
import { rowOf, rowsOf } from '../../conformance/rows.ts'

describe('libsql', () => {
  let directory: string

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'edge-audit-'))
  })

  afterAll(() => rm(directory, { recursive: true }))

  it('does nothing until it is called', () => {
    expect(() => libsql({ url: 'ws://127.0.0.1:1' })).not.toThrow()
    expect(() => libsql({ url: 'file:/no/such/directory/audit.db' })).not.toThrow()
    expect(() => libsql({ url: 'gopher://x' })).not.toThrow()
  })

  it('opens a local file with WAL, or with the pragmas it is given', async () => {
    const modeOf = async (url: string) => {
      const client = createClient({ url })
      const { rows } = await client.execute('PRAGMA journal_mode')
      client.close()
      return rows[0]?.['journal_mode']
    }
    const wal = `file:${join(directory, 'wal.db')}`
    const own = `file:${join(directory, 'own.db')}`
    const stores = [libsql({ url: wal }), libsql({ url: own, pragmas: ['journal_mode = DELETE'] })]
    for (const store of stores) {
      await store.migrate()
      await store.close()
    }
    expect(await modeOf(wal)).toBe('wal')
    expect(await modeOf(own)).toBe('delete')
  })

  it('opens a local file at the next call when it could not at first', async () => {
    const path = join(directory, 'late')
    const store = libsql({ url: `file:${path}/audit.db` })
    await expect(store.migrate()).rejects.toMatchObject({ name: 'AuditError' })
    await mkdir(path)
    await expect(store.migrate()).resolves.toContain('0000_events')
    await store.close()
  })

  it('gives a BLOB that somebody put into a column as hex, whatever it would be as JSON', async () => {
    const client = createClient({ url: ':memory:', concurrency: 1 })
    const store = libsql({ client })
    await store.migrate()
    // x'00' and x'1331' are null and 1 in the JSONB of SQLite, x'ff' is nothing.
    for (const blob of ['00', '1331', 'FF']) {
      const row = rowOf({ tenant: blob })
      await store.append([row])
      await client.execute('DROP TRIGGER IF EXISTS audit_events_no_update')
      await client.execute(`UPDATE audit_events SET target_id = x'${blob}' WHERE id = '${row.id}'`)
      const page = await store.page({ tenant: blob, limit: 1, archived: true })
      expect(page.rows).toMatchObject([{ id: row.id, targetId: blob, record: row.record }])
      expect(page.archived).toBe(false)
    }
    expect((await store.page({ limit: 9 })).rows).toHaveLength(3)
    client.close()
  })

  it('keeps a database in memory for as long as the store lives', async () => {
    const store = libsql({ url: ':memory:' })
    await store.migrate()
    await store.append([rowOf()])
    expect((await store.page({ limit: 2 })).rows).toHaveLength(1)
    await store.close()
  })

  it('reads past a value of a type that its column should not hold', async () => {
    const client = createClient({ url: ':memory:' })
    const store = libsql({ client })
    await store.migrate()
    const [odd, whole] = [rowOf({ occurredAt: 2 }), rowOf({ occurredAt: 1 })]
    await store.append([whole])
    await client.execute({
      sql: `insert into audit_events (id, occurred_at, kind, action, outcome, actor_type, actor_id, record)
        values (?, 2, 'custom', 'a', 'success', 'user', 'u1', ?)`,
      args: [odd.id, new Uint8Array([0x7b, 0x22, 0xff, 0x00, 0x7d])],
    })
    const { rows } = await store.page({ limit: 2 })
    expect(rows.map(({ id }) => id)).toEqual([odd.id, whole.id])
    expect(rows[1]).toMatchObject(whole)
    client.close()
  })

  it('leaves the client open that it was given', async () => {
    const client = createClient({ url: `file:${join(directory, 'given.db')}` })
    const store = libsql({ client })
    await store.migrate()
    await store.append([rowOf()])
    await store.close()
    expect((await client.execute('SELECT count(*) AS n FROM audit_events')).rows[0]?.['n']).toBe(1)
    client.close()
  })

  it('may be tried again while another process holds the write lock', async () => {
    const url = `file:${join(directory, 'busy.db')}`
    const store = libsql({ url })
    await store.migrate()
    const other = createClient({ url })
    const transaction = await other.transaction('write')
    const busy = { code: 'AUDIT_STORE_UNAVAILABLE', detail: expect.stringMatching(/^SQLITE_BUSY/) }
    await expect(store.append([rowOf()])).rejects.toMatchObject(busy)
    await expect(store.append(rowsOf(150, () => ({})))).rejects.toMatchObject(busy)
    transaction.close()
    await expect(store.append([rowOf()])).resolves.toBeUndefined()
    other.close()
    await store.close()
  })

  it.each(['http://127.0.0.1:1', 'ws://127.0.0.1:1'])(
    'may be tried again when nobody answers at %s',
    async (url) => {
      const store = libsql({ url })
      const error = { code: 'AUDIT_STORE_UNAVAILABLE' }
      await expect(store.append([rowOf()])).rejects.toMatchObject(error)
      await store.close()
    },
  )

  it('cancels the request when the signal is aborted', async () => {
    const server = createServer()
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const store = libsql({ url: `http://127.0.0.1:${port}` })
    const controller = new AbortController()
    const work = store.append([rowOf()], { signal: controller.signal })
    const [request] = await once(server, 'request')
    const closed = once(request.socket, 'close')
    controller.abort()
    await expect(work).rejects.toMatchObject({ detail: 'aborted' })
    await closed
    server.close()
    await store.close()
  })

  it.each([
    [401, 'AUDIT_STORE_REFUSED'],
    [404, 'AUDIT_STORE_REFUSED'],
    [429, 'AUDIT_STORE_UNAVAILABLE'],
    [500, 'AUDIT_STORE_UNAVAILABLE'],
    [503, 'AUDIT_STORE_UNAVAILABLE'],
  ])('tells from an answer of %i whether to try again', async (status, code) => {
    const store = libsql({
      url: 'http://127.0.0.1:1',
      fetch: () => Promise.resolve(new Response('{"error":"a value"}', { status })),
    })
    const row = rowOf()
    await expect(store.append([row])).rejects.toMatchObject({ code, detail: `HTTP ${status}` })
    const rows = rowsOf(150, () => ({}))
    await expect(store.append(rows)).rejects.toMatchObject({ code, detail: `HTTP ${status}` })
  })

  it('sends one request for an append, however many rows there are', async () => {
    const bodies: string[] = []
    const store = libsql({
      url: 'http://127.0.0.1:1',
      fetch: async (request, init) => {
        bodies.push(await new Request(request, init).text())
        return new Response('', { status: 503 })
      },
    })
    for (const count of [1, 100, 101, 1001]) {
      const append = store.append(rowsOf(count, () => ({})))
      await expect(append).rejects.toMatchObject({ code: 'AUDIT_STORE_UNAVAILABLE' })
    }
    expect(bodies).toHaveLength(4)
    const statements = bodies.map((body) => body.split(/insert into /i).length - 1)
    expect(statements.slice(0, 2)).toEqual([1, 1])
    expect(statements[2]).toBe(2)
    expect(bodies[2]).toContain('BEGIN IMMEDIATE')
  })

  it('starts a new statement when a record is large', async () => {
    const bodies: string[] = []
    const store = libsql({
      url: 'http://127.0.0.1:1',
      fetch: async (request, init) => {
        bodies.push(await new Request(request, init).text())
        return new Response('', { status: 503 })
      },
    })
    const record = JSON.stringify('x'.repeat(600_000))
    const append = store.append(rowsOf(3, () => ({ record })))
    await expect(append).rejects.toMatchObject({ code: 'AUDIT_STORE_UNAVAILABLE' })
    expect(bodies[0]?.match(/"args":\[\{/g)).toHaveLength(3)
  })
})
