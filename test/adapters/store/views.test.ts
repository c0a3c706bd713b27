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
import { issueView, processView } from '../../../src/read/views.ts'
import { history } from '../../conformance/histories.ts'
import { idAt, rowOf, unique } from '../../conformance/rows.ts'

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
      { numRuns: 60 },
    )
  }, 60_000)
})
