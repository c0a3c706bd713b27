import { createClient } from '@libsql/client'
import { drizzle } from 'drizzle-orm/node-postgres'
import { Pool } from 'pg'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { libsql } from '../../../adapters/store/libsql.ts'
import { postgres } from '../../../adapters/store/postgres.ts'
import type { Condition } from '../../../src/event/condition.ts'
import type { EventRow } from '../../../src/event/row.ts'
import type { AuditStore, PageQuery, SummaryQuery } from '../../../src/ports/store.ts'
import { page } from '../../../src/read/page.ts'
import type { Reading } from '../../../src/read/reading.ts'
import { exports, issues, processes } from '../../../src/read/views.ts'
import { rowOf, rowsOf } from '../../conformance/rows.ts'
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

/** Among them issues that occur often. */
const withIssues = rows.map((row, index) =>
  index % 4 === 2
    ? rowOf({
        ...row,
        kind: 'system',
        action: index % 3 === 0 ? 'system.resolve' : 'system.error',
        targetType: 'issue',
        targetId: `i${index % 70}`,
      })
    : row,
)

/** What is listed, and the index that finds the last events of the things. */
const views: readonly (readonly [string, (audit: Reading) => Promise<object>, string])[] = [
  ['processes', (audit) => processes(audit, { tenant: 't4' }), 'audit_events_tenant_kind'],
  [
    'processes of a time, oldest first',
    (audit) => processes(audit, { tenant: 't4', from: t0 + 900, to: t0 + 2_000, order: 'oldest' }),
    'audit_events_tenant_kind',
  ],
  ['exports', (audit) => exports(audit, { tenant: 't4' }), 'audit_events_tenant_kind'],
  [
    'open issues',
    (audit) => issues(audit, { tenant: 't2', state: 'open' }),
    'audit_events_tenant_action',
  ],
  [
    'open issues of no tenant',
    (audit) => issues(audit, { tenant: null, state: 'open' }),
    'audit_events_tenant_action',
  ],
  [
    'resolved issues of all tenants',
    (audit) => issues(audit, { state: 'resolved' }),
    'audit_events_tenant_action',
  ],
]

interface Explained {
  /** The plan of the statement that was sent last, read and sorted if need be. */
  explain(read: (store: AuditStore) => Promise<unknown>, sort?: 'on' | 'off'): Promise<string>
  /** The plans of all statements that were sent. */
  explainAll(read: (store: AuditStore) => Promise<unknown>): Promise<readonly string[]>
  close(): Promise<void>
}

/** How a plan says that the index on the target finds a process by its id, and issues by their type. */
interface Seeks {
  readonly processes: RegExp
  readonly issues: RegExp
  readonly later: RegExp
}

