import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AuditStore } from '../../src/ports/store.ts'
import { rowOf } from './rows.ts'
import type { OpenedStore } from './store.ts'

export interface OpenedDatabase extends OpenedStore {
  /** Runs SQL past the store, statements apart by `;`, in one transaction. */
  execute(sql: string): Promise<unknown>
  /** Another store on the same database, as another process would have. */
  connect(): Promise<AuditStore>
}

const columns = 'id, occurred_at, kind, action, outcome, actor_type, actor_id, record'

const twoTargets = JSON.stringify({
  targets: [
    { id: '1', type: 'invoice' },
    { id: '7', type: 'order' },
  ],
})

const forged = (id: string): string =>
  `SELECT '${id}', occurred_at, kind, 'forged', outcome, actor_type, actor_id, record FROM audit_events`

// One dialect does not know the words of the other: then it refuses them, which is as good.
const attacks: readonly (readonly [string, (id: string) => string])[] = [
  ['UPDATE', () => `UPDATE audit_events SET action = 'forged'`],
  ['UPDATE OR IGNORE', () => `UPDATE OR IGNORE audit_events SET action = 'forged'`],
  ['UPDATE of the id', () => `UPDATE audit_events SET id = 'forged'`],
  ['DELETE', () => 'DELETE FROM audit_events'],
  ['TRUNCATE', () => 'TRUNCATE audit_events'],
  ['TRUNCATE CASCADE', () => 'TRUNCATE audit_events CASCADE'],
  ['REPLACE', (id) => `REPLACE INTO audit_events (${columns}) ${forged(id)}`],
  ['INSERT OR REPLACE', (id) => `INSERT OR REPLACE INTO audit_events (${columns}) ${forged(id)}`],
  [
    'REPLACE of the rowid',
    () =>
      `REPLACE INTO audit_events (rowid, ${columns}) ${forged('x').replace('SELECT', 'SELECT rowid,')}`,
  ],
  [
    'an upsert',
    (id) =>
      `INSERT INTO audit_events (${columns}) ${forged(id)} WHERE true
       ON CONFLICT (id) DO UPDATE SET action = 'forged'`,
  ],
  [
    'MERGE',
    () =>
      `MERGE INTO audit_events USING (SELECT 1) ON true WHEN MATCHED THEN UPDATE SET action = 'forged'`,
  ],
]

