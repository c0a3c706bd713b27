import { PGlite } from '@electric-sql/pglite'
import { createClient } from '@libsql/client'
import { drizzle } from 'drizzle-orm/pglite'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { libsql } from '../../../adapters/store/libsql.ts'
import { memory } from '../../../adapters/store/memory.ts'
import { postgres } from '../../../adapters/store/postgres.ts'
import { dataOf } from '../../../src/event/data.ts'
import type { EventRow } from '../../../src/event/row.ts'
import type { AuditStore } from '../../../src/ports/store.ts'
import { summary } from '../../../src/read/summary.ts'
import type { Reading } from '../../../src/read/reading.ts'
import {
  exports,
  history as historyOf,
  issues,
  issueView,
  type ListOptions,
  logins,
  processes,
  processView,
} from '../../../src/read/views.ts'
import { history } from '../../conformance/histories.ts'
import { idAt, rowOf, unique } from '../../conformance/rows.ts'
import { auditOf, rowsOf, trail } from '../../support/trail.ts'

const t0 = 1_767_225_600_000
const day = 86_400_000

/** The row with a record that is a whole event, as `redact()` writes it. */
const wholeOf = (row: EventRow): EventRow => {
  const { id, tenant, occurredAt, kind, action, outcome, targetId, targetType } = row
  const event = {
    v: 1,
    id,
    tenant,
    occurredAt,
    kind,
    action,
    outcome,
    actor: { id: row.actorId, type: row.actorType },
    targets: targetId === null ? [] : [{ id: targetId, type: targetType }],
    data: dataOf(row.record),
  }
  return { ...row, record: JSON.stringify(event) }
}

const idsOf = (rows: readonly EventRow[], kind: string, type: string): readonly string[] => [
  ...new Set(
    rows
      .filter((row) => row.kind === kind && row.targetType === type)
      .flatMap(({ targetId }) => targetId ?? []),
  ),
]

const pglite = new PGlite()
const client = createClient({ url: ':memory:' })

afterAll(async () => {
  client.close()
  await pglite.close()
})

const stores: readonly (readonly [string, AuditStore])[] = [
  ['memory', memory()],
  ['libSQL', libsql({ client })],
  ['PGlite', postgres(drizzle(pglite))],
]

describe.each(stores)('a summary by %s', (_, store) => {
  const audit = { store: () => store }

  beforeAll(async () => {
    await store.migrate()
  }, 60_000)

  it('finds processes and issues in the states in which their views show them', async () => {
    await fc.assert(
      fc.asyncProperty(history, async (columns) => {
        const tenant = unique('views')
        const rows = columns.map((each) => {
          const occurredAt = t0 + (each.occurredAt ?? 0)
          return wholeOf(rowOf({ ...each, tenant, occurredAt, id: idAt(occurredAt) }))
        })
        await store.append(rows)
        const counted = { succeeded: 0, failed: 0, incomplete: 0, pending: 0, open: 0 }
        for (const id of idsOf(rows, 'process', 'process')) {
          const view = await processView(audit, id, { tenant })
          if (view !== undefined) counted[view.state] += 1
        }
        for (const id of idsOf(rows, 'system', 'issue')) {
          const view = await issueView(audit, id, { tenant })
          if (view?.state === 'open') counted.open += 1
        }
        const span = { from: t0, to: t0 + 10 * day, tenant }
        const { processes, unresolved } = await summary(audit, span)
        expect({ ...processes, open: unresolved }).toEqual(counted)
      }),
      { numRuns: 25 },
    )
  }, 60_000)
})

/** A list to its end, so that every cursor is gone on by. */
const pagesOf = async <Page extends { readonly next: string | null }>(
  read: (next: string | null | undefined) => Promise<Page>,
): Promise<readonly object[]> => {
  const pages: object[] = []
  let next: string | null | undefined
  do {
    const page: Page = await read(next)
    next = page.next
    pages.push({ ...page, next: next !== null })
  } while (next !== null)
  return pages
}

const everyList = async (
  audit: Reading,
  options: ListOptions & { readonly from: number; readonly to: number },
  { id, user }: { readonly id: string; readonly user: string },
): Promise<readonly unknown[]> => {
  const { tenant, from, to, order, limit } = options
  const asked = (next: string | null | undefined) => ({ ...options, next })
  const severe = ['high', 'critical'] as const
  const invoice = { type: 'invoice', id }
  return [
    await pagesOf((next) => processes(audit, asked(next))),
    await pagesOf((next) => processes(audit, { ...asked(next), state: ['failed', 'pending'] })),
    await pagesOf((next) => issues(audit, asked(next))),
    await pagesOf((next) => issues(audit, { ...asked(next), state: 'open' })),
    await pagesOf((next) => issues(audit, { ...asked(next), state: 'open', type: 'error' })),
    await pagesOf((next) => issues(audit, { ...asked(next), state: 'resolved', severity: severe })),
    await pagesOf((next) => issues(audit, { ...asked(next), state: 'noted' })),
    await pagesOf((next) => exports(audit, asked(next))),
    await logins(audit, { tenant, from, to }),
    await logins(audit, { tenant, from, to, user }),
    await pagesOf((next) => historyOf(audit, invoice, { tenant, from, to, order, limit, next })),
  ]
}

const asked = fc.record(
  {
    tenant: fc.constantFrom('a', 'b', null),
    from: fc.nat(9),
    to: fc.integer({ min: 10, max: 12 }),
    order: fc.constantFrom<('newest' | 'oldest')[]>('newest', 'oldest'),
    limit: fc.integer({ min: 1, max: 4 }),
  },
  { requiredKeys: ['from', 'to'] },
)

describe.each(stores.slice(1))('lists by %s', (_, store) => {
  beforeAll(async () => {
    await store.migrate()
  }, 60_000)

  it('show what lists by memory show', async () => {
    // Away from what else is in the store, which keeps everything.
    let start = t0 + 1_000 * day
    await fc.assert(
      fc.asyncProperty(trail, asked, async (entries, { tenant, from, to, ...paging }) => {
        start += day
        const mark = unique('')
        const named = (name: string): string => `${name}${mark}`
        const own = entries.map(({ event, broken }) => ({
          broken,
          event: {
            ...event,
            tenant: event.tenant === null ? null : named(event.tenant),
            occurredAt: event.occurredAt - t0 + start,
            targets: event.targets.map(({ type, id }) => ({ type, id: named(id) })),
          },
        }))
        const rows = rowsOf(own)
        await store.append(rows)
        const options = {
          ...paging,
          ...(tenant !== undefined && { tenant: tenant === null ? null : named(tenant) }),
          from: start + from,
          to: start + to,
        }
        const things = { id: named('v1'), user: named('ada') }
        const found = await everyList({ store: () => store }, options, things)
        const wanted = await everyList(await auditOf(rows), options, things)
        const shown = (all: readonly unknown[]): unknown =>
          JSON.parse(JSON.stringify(all, (key, value) => (key === 'recordedAt' ? 0 : value)))
        expect(shown(found)).toEqual(shown(wanted))
      }),
      { numRuns: 20 },
    )
  }, 120_000)
})
