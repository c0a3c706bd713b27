import { createClient } from '@libsql/client'
import { drizzle } from 'drizzle-orm/node-postgres'
import { Pool } from 'pg'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { libsql } from '../../../adapters/store/libsql.ts'
import { postgres } from '../../../adapters/store/postgres.ts'
import type { AuditStore, PageQuery } from '../../../src/ports/store.ts'
import { rowsOf } from '../../conformance/rows.ts'
import { createDatabase } from '../../support/postgres.ts'

const t0 = 1_767_225_600_000

const queries: readonly (readonly [string, Omit<PageQuery, 'limit'>, string])[] = [
  ['a tenant', { tenant: 't1' }, 'audit_events_tenant_time'],
  ['no tenant', { tenant: null }, 'audit_events_tenant_time'],
  ['all tenants', {}, 'audit_events_time'],
  ['an actor', { tenant: 't1', actorId: 'u1' }, 'audit_events_tenant_actor'],
  ['an actor without tenant', { tenant: null, actorId: 'u1' }, 'audit_events_tenant_actor'],
  ['a target', { tenant: 't1', targetType: 'x', targetId: 'y' }, 'audit_events_tenant_target'],
  [
    'a target without tenant',
    { tenant: null, targetType: 'x', targetId: 'y' },
    'audit_events_tenant_target',
  ],
  [
    'the failed logins from an address',
    { kind: 'auth', action: 'login', outcome: 'failure', ip: '192.0.2.1', from: t0 },
    'audit_events_failed_ip',
  ],
]

const paged = queries.flatMap(([name, query, index]) => [
  [name, query, index] as const,
  [`${name}, oldest first`, { ...query, order: 'oldest' }, index] as const,
  [
    `${name}, the next page`,
    { ...query, after: { occurredAt: t0 + 500, id: '0' }, from: t0 },
    index,
  ] as const,
])

const rows = rowsOf(3000, (index) => ({
  tenant: index % 30 === 0 ? null : `t${index % 30}`,
  occurredAt: t0 + index,
  actorId: `u${index % 50}`,
  targetType: 'x',
  targetId: `y${index % 50}`,
  requestId: `r${index}`,
  ...(index % 20 === 0 && { kind: 'auth', outcome: 'failure', action: 'login', ip: '192.0.2.1' }),
}))

/** The plan of the statement that a page of the store is read with, and sorted if need be. */
type Explain = (query: PageQuery, sort?: 'on' | 'off') => Promise<string>

const holds = (name: string, open: () => Promise<{ explain: Explain; close(): Promise<void> }>) =>
  describe(`pages from ${name}`, () => {
    let opened: Awaited<ReturnType<typeof open>>

    beforeAll(async () => {
      opened = await open()
    })

    afterAll(() => opened.close())

    it.each(paged)('are read in the order of an index: %s', async (_, query, index) => {
      const plan = await opened.explain({ ...query, limit: 50 })
      expect(plan).toContain(index)
      expect(plan).not.toMatch(/Sort|TEMP B-TREE|Seq Scan|SCAN audit_events$/m)
    })

    it('are found by the request without reading others', async () => {
      const plan = await opened.explain({ requestId: 'r7', limit: 50 }, 'on')
      expect(plan).toContain('audit_events_request')
    })
  })

const fill = async (store: AuditStore): Promise<void> => {
  await store.migrate()
  await store.append(rows)
}

holds('SQLite', async () => {
  const client = createClient({ url: ':memory:' })
  const sent: { sql: string; args: unknown[] }[] = []
  const execute: typeof client.execute = (statement: string | { sql: string; args?: unknown }) => {
    if (typeof statement === 'object' && Array.isArray(statement.args))
      sent.push({ sql: statement.sql, args: statement.args })
    return Reflect.apply(client.execute, client, [statement])
  }
  const store = libsql({
    client: Object.assign(Object.create(client), { execute, batch: client.batch.bind(client) }),
  })
  await fill(store)
  return {
    async explain(query) {
      await store.page(query)
      const last = sent.at(-1)
      const { rows } = await client.execute({
        sql: `EXPLAIN QUERY PLAN ${last?.sql}`,
        args: (last?.args ?? []).map(String),
      })
      return rows.map(({ detail }) => String(detail)).join('\n')
    },
    close: () => Promise.resolve(client.close()),
  }
})

holds('PostgreSQL', async () => {
  const pool = new Pool({ connectionString: await createDatabase(inject('postgresUrl')) })
  const sent: { text: string; values: unknown[] }[] = []
  const logger = { logQuery: (text: string, values: unknown[]) => sent.push({ text, values }) }
  const store = postgres(drizzle(pool, { logger }))
  await fill(store)
  await pool.query('ANALYZE audit_events')
  const client = await pool.connect()
  // A table this small is read and sorted in no time; the question is what a large one would need.
  await client.query('SET enable_bitmapscan = off; SET enable_seqscan = off')
  return {
    async explain(query, sort = 'off') {
      await client.query(`SET enable_sort = ${sort}`)
      await store.page(query)
      const last = sent.at(-1)
      const { rows } = await client.query(`EXPLAIN ${last?.text}`, last?.values)
      return rows.map((row: Record<string, unknown>) => String(row['QUERY PLAN'])).join('\n')
    },
    async close() {
      client.release()
      await pool.end()
    },
  }
})
