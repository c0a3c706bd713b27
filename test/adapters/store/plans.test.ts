import { createClient } from '@libsql/client'
import { drizzle } from 'drizzle-orm/node-postgres'
import { Pool } from 'pg'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { libsql } from '../../../adapters/store/libsql.ts'
import { postgres } from '../../../adapters/store/postgres.ts'
import type { Condition } from '../../../src/ports/condition.ts'
import type { AuditStore, PageQuery, SummaryQuery } from '../../../src/ports/store.ts'
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
  ['an action', { tenant: 't1', action: 'login' }, 'audit_events_tenant_action'],
  ['an action without tenant', { tenant: null, action: 'login' }, 'audit_events_tenant_action'],
  ['an outcome', { tenant: 't1', outcome: 'failure' }, 'audit_events_tenant_outcome'],
  ['a kind', { tenant: 't1', kind: 'auth' }, 'audit_events_tenant_kind'],
  ['a request', { requestId: 'r7' }, 'audit_events_request'],
  [
    'the failed logins from an address',
    { kind: 'auth', action: 'login', outcome: 'failure', ip: '192.0.2.1', from: t0 },
    'audit_events_failed_ip',
  ],
]

const target = (...ids: readonly string[]): Condition => ({ some: 'targets', type: 'x', ids })

/** What more than one look at an index finds. */
const lists: readonly (readonly [string, Omit<PageQuery, 'limit'>, string])[] = [
  ['a target, be it the first or another', { tenant: 't1', where: target('y7') }, 'tenant_target'],
  ['some targets', { tenant: 't1', where: target('y7', 'y8') }, 'tenant_target'],
  ['some targets without tenant', { tenant: null, where: target('y7', 'y8') }, 'tenant_target'],
  [
    'some actions',
    { tenant: 't1', where: { column: 'action', in: ['login', 'logout'] } },
    'audit_events_tenant_action',
  ],
  [
    'actions that begin alike',
    { tenant: 't1', where: { column: 'action', prefix: 'log' } },
    'audit_events_tenant_action',
  ],
  ['an actor of any tenant', { actorId: 'u1' }, 'audit_events_tenant_actor'],
  [
    'some tenants',
    { where: { column: 'tenant', in: ['t1', 't2', null] } },
    'audit_events_tenant_time',
  ],
]

/** The place at which a look ends is part of what the index is asked for. */
const bounded =
  /tenant_time \(tenant=\? AND \(?occurred_at(?:,id\))?>|Index Cond: .*ROW\(.*occurred_at.*id.*\) >= ROW/

const paged = queries.flatMap(([name, query, index]) => [
  [name, query, index] as const,
  [`${name}, oldest first`, { ...query, order: 'oldest' }, index] as const,
  [
    `${name}, the next page`,
    { ...query, after: { occurredAt: t0 + 500, id: '0' }, from: t0 },
    index,
  ] as const,
])

/** What is asked, and the index that finds the events of the range. */
const summaries: readonly (readonly [string, Partial<SummaryQuery>, string])[] = [
  ['a tenant', { tenant: 't1' }, 'audit_events_tenant_time'],
  ['no tenant', { tenant: null }, 'audit_events_tenant_time'],
  ['all tenants', {}, 'audit_events_time'],
  ['an actor', { tenant: 't1', actorId: 'u1' }, 'audit_events_tenant_actor'],
]

const rows = rowsOf(3000, (index) => ({
  tenant: index % 30 === 0 ? null : `t${index % 30}`,
  occurredAt: t0 + index,
  actorId: `u${index % 50}`,
  ...(index % 4 === 0
    ? { kind: 'process', targetType: 'process', targetId: `p${index}` }
    : { targetType: 'x', targetId: `y${index % 50}` }),
  requestId: `r${index}`,
  ...(index % 20 === 0 && { kind: 'auth', outcome: 'failure', action: 'login', ip: '192.0.2.1' }),
}))

interface Explained {
  /** The plan of the statement that was sent last, read and sorted if need be. */
  explain(read: (store: AuditStore) => Promise<unknown>, sort?: 'on' | 'off'): Promise<string>
  close(): Promise<void>
}

/** How a plan says that the index on the target finds a process by its id, and issues by their type. */
interface Seeks {
  readonly processes: RegExp
  readonly issues: RegExp
}

const holds = (name: string, seeks: Seeks, open: () => Promise<Explained>) =>
  describe(`reading from ${name}`, () => {
    let opened: Awaited<ReturnType<typeof open>>

    beforeAll(async () => {
      opened = await open()
    })

    afterAll(() => opened.close())

    it.each(paged)('takes a page in the order of an index: %s', async (_, query, index) => {
      const plan = await opened.explain((store) => store.page({ ...query, limit: 50 }))
      expect(plan).toContain(index)
      expect(plan).not.toMatch(/Sort|TEMP B-TREE|Seq Scan|SCAN audit_events$/m)
    })

    // Each value is looked up by itself, in the order of time, and what is found is put in order.
    it.each(lists)('looks up what is asked for value by value: %s', async (_, query, index) => {
      const plan = await opened.explain((store) => store.page({ ...query, limit: 50 }), 'on')
      expect(plan).toContain(index)
      expect(plan).not.toMatch(/Seq Scan on audit_events\b|SCAN audit_events$/m)
      expect(plan).toMatch(/LIMIT|Limit|CORRELATED|LIST SUBQUERY/)
    })

    it.each(lists)('counts by the index as well: %s', async (_, query, index) => {
      const plan = await opened.explain((store) => store.count({ ...query, limit: 50 }), 'on')
      expect(plan).toContain(index)
      expect(plan).not.toMatch(/Seq Scan on audit_events\b|SCAN audit_events$/m)
    })

    it('reads no further than it may where no index finds what is asked for', async () => {
      const where: Condition = { member: ['metadata', 'plan'], in: ['never'] }
      const asked: (store: AuditStore) => Promise<unknown> = (store) =>
        store.page({ tenant: 't1', where, limit: 50, scan: 20 })
      const plan = await opened.explain(asked)
      expect(plan).toMatch(bounded)
    })

    it.each(summaries)('counts no event by reading all of them: %s', async (_, query, index) => {
      const range = { from: t0 + 500, to: t0 + 600, top: 20 }
      const plan = await opened.explain((store) => store.summary({ ...range, ...query }), 'on')
      expect(plan).toContain(index)
      expect(plan).not.toMatch(/Seq Scan|SCAN audit_events$/m)
      expect(plan).toMatch(seeks.processes)
      expect(plan).toMatch(seeks.issues)
    })
  })

const fill = async (store: AuditStore): Promise<void> => {
  await store.migrate()
  await store.append(rows)
}

const sqliteSeeks = {
  processes: /tenant_target \(tenant=\? AND target_type=\? AND target_id=\?/,
  issues: /tenant_target \(tenant=\? AND target_type=\? AND target_id>\?/,
}

holds('SQLite', sqliteSeeks, async () => {
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
    async explain(read) {
      await read(store)
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

const pgSeeks = {
  processes: /tenant_target .*\n *Index Cond: .*target_type = 'process'.*target_id = /,
  issues: /tenant_target .*\n *Index Cond: .*target_type = 'issue'/,
}

holds('PostgreSQL', pgSeeks, async () => {
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
    async explain(read, sort = 'off') {
      await client.query(`SET enable_sort = ${sort}`)
      await read(store)
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
