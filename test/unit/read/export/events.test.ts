import { describe, expect, it } from 'vitest'
import { memory } from '../../../../adapters/store/memory.ts'
import type { PageQuery } from '../../../../src/ports/store.ts'
import { exportEvents, type ExportQuery } from '../../../../src/read/export/events.ts'
import { ndjson } from '../../../../src/read/export/ndjson.ts'
import { reader } from '../../../../src/read/reader.ts'
import { rowsOf } from '../../../conformance/rows.ts'

const at = 1_767_225_600_000
const lines = ndjson({ trailer: false })

const trail = async (total: number, tenant: string | null = null) => {
  const store = memory()
  const rows = rowsOf(total, (place) => ({ tenant, occurredAt: at + place })).map((row) => ({
    ...row,
    record: JSON.stringify({ id: row.id, actor: {}, targets: [] }),
  }))
  await store.append(rows)
  const asked: PageQuery[] = []
  const source = {
    ...store,
    page: (query: PageQuery) => {
      asked.push(query)
      return store.page(query)
    },
  }
  return { audit: { store: () => source }, asked, ids: rows.map(({ id }) => id) }
}

const idsIn = (text: string): string[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line).id)

describe('exportEvents', () => {
  it('writes all events that are asked for, page by page', async () => {
    const { audit, asked, ids } = await trail(2_345)
    const { stream, done } = await exportEvents(audit, { order: 'oldest' }, lines)
    expect(asked).toHaveLength(1)
    expect(idsIn(await new Response(stream).text())).toEqual(ids)
    expect(asked).toHaveLength(3)
    expect(await done).toMatchObject({ ended: 'complete', rows: 2_345, next: null })
  })

  it('goes on where a file ended that has no more rows than were wanted', async () => {
    const { audit, ids } = await trail(2_500)
    const found: string[] = []
    let next: string | null | undefined
    do {
      const part: ExportQuery = { order: 'oldest', limit: 1_100, next }
      const { stream, done } = await exportEvents(audit, part, lines)
      found.push(...idsIn(await new Response(stream).text()))
      next = (await done).next
    } while (next !== null)
    expect(found).toEqual(ids)
  })

  it('goes on behind what arrived of a file that was cut off, by its cursor or by an id', async () => {
    const { audit, ids } = await trail(5_000)
    const { stream, done } = await exportEvents(audit, { order: 'oldest' }, lines)
    const iterator = stream.getReader()
    const { value } = await iterator.read()
    await iterator.cancel()
    const arrived = idsIn(new TextDecoder().decode(value))
    const { ended, rows, next } = await done
    expect({ ended, rows }).toEqual({ ended: 'cancelled', rows: arrived.length })
    expect(rows).toBeGreaterThan(0)
    for (const where of [{ next }, { after: arrived.at(-1) }]) {
      const rest = await exportEvents(audit, { order: 'oldest', ...where }, lines)
      expect(idsIn(await new Response(rest.stream).text())).toEqual(ids.slice(rows))
    }
  })

  it('says that nothing arrived of a file that nobody read', async () => {
    const { audit } = await trail(5)
    const { stream, done } = await exportEvents(audit, {}, lines)
    await stream.cancel()
    expect(await done).toMatchObject({ ended: 'cancelled', rows: 0, next: undefined })
  })

  it('exports through a reader what is inside of its fence', async () => {
    const { audit } = await trail(3, 'theirs')
    const { stream } = await exportEvents(reader(audit, { tenant: 'mine' }), {}, lines)
    expect(await new Response(stream).text()).toBe('')
  })

  it('knows no event outside of the fence to go on behind', async () => {
    const { audit, ids } = await trail(3, 'theirs')
    const mine = reader(audit, { tenant: 'mine' })
    const started = exportEvents(mine, { after: ids[0] }, lines)
    await expect(started).rejects.toMatchObject({ detail: expect.stringMatching(/^after /) })
  })

  it.each([
    ['limit', { limit: 0 }],
    ['after', { after: 'unknown' }],
    ['after', { after: 7 }],
    ['next', { next: 'forged' }],
    ['kind', { kind: 'x' }],
    ['the query', null],
  ])('refuses a wrong %s before there is a file: %j', async (name, asked) => {
    const { audit } = await trail(1)
    const started = exportEvents(audit, asked as ExportQuery, lines)
    await expect(started).rejects.toMatchObject({ detail: expect.stringMatching(`^${name} `) })
  })

  it('takes one place to go on from, not two', async () => {
    const { audit, ids } = await trail(9)
    const { done, stream } = await exportEvents(audit, { limit: 2 }, lines)
    await new Response(stream).text()
    const { next } = await done
    const both = exportEvents(audit, { next, after: ids[0] }, lines)
    await expect(both).rejects.toMatchObject({ detail: expect.stringMatching(/^after /) })
  })
})
