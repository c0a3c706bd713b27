import { describe, expect, it } from 'vitest'
import { parquet } from '../../../adapters/export/parquet.ts'
import { memory } from '../../../adapters/store/memory.ts'
import { AuditError } from '../../../src/errors.ts'
import { ecs } from '../../../src/read/export/ecs.ts'
import type { AuditStore } from '../../../src/ports/store.ts'
import { executionContext } from '../../support/app.ts'
import { gate, isSettled, until } from '../../support/gate.ts'
import { parquetRows } from '../../support/parquet.ts'
import { rowsOf } from '../../conformance/rows.ts'
import { desk, may } from './desk.ts'
import { sha256 } from '../../support/sha256.ts'

const many = async (count: number, store: AuditStore = memory()): Promise<AuditStore> => {
  const rows = rowsOf(count, (index) => ({ tenant: index % 2 === 0 ? 'acme' : 'globex' }))
  for (let at = 0; at < count; at += 1_000) await store.append(rows.slice(at, at + 1_000))
  return store
}

describe('an export', () => {
  it.each([
    ['csv', 'text/csv; charset=utf-8; header=present', 'csv'],
    ['ndjson', 'application/x-ndjson', 'ndjson'],
    ['json', 'application/json', 'json'],
    ['ocsf', 'application/x-ndjson', 'ndjson'],
    ['cloudevents', 'application/x-ndjson', 'ndjson'],
    ['ecs', 'application/x-ndjson', 'ndjson'],
  ])('is a file in the format %s', async (format, type, extension) => {
    const { ask, put } = desk()
    await put({ action: 'invoice.refund' })
    const response = await ask(`/export?format=${format}&kind=custom`)
    const id = response.headers.get('x-export-id')
    expect(response.headers.get('content-type')).toBe(type)
    expect(response.headers.get('content-disposition')).toBe(
      `attachment; filename="audit-trail-${id}.${extension}"`,
    )
    expect(await response.text()).toContain('invoice.refund')
  })

  it('is told by two events of its id: before its first byte, and with what it was at its end', async () => {
    const store = await many(2_500)
    const made = desk({}, { store })
    const response = await made.ask('/export?format=ndjson&tenant=acme', {
      headers: { 'x-user': 'ada' },
    })
    const { rows } = await store.page({ kind: 'export', limit: 10 })
    expect(rows.map(({ action }) => action)).toEqual(['export.start'])
    const bytes = new Uint8Array(await response.arrayBuffer())
    const target = { type: 'export', id: response.headers.get('x-export-id'), name: 'audit-trail' }
    const filters = { format: 'ndjson', tenant: 'acme' }
    expect(await made.told()).toMatchObject([
      {
        action: 'export.start',
        kind: 'export',
        actor: { id: 'ada' },
        targets: [target],
        data: { format: 'ndjson', filters },
      },
      {
        action: 'export',
        outcome: 'success',
        actor: { id: 'ada' },
        targets: [target],
        data: {
          type: 'audit-trail',
          format: 'ndjson',
          filters,
          ended: 'complete',
          records: 1_250,
          bytes: bytes.byteLength,
          sha256: sha256(bytes),
        },
      },
    ])
    expect(await made.get(`/exports/${target.id}`)).toMatchObject({
      records: 1_250,
      outcome: 'success',
    })
  })

  it('that is not allowed, or wrong, or of another tenant leaves an event and no file', async () => {
    const { ask, told } = desk({}, { store: await many(10) })
    expect((await ask('/export', { headers: may(false) })).status).toBe(403)
    expect((await ask('/export?format=xls')).status).toBe(400)
    const foreign = await ask('/export?format=ndjson&trailer=false', {
      headers: may({ tenant: 'nobody' }),
    })
    expect(await foreign.text()).toBe('')
    expect(await told()).toMatchObject([
      { action: 'export.start', outcome: 'denied' },
      { action: 'export.start', outcome: 'failure' },
      { action: 'export.start', outcome: 'success' },
      { action: 'export', outcome: 'success', data: { records: 0 } },
    ])
  })

  it('ends for who reads it only when its last event is stored', async () => {
    const inner = await many(3)
    const held = gate()
    let appends = 0
    const store: AuditStore = {
      ...inner,
      append: async (rows, options) => {
        appends += 1
        if (appends > 1) await held.passed
        await inner.append(rows, options)
      },
    }
    const { ask } = desk({}, { store })
    const whole = (await ask('/export?format=ndjson')).text()
    await until(() => appends === 2)
    expect(await isSettled(whole)).toBe(false)
    held.open()
    expect((await whole).split('\n')).toHaveLength(5)
  })

  it('keeps the runtime until its end is told, also for who hangs up', async () => {
    const made = desk({}, { store: await many(5_000) })
    const context = executionContext()
    const response = await made.app.request('/audit/export?format=ndjson', {}, {}, context)
    const waits = context.waited.length
    expect(waits).toBeGreaterThan(0)
    const drained = Promise.all(context.waited)
    expect(await isSettled(drained)).toBe(false)
    const reader = response.body?.getReader()
    await reader?.read()
    await reader?.cancel()
    await drained
    await context.drained()
    const { rows } = await made.store.page({ kind: 'export', limit: 1 })
    expect(JSON.parse(rows[0]?.record ?? '')).toMatchObject({
      action: 'export',
      outcome: 'failure',
      data: {
        ended: 'cancelled',
        records: expect.any(Number),
        sha256: expect.stringMatching(/^[\da-f]{64}$/),
      },
    })
  })

  it('that breaks off is told as a failure, with the error', async () => {
    const inner = await many(3_000)
    let pages = 0
    const store: AuditStore = {
      ...inner,
      page: (query) =>
        query.limit === 1_000 && (pages += 1) > 2
          ? Promise.reject(new AuditError('AUDIT_STORE_UNAVAILABLE'))
          : inner.page(query),
    }
    const made = desk({}, { store })
    const response = await made.ask('/export?format=csv')
    expect(response.status).toBe(200)
    await expect(response.text()).rejects.toThrow('The store did not answer')
    const { rows } = await inner.page({ kind: 'export', limit: 1 })
    expect(JSON.parse(rows[0]?.record ?? '')).toMatchObject({
      action: 'export',
      outcome: 'failure',
      error: { type: 'AuditError' },
      data: { ended: 'failed' },
    })
  })

  it('is a 503, and no file, when the store fails at once', async () => {
    const page = () => Promise.reject(new AuditError('AUDIT_STORE_UNAVAILABLE'))
    const { ask } = desk({}, { store: { ...memory(), page } })
    expect((await ask('/export')).status).toBe(503)
  })

  it('reads a page when more of the file is wanted, and holds no more', async () => {
    const inner = await many(10_000)
    let pages = 0
    const store: AuditStore = {
      ...inner,
      page: (query) => {
        if (query.limit === 1_000) pages += 1
        return inner.page(query)
      },
    }
    const { ask } = desk({}, { store })
    const response = await ask('/export?format=ndjson')
    expect(pages).toBe(1)
    const reader = response.body?.getReader()
    await reader?.read()
    expect(pages).toBeLessThan(4)
    await reader?.cancel()
    const read = pages
    expect(read).toBeLessThan(4)
  })

  it('goes on where another ended: by its cursor, or after an event', async () => {
    const store = await many(25)
    const { ask } = desk({}, { store })
    const ids = async (query: string): Promise<{ ids: string[]; next: string | null }> => {
      const text = await (await ask(`/export?format=json&${query}`)).text()
      const { events, next }: { events: { id: string }[]; next: string | null } = JSON.parse(text)
      return { ids: events.map(({ id }) => id), next }
    }
    const whole = await ids('tenant=acme')
    const first = await ids('tenant=acme&limit=5')
    const second = await ids(`tenant=acme&limit=5&next=${first.next}`)
    expect([...first.ids, ...second.ids]).toEqual(whole.ids.slice(0, 10))
    const rest = await ids(`tenant=acme&after=${second.ids.at(-1)}`)
    expect(rest).toEqual({ ids: whole.ids.slice(10), next: null })
    const back = await ids(`tenant=acme&order=newest&after=${second.ids[0]}`)
    expect(back.ids).toEqual(whole.ids.slice(0, 5).toReversed())
  })

  it('goes on after no event that its reader may not see', async () => {
    const store = await many(4)
    const { get } = desk({}, { store })
    const { events } = await get<{ events: { id: string }[] }>('/events?tenant=globex')
    for (const after of [events[0]?.id, 'nowhere'])
      expect(
        await get(`/export?after=${after}`, { headers: may({ tenant: 'acme' }) }, 400),
      ).toMatchObject({
        errors: [{ parameter: 'after', detail: 'must be the id of an event that you may see' }],
      })
  })

  it('holds no more rows than it may', async () => {
    const { ask } = desk({ limits: { rows: 3 } }, { store: await many(10) })
    const { rows, next } = JSON.parse(await (await ask('/export?format=json&limit=7')).text())
    expect([rows, typeof next]).toEqual([3, 'string'])
  })

  it('has the columns, the mark and the last line that are asked for', async () => {
    const { ask } = desk({}, { store: await many(1) })
    const response = await ask('/export?columns=id&columns=action&bom=true&trailer=false')
    const bytes = new Uint8Array(await response.arrayBuffer())
    expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf])
    expect(new TextDecoder().decode(bytes)).toMatch(/^id,action\r\n[^,]+,[^,]+\r\n$/)
  })

  it.each([
    ['format=xls', 'format'],
    ['format=__proto__', 'format'],
    ['columns=nobody', 'columns'],
    ['columns=id&columns=id', 'columns'],
    ['format=json&trailer=true', 'trailer'],
    ['format=ndjson&bom=true', 'bom'],
    ['format=ecs&columns=id', 'columns'],
    ['limit=0', 'limit'],
    ['after=x', 'after'],
    ['next=x', 'next'],
    ['ip=10.0.0.0/99', 'ip'],
  ])('is refused for %s by the name of the parameter', async (query, parameter) => {
    const { get } = desk()
    expect(await get(`/export?${query}`, {}, 400)).toMatchObject({ errors: [{ parameter }] })
  })

  it('may not be asked for by what its reader is not shown, and shows none of it', async () => {
    const { ask, put, get } = desk()
    await put({ action: 'a', reason: 'shown', metadata: { plan: 'hidden-plan' } })
    const headers = may({ tenant: 'acme', fields: ['reason'] })
    expect(await get('/export?text=hidden', { headers }, 400)).toMatchObject({
      errors: [{ parameter: 'text' }],
    })
    for (const format of ['csv', 'ndjson', 'json', 'ocsf', 'cloudevents', 'ecs']) {
      const text = await (await ask(`/export?format=${format}`, { headers })).text()
      expect(text).toContain('shown')
      expect(text).not.toContain('hidden-plan')
    }
  })

  it('comes in formats that the app hands in, also in place of a built-in one', async () => {
    const { ask } = desk(
      { formats: [parquet(), ecs({ service: 'billing' })] },
      { store: await many(3) },
    )
    const response = await ask('/export?format=parquet')
    expect(response.headers.get('content-type')).toBe('application/vnd.apache.parquet')
    const rows = await parquetRows(await response.arrayBuffer())
    expect(rows).toHaveLength(3)
    expect(await (await ask('/export?format=ecs')).text()).toContain('billing')
    const plain = desk()
    expect((await plain.ask('/export?format=parquet')).status).toBe(400)
  })

  it('has no file for who asks for its headers', async () => {
    const { ask, told } = desk({}, { store: await many(3) })
    const response = await ask('/export', { method: 'HEAD' })
    expect([response.status, response.headers.get('x-export-id'), response.body]).toEqual([
      200,
      null,
      null,
    ])
    expect(await told()).toMatchObject([{ kind: 'access', action: 'view' }])
  })
})
