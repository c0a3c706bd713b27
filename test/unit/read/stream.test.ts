import { describe, expect, it } from 'vitest'
import { memory } from '../../../adapters/store/memory.ts'
import type { PageQuery } from '../../../src/ports/store.ts'
import { count } from '../../../src/read/count.ts'
import { follow } from '../../../src/read/follow.ts'
import { query } from '../../../src/read/stream.ts'
import { rowOf, rowsOf } from '../../conformance/rows.ts'

const at = 1_767_225_600_000

const watched = () => {
  const store = memory()
  const pages: PageQuery[] = []
  const source = {
    ...store,
    page: (asked: PageQuery) => {
      pages.push(asked)
      return store.page(asked)
    },
  }
  return { store, pages, audit: { store: () => source } }
}

const idsOf = async (
  events: AsyncIterable<{ readonly id: string }>,
  most = Infinity,
): Promise<string[]> => {
  const ids: string[] = []
  for await (const { id } of events) {
    ids.push(id)
    if (ids.length >= most) break
  }
  return ids
}

const made = (total: number) =>
  rowsOf(total, (index) => ({ occurredAt: at + index })).map((row) => ({
    ...row,
    record: JSON.stringify({ id: row.id, actor: {}, targets: [] }),
  }))

describe('query', () => {
  it('streams all events, in either order', async () => {
    const { store, audit } = watched()
    const rows = made(2_500)
    await store.append(rows)
    const ids = rows.map(({ id }) => id)
    expect(await idsOf(query(audit, { order: 'oldest' }))).toEqual(ids)
    expect(await idsOf(query(audit))).toEqual(ids.toReversed())
  })

  it('reads a page when the loop wants it, and none after it ends', async () => {
    const { store, pages, audit } = watched()
    await store.append(made(2_500))
    expect(await idsOf(query(audit), 1)).toHaveLength(1)
    expect(pages).toHaveLength(1)
    expect(await idsOf(query(audit), 1_001)).toHaveLength(1_001)
    expect(pages).toHaveLength(3)
  })

  it('ends at its limit, and reads no more than that', async () => {
    const { store, pages, audit } = watched()
    await store.append(made(50))
    expect(await idsOf(query(audit, { limit: 7 }))).toHaveLength(7)
    expect(pages.map(({ limit }) => limit)).toEqual([7])
    expect(await idsOf(query(audit, { limit: 0 }))).toEqual([])
  })

  it.each([-1, 1.5, '7', null])('refuses a wrong limit: %j', async (limit) => {
    const { audit } = watched()
    await expect(idsOf(query(audit, { limit: limit as number }))).rejects.toMatchObject({
      code: 'AUDIT_QUERY_INVALID',
      detail: expect.stringMatching(/^limit /),
    })
  })

  it('goes on from a cursor of a page', async () => {
    const { store, audit } = watched()
    await store.append(made(10))
    const { page } = await import('../../../src/read/page.ts')
    const { next } = await page(audit, { limit: 4 })
    expect(await idsOf(query(audit, { next }))).toHaveLength(6)
  })
})

describe('count', () => {
  it('counts up to its bound and says that there are more', async () => {
    const { store, audit } = watched()
    await store.append(made(1_234))
    expect(await count(audit)).toEqual({ count: 1_000, more: true, text: '1,000+' })
    expect(await count(audit, { most: 1_234 })).toEqual({
      count: 1_234,
      more: false,
      text: '1,234',
    })
    expect(await count(audit, { kind: 'auth' })).toEqual({ count: 0, more: false, text: '0' })
  })

  it.each([
    ['most', { most: 0 }],
    ['scan', { scan: 1.5 }],
    ['kind', { kind: 'x' }],
    ['the query', null],
  ])('refuses a wrong %s: %j', async (name, asked) => {
    const { audit } = watched()
    const counted = count(audit, asked as Parameters<typeof count>[1])
    await expect(counted).rejects.toMatchObject({ detail: expect.stringMatching(`^${name} `) })
  })
})

