import { createClient } from '@libsql/client'
import { drizzle } from 'drizzle-orm/node-postgres'
import { Pool } from 'pg'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { libsql } from '../../../adapters/store/libsql.ts'
import { postgres } from '../../../adapters/store/postgres.ts'
import type { AuditStore } from '../../../src/ports/store.ts'
import { conditionsConformance } from '../../conformance/conditions.ts'
import { t0 } from '../../conformance/reading.ts'
import { idsOf, rowOf, rowsOf, unique } from '../../conformance/rows.ts'
import { createDatabase } from '../../support/postgres.ts'

interface Opened {
  readonly store: AuditStore
  /** The statements that were sent since it was asked the last time. */
  sent(): readonly string[]
  execute(sql: string): Promise<unknown>
  close(): Promise<void>
}

const openSqlite = async (): Promise<Opened> => {
  const client = createClient({ url: ':memory:' })
  const sent: string[] = []
  const execute: typeof client.execute = (statement: string | { sql: string }) => {
    sent.push(typeof statement === 'string' ? statement : statement.sql)
    return Reflect.apply(client.execute, client, [statement])
  }
  const watched = Object.assign(Object.create(client), {
    execute,
    batch: client.batch.bind(client),
  })
  return {
    store: libsql({ client: watched }),
    sent: () => sent.splice(0),
    execute: (sql) => client.executeMultiple(sql),
    close: () => Promise.resolve(client.close()),
  }
}

const openPg = async (): Promise<Opened> => {
  const pool = new Pool({ connectionString: await createDatabase(inject('postgresUrl')) })
  const sent: string[] = []
  return {
    store: postgres(drizzle(pool, { logger: { logQuery: (text) => sent.push(text) } })),
    sent: () => sent.splice(0),
    execute: (sql) => pool.query(sql),
    close: () => pool.end(),
  }
}

const holds = (name: string, open: () => Promise<Opened>, index: RegExp) =>
  describe(`free text on ${name}`, () => {
    let opened: Opened
    const before = unique('before')
    const storeNow = (): AuditStore => opened.store

    beforeAll(async () => {
      opened = await open()
      await storeNow().migrate()
      await storeNow().append([
        rowOf({ tenant: before, record: '{"note":"Stored before the index"}' }),
      ])
      expect(await storeNow().migrate({ text: true })).toEqual(['text_search'])
      expect(await storeNow().migrate({ text: true })).toEqual([])
      expect(await storeNow().migrate()).toEqual([])
    })

    afterAll(() => opened.close())

    const found = async (text: string, tenant: string): Promise<readonly string[]> =>
      (await storeNow().page({ where: { text }, tenant, limit: 1_000 })).rows.map(
        ({ record }) => record,
      )

    conditionsConformance(storeNow)

    it('finds any part of a word, whatever its case, by the index', async () => {
      const tenant = unique('part')
      const records = [
        '{"a":"The Invoice"}',
        '{"a":"voice"}',
        '{"a":"void"}',
        '{"a":"日本語の請求書"}',
      ]
      await storeNow().append(
        records.map((record, index) => rowOf({ tenant, record, occurredAt: t0 + index })),
      )
      opened.sent()
      expect(await found('VOICE', tenant)).toEqual([records[1], records[0]])
      expect(opened.sent().join('\n')).toMatch(index)
      expect(await found('本語の', tenant)).toEqual([records[3]])
      expect(await found('vo', tenant)).toEqual([records[2], records[1], records[0]])
    })

    it.each([
      '"',
      "'",
      '" OR "x',
      'a* NOT b',
      'NEAR(a b)',
      'record:abc',
      '{abc}',
      '%%%',
      '___',
      '\\\\\\',
      '-abc',
      '(abc',
      'abc"',
    ])('takes what looks like a language for words to look for: %s', async (text) => {
      const tenant = unique('syntax')
      const record = JSON.stringify({ a: `before ${text} after` })
      await storeNow().append([
        rowOf({ tenant, record }),
        rowOf({ tenant, record: '{"a":"abc or x"}' }),
      ])
      expect(await found(text, tenant)).toContain(record)
      expect(await found(`${text}!`, tenant)).toEqual([])
    })

    it('finds what was stored before there was an index', async () => {
      expect(await found('before the INDEX', before)).toHaveLength(1)
    })

    it('pages through what stands in very many records in the order of time', async () => {
      const tenant = unique('many')
      const rows = rowsOf(10_100, (place) => ({
        tenant,
        occurredAt: t0 + place,
        record: '{"a":"omnipresent"}',
      }))
      await storeNow().append(rows)
      opened.sent()
      const { rows: newest, next } = await storeNow().page({
        where: { text: 'omnipresent' },
        tenant,
        limit: 50,
      })
      expect(idsOf(newest)).toEqual(idsOf(rows.slice(-50).toReversed()))
      expect(next).toEqual({ occurredAt: newest.at(-1)?.occurredAt, id: newest.at(-1)?.id })
      const other = unique('other')
      await storeNow().append([rowOf({ tenant: other, record: '{"a":"omnipresent"}' })])
      expect(await found('omnipresent', other)).toHaveLength(1)
    })

    it('forgets what the archive deletes', async () => {
      const tenant = unique('deleted')
      await storeNow().append([rowOf({ tenant, record: '{"a":"ephemeral"}' })])
      await opened.execute(`INSERT INTO audit_archive_pass (id) VALUES ('${tenant}');
        DELETE FROM audit_events WHERE tenant = '${tenant}';
        DELETE FROM audit_archive_pass`)
      expect(await found('ephemeral', tenant)).toEqual([])
    })

    it('finds the same after the database was vacuumed', async () => {
      const tenant = unique('vacuum')
      await storeNow().append(
        rowsOf(5, (place) => ({ tenant, record: `{"a":"unmoved ${place}"}` })),
      )
      await opened.execute('VACUUM')
      expect(await found('unmoved 3', tenant)).toEqual(['{"a":"unmoved 3"}'])
    })
  })

holds('SQLite', openSqlite, /audit_text match/)
holds('PostgreSQL', openPg, /lower\(record collate "C"\) like/)