const holds = (
  name: string,
  seeks: Seeks,
  open: (rows: readonly EventRow[]) => Promise<Explained>,
) => {
  describe(`reading from ${name}`, () => {
    let opened: Awaited<ReturnType<typeof open>>

    beforeAll(async () => {
      opened = await open(rows)
    })

    afterAll(() => opened.close())

    it('tells with one statement what a page holds, and whether more of it is archived', async () => {
      const tenant = rows.find((row) => row.tenant !== null)?.tenant ?? ''
      const plans = await opened.explainAll((store) => page({ store: () => store }, { tenant }))
      expect(plans).toHaveLength(1)
      expect(plans[0]).toContain('audit_archive_manifests')
      expect(plans[0]).not.toMatch(/Seq Scan on audit_events\b|SCAN audit_events$/m)
    })

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

    it('reads no further than it may where very many events are of one time', async () => {
      const where: Condition = { member: ['metadata', 'plan'], in: ['never'] }
      const plans = await opened.explainAll((store) =>
        store.page({ tenant: 't1', where, limit: 50 }),
      )
      // It looks nearby first, asks then where it may read to, and reads up to there.
      const [nearby] = plans
      expect(nearby).toMatch(bounded)
    })

    it('counts no further than it may where the database only narrows down what is asked for', async () => {
      const where: Condition = { network: '192.0.2.0/25' }
      let counted: unknown
      await opened.explainAll(async (store) => {
        counted = await store.count({ where, limit: 1_000, scan: 1_500 })
      })
      // One of twenty is from there.
      expect(counted).toEqual({ count: 75, more: true })
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

  describe(`listing from ${name}`, () => {
    let opened: Awaited<ReturnType<typeof open>>

    beforeAll(async () => {
      opened = await open(withIssues)
    })

    afterAll(() => opened.close())

    it.each(views)('lists things without reading others: %s', async (_, read, index) => {
      const plans = await opened.explainAll((store) => read({ store: () => store }))
      const finding = plans.filter((plan) => /later/.test(plan))
      expect(finding.length).toBeGreaterThan(0)
      for (const plan of finding) {
        expect(plan).toContain(index)
        expect(plan).toMatch(seeks.later)
      }
      // A join may read through all events to find a few.
      for (const plan of plans)
        expect(plan).not.toMatch(/Seq Scan on audit_events |SCAN audit_events$|(Semi|Anti) Join/m)
    })
  })
}

const fill = async (store: AuditStore, rows: readonly EventRow[]): Promise<void> => {
  await store.migrate()
  await store.append(rows)
}

const sqliteSeeks = {
  processes: /tenant_target \(tenant=\? AND target_type=\? AND target_id=\?/,
  issues: /tenant_target \(tenant=\? AND target_type=\? AND target_id>\?/,
  later:
    /later USING INDEX audit_events_tenant_target \(tenant=\? AND target_type=\? AND target_id=\?/,
}

holds('SQLite', sqliteSeeks, async (rows) => {
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
  await fill(store, rows)
  const planOf = async (statement: (typeof sent)[number] | undefined): Promise<string> => {
    const { rows } = await client.execute({
      sql: `EXPLAIN QUERY PLAN ${statement?.sql}`,
      args: (statement?.args ?? []).map(String),
    })
    return rows.map(({ detail }) => String(detail)).join('\n')
  }
  return {
    async explain(read) {
      await read(store)
      return planOf(sent.at(-1))
    },
    async explainAll(read) {
      sent.length = 0
      await read(store)
      return Promise.all(sent.map(planOf))
    },
    close: () => Promise.resolve(client.close()),
  }
})

const pgSeeks = {
  processes: /tenant_target .*\n *Index Cond: .*target_type = 'process'.*target_id = /,
  issues: /tenant_target .*\n *Index Cond: .*target_type = 'issue'/,
  later:
    /tenant_target on audit_events later.*\n *Index Cond: .*target_id = .*ROW\(occurred_at, id\) >/,
}

holds('PostgreSQL', pgSeeks, async (rows) => {
  const pool = new Pool({ connectionString: await createDatabase(inject('postgresUrl')) })
  const sent: { text: string; values: unknown[] }[] = []
  const logger = { logQuery: (text: string, values: unknown[]) => sent.push({ text, values }) }
  const store = postgres(drizzle(pool, { logger }))
  await fill(store, rows)
  await pool.query('ANALYZE audit_events')
  const client = await pool.connect()
  // A table this small is read and sorted in no time; the question is what a large one would need.
  await client.query('SET enable_bitmapscan = off; SET enable_seqscan = off')
  const planOf = async (statement: (typeof sent)[number] | undefined): Promise<string> => {
    const { rows } = await client.query(`EXPLAIN ${statement?.text}`, statement?.values)
    return rows.map((row: Record<string, unknown>) => String(row['QUERY PLAN'])).join('\n')
  }
  return {
    async explain(read, sort = 'off') {
      await client.query(`SET enable_sort = ${sort}`)
      await read(store)
      return planOf(sent.at(-1))
    },
    async explainAll(read) {
      await client.query('SET enable_sort = on')
      sent.length = 0
      await read(store)
      const plans: string[] = []
      // One connection asks one thing at a time.
      for (const statement of sent) plans.push(await planOf(statement))
      return plans
    },
    async close() {
      client.release()
      await pool.end()
    },
  }
})