describe('follow', () => {
  /** A clock that stands still, and looks that happen when the test says so. */
  const turns = () => {
    let now = at
    const waiting: (() => void)[] = []
    const looked: (() => void)[] = []
    return {
      options: {
        now: () => now,
        late: 1_000,
        pause: () =>
          new Promise<void>((resolve) => {
            waiting.push(resolve)
            looked.shift()?.()
          }),
      },
      /** Resolves when all that was there has been told. */
      idle: () =>
        new Promise<void>((resolve) => (waiting.length > 0 ? resolve() : looked.push(resolve))),
      /** Lets it look again, so much later. */
      turn: (ms: number) => {
        now += ms
        waiting.shift()?.()
      },
    }
  }

  const told = (events: AsyncIterable<{ readonly id: string }>) => {
    const ids: string[] = []
    const ended = (async () => {
      for await (const { id } of events) ids.push(id)
    })()
    return { ids, ended }
  }

  it('tells what happens from now on, each event once, also those that arrive late', async () => {
    const { store, audit } = watched()
    const { options, idle, turn } = turns()
    const before = rowOf({ occurredAt: at - 1 })
    await store.append([before])
    const controller = new AbortController()
    const { ids, ended } = told(follow(audit, {}, { ...options, signal: controller.signal }))
    await idle()
    expect(ids).toEqual([])
    const first = made(3).map((row) => ({ ...row, occurredAt: at + 500 }))
    await store.append(first)
    turn(600)
    await idle()
    expect(ids).toEqual(first.map(({ id }) => id))
    const late = { ...rowOf({ occurredAt: at + 100 }), record: '{}' }
    await store.append([late])
    turn(900)
    await idle()
    expect(ids).toEqual([...first.map(({ id }) => id), late.id])
    turn(5_000)
    await idle()
    expect(ids).toHaveLength(4)
    controller.abort()
    turn(0)
    await ended
  })

  it('tells what was there from a time on, and only what is asked for', async () => {
    const { store, audit } = watched()
    const { options, idle, turn } = turns()
    const rows = rowsOf(6, (index) => ({
      occurredAt: at - 6 + index,
      kind: index % 2 ? 'auth' : 'custom',
    }))
    await store.append(rows)
    const controller = new AbortController()
    const { ids, ended } = told(
      follow(audit, { from: at - 4, kind: 'auth' }, { ...options, signal: controller.signal }),
    )
    await idle()
    expect(ids).toEqual([rows[3]?.id, rows[5]?.id])
    controller.abort()
    turn(1)
    await ended
  })

  it('keeps in mind no more than what may still come late', async () => {
    const { store, pages, audit } = watched()
    const { options, idle, turn } = turns()
    const controller = new AbortController()
    const { ended } = told(follow(audit, {}, { ...options, signal: controller.signal }))
    await idle()
    await store.append(made(3))
    turn(10_000)
    await idle()
    turn(1)
    await idle()
    expect(pages.at(-1)?.from).toBe(at + 9_000)
    controller.abort()
    turn(0)
    await ended
  })

  it('does not begin when it was ended before', async () => {
    const { pages, audit } = watched()
    const { ended } = told(follow(audit, {}, { signal: AbortSignal.abort() }))
    await ended
    expect(pages).toEqual([])
  })

  it('waits by a timer of its own, which the signal ends', async () => {
    const { audit, pages } = watched()
    const controller = new AbortController()
    const { ended } = told(follow(audit, {}, { signal: controller.signal, every: 3_600_000 }))
    while (pages.length === 0) await Promise.resolve()
    controller.abort()
    await ended
  })

  it.each([
    ['every', { every: 0 }],
    ['late', { late: -1 }],
  ])('refuses a wrong %s', async (name, options) => {
    const { audit } = watched()
    await expect(told(follow(audit, {}, options)).ended).rejects.toMatchObject({
      detail: expect.stringMatching(`^${name} `),
    })
  })
})
