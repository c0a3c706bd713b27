import { expect } from 'vitest'
import type { EventRow, StoredRow } from '../../src/event/row.ts'
import type { PageFilter, PageQuery, Position, ReadingStore } from '../../src/ports/store.ts'
import { idsOf } from './rows.ts'

/** When the rows of the tests happened, unless they say otherwise. */
export const t0 = 1_767_225_600_000

/** Every column unlike those of `rowOf()`. */
export const different = {
  tenant: 'a',
  kind: 'auth',
  action: 'login',
  outcome: 'denied',
  actorType: 'service',
  actorId: 'a2',
  targetType: 'order',
  targetId: 't2',
  requestId: 'q2',
  method: 'PUT',
  route: '/b',
  status: 403,
  ip: '::1',
} as const satisfies PageFilter

/** Follows the pages to the last. */
export const readAll = async (
  store: Pick<ReadingStore, 'page'>,
  query: PageQuery,
): Promise<readonly StoredRow[]> => {
  const rows: StoredRow[] = []
  let after: Position | undefined
  do {
    const page = await store.page({ ...query, after })
    expect(page.rows.length).toBeLessThanOrEqual(query.limit)
    rows.push(...page.rows)
    after = page.next ?? undefined
  } while (after !== undefined)
  return rows
}

export const inOrder = (rows: readonly EventRow[]): readonly string[] =>
  idsOf(
    rows.toSorted((one, other) =>
      one.occurredAt === other.occurredAt
        ? Number(one.id > other.id) - Number(one.id < other.id)
        : one.occurredAt - other.occurredAt,
    ),
  )

/** What a promise is rejected with. */
export const rejection = async (work: Promise<unknown>): Promise<unknown> => {
  try {
    await work
  } catch (error) {
    return error
  }
  throw new Error('it resolved')
}