/** Holds a store with tables to the rest of its contract: migrations, and events that nobody changes. */
export const databaseConformance = (name: string, open: () => Promise<OpenedDatabase>): void => {
  describe(`database: ${name}`, () => {
    let opened: OpenedDatabase
    let store: AuditStore

    beforeEach(async () => {
      opened = await open()
      store = opened.store
    }, 60_000)

    afterEach(async () => {
      await store.close()
      await opened.close?.()
    })

    const foundByTarget = async (): Promise<readonly string[]> => {
      const where = { some: 'targets', type: 'order', ids: ['7'] } as const
      return (await store.page({ where, tenant: null, limit: 10 })).rows.map(({ id }) => id)
    }

    it('asks for the migration while the tables are missing', async () => {
      const code = 'AUDIT_STORE_NOT_MIGRATED'
      await expect(store.append([rowOf()])).rejects.toMatchObject({ code })
      await expect(store.page({ limit: 1 })).rejects.toMatchObject({ code })
      await expect(store.get('x')).rejects.toMatchObject({ code })
      const summary = store.summary({ from: 0, to: 1, top: 1 })
      await expect(summary).rejects.toMatchObject({ code })
    })

    it('applies each migration once', async () => {
      expect(await store.migrate()).toEqual(
        expect.arrayContaining(['0000_events', '0001_append_only']),
      )
      expect(await store.migrate()).toEqual([])
    })

    it('lets twenty migrate at once, and one of them do it', async () => {
      const stores = await Promise.all(Array.from({ length: 20 }, () => opened.connect()))
      const names = (await Promise.all(stores.map((each) => each.migrate()))).flat()
      expect(names).toContain('0000_events')
      expect(new Set(names).size).toBe(names.length)
      expect(await store.migrate()).toEqual([])
      await Promise.all(stores.map((each) => each.close()))
    }, 30_000)

    it('names an applied migration that was changed since', async () => {
      await store.migrate()
      await opened.execute(
        `UPDATE audit_migrations SET sha256 = 'x' WHERE name = '0001_append_only'`,
      )
      await expect(store.migrate()).rejects.toMatchObject({
        code: 'AUDIT_MIGRATION_CHANGED',
        detail: '0001_append_only',
      })
    })

    it('ignores the migrations of a newer version', async () => {
      await store.migrate()
      await opened.execute(`INSERT INTO audit_migrations (name, sha256) VALUES ('9999_later', 'x')`)
      expect(await store.migrate()).toEqual([])
    })

    it.each(attacks)('does not let %s change an event', async (_, attack) => {
      await store.migrate()
      const row = rowOf({ action: 'invoice.refund' })
      await store.append([row])
      // Refused or passed over: what counts is what stands there afterwards.
      await Promise.allSettled([opened.execute(attack(row.id))])
      const { rows } = await store.page({ limit: 10 })
      expect(rows).toEqual([{ ...row, recordedAt: expect.any(Number) }])
    })

    it.each([
      'DELETE FROM audit_event_targets',
      `UPDATE audit_event_targets SET target_id = 'forged'`,
      'TRUNCATE audit_event_targets',
    ])('does not let a further target of an event be lost: %s', async (attack) => {
      await store.migrate()
      const row = rowOf({ record: twoTargets })
      await store.append([row])
      await expect(opened.execute(attack)).rejects.toBeDefined()
      expect(await foundByTarget()).toEqual([row.id])
    })

    it.each([
      'DELETE FROM audit_archived_events',
      `UPDATE audit_archived_events SET record = 'forged'`,
      'TRUNCATE audit_archived_events',
      'DELETE FROM audit_archive_manifests',
      `UPDATE audit_archive_manifests SET manifest = 'forged'`,
      'UPDATE audit_archive_manifests SET number = 7',
      'TRUNCATE audit_archive_manifests',
      'DELETE FROM audit_holds',
      `UPDATE audit_holds SET tenant = 'forged'`,
      `UPDATE audit_holds SET reason = 'forged', released_by = 'x', released_at = placed_at`,
      'UPDATE audit_holds SET released_by = NULL, released_at = NULL',
      'TRUNCATE audit_holds',
    ])('does not let the books of the archive be forged: %s', async (attack) => {
      await store.migrate()
      const ledger = await store.ledger()
      await ledger.lease('run', 60_000)
      const span = { firstAt: 0, lastAt: 0, count: 1, tenant: null }
      await ledger.commit([{ id: 'e', number: 1, place: 'p', manifest: 'm', ...span }], 'run')
      for (const id of ['kept', 'released'])
        await ledger.place({ id, tenant: 'a', reason: 'a case', by: 'counsel' })
      await ledger.release('released', 'judge')
      await ledger.table.write('s', [{ ...rowOf(), recordedAt: 0, archivedAt: 0 }])
      const books = async () => [
        await ledger.entries({ limit: 10 }),
        await ledger.holds({ all: true }),
        await ledger.table.read('s'),
      ]
      const before = await books()
      await expect(opened.execute(attack)).rejects.toBeDefined()
      expect(await books()).toEqual(before)
    })

    it('still takes events after a row with a rowid of its own was tried', async () => {
      await store.migrate()
      const row = rowOf()
      await store.append([rowOf()])
      await Promise.allSettled([
        opened.execute(
          `INSERT INTO audit_events (rowid, ${columns}) ${forged('x').replace('SELECT', 'SELECT -1,')}`,
        ),
      ])
      await store.append([row])
      expect((await store.get(row.id))?.id).toBe(row.id)
    })

    it('deletes with an event its further targets', async () => {
      await store.migrate()
      const row = rowOf({ record: twoTargets })
      await store.append([row, rowOf()])
      await opened.execute(
        `INSERT INTO audit_archive_pass (id) VALUES ('run');
         DELETE FROM audit_events WHERE id = '${row.id}';
         DELETE FROM audit_archive_pass WHERE id = 'run'`,
      )
      // Where it is stored again, it comes with them again.
      expect(await foundByTarget()).toEqual([])
      await store.append([row])
      expect(await foundByTarget()).toEqual([row.id])
    })

    it('deletes while a pass stands, and not after', async () => {
      await store.migrate()
      const [first, second] = [rowOf(), rowOf()]
      await store.append([first, second])
      await opened.execute(
        `INSERT INTO audit_archive_pass (id) VALUES ('run');
         DELETE FROM audit_events WHERE id = '${first.id}';
         DELETE FROM audit_archive_pass WHERE id = 'run'`,
      )
      await expect(opened.execute('DELETE FROM audit_events')).rejects.toBeDefined()
      const { rows } = await store.page({ limit: 10 })
      expect(rows.map(({ id }) => id)).toEqual([second.id])
    })
  })
}
