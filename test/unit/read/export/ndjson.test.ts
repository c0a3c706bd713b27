import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { json, ndjson } from '../../../../src/read/export/export.ts'
import { anyRow, at, event, exported, hostileRecords, sourceOf, stored } from './rows.ts'
import { sha256 } from '../../../support/sha256.ts'

const alone = (id: string) => ({
  v: 1,
  id,
  tenant: 'acme',
  occurredAt: at,
  kind: 'custom',
  action: 'invoice.refund',
  outcome: 'success',
  actor: { id: 'u1', type: 'user' },
  targets: [{ id: '7', type: 'invoice' }],
  recordedAt: at + 5,
  unreadable: true,
})

describe('ndjson', () => {
  it('writes each record on a line, byte for byte', async () => {
    const rows = [
      stored(),
      stored({}, { reason: 'Zoë 😀 \u2028 "x"', metadata: { b: 1, a: 1e21 } }),
    ]
    const { text } = await exported(ndjson({ trailer: false }), sourceOf(rows))
    expect(text).toBe(rows.map(({ record }) => `${record}\n`).join(''))
  })

  it('ends with a line that tells rows, the SHA-256 of all before it, and where to go on', async () => {
    const { text } = await exported(ndjson(), sourceOf([stored(), stored()], { next: '12.ab' }))
    const cut = text.lastIndexOf('\n', text.length - 2) + 1
    const [before, trailer] = [text.slice(0, cut), text.slice(cut)]
    expect(trailer).toBe(
      `${JSON.stringify({ trailer: { rows: 2, sha256: sha256(before), next: '12.ab' } })}\n`,
    )
  })

  it('tells an empty export from none', async () => {
    const { text, outcome } = await exported(ndjson(), sourceOf([]))
    expect(JSON.parse(text)).toEqual({ trailer: { rows: 0, sha256: sha256(''), next: null } })
    expect(outcome).toMatchObject({ ended: 'complete', rows: 0 })
  })

  it.each(hostileRecords.map((record) => [record.slice(0, 70), record]))(
    'makes one line of %j, and no line of its own',
    async (_shown, record) => {
      const rows = [stored({}, record), stored()]
      const { text, outcome } = await exported(ndjson({ trailer: false }), sourceOf(rows))
      const lines = text.split('\n')
      expect(lines).toHaveLength(3)
      expect(lines[1]).toBe(rows[1]?.record)
      expect(lines[0]).not.toContain('\r')
      expect(outcome.rows).toBe(2)
      // What is an event in its outline stays as it is.
      const whole = lines[0] === record && Array.isArray(JSON.parse(record).targets)
      if (!whole) expect(JSON.parse(lines[0] ?? '')).toEqual(alone(rows[0]?.id ?? ''))
    },
  )

  it('loses no row and forges none, whatever the records hold', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyRow, { maxLength: 30 }), fc.nat(12), async (rows, size) => {
        const { text } = await exported(ndjson(), sourceOf(rows, { size: size + 1 }))
        const lines = text.trimEnd().split('\n')
        expect(lines).toHaveLength(rows.length + 1)
        for (const [index, row] of rows.entries()) {
          const line = lines[index] ?? ''
          const told = JSON.parse(line)
          if (told.unreadable === true) expect(told.id).toBe(row.id)
          else expect(line).toBe(row.record)
        }
        expect(Object.keys(JSON.parse(lines.at(-1) ?? ''))).toEqual(['trailer'])
      }),
      { numRuns: 25 },
    )
  })

  it('writes what may be shown of an event, and nothing else of it', async () => {
    const row = stored({ ip: '203.0.113.7' }, { metadata: { secret: 'hidden' } })
    const show = ({ id }: { readonly id: string }): unknown => ({ id, note: 'seen' })
    const { text } = await exported(ndjson({ trailer: false }), sourceOf([row], { show }))
    expect(text).toBe(`${JSON.stringify({ id: row.id, note: 'seen' })}\n`)
  })

  it('shows what the columns say where the record is no event', async () => {
    const row = stored({}, 'no json')
    const show = (shown: unknown): unknown => shown
    const { text } = await exported(ndjson({ trailer: false }), sourceOf([row], { show }))
    expect(JSON.parse(text)).toEqual(alone(row.id))
  })

  it('keeps a line for an event of which nothing may be shown', async () => {
    const { text } = await exported(
      ndjson({ trailer: false }),
      sourceOf([stored()], { show: () => undefined }),
    )
    expect(text).toBe('null\n')
  })

  it.each([{ trailer: 1 }, { trailers: true }])(
    'refuses options it does not know: %j',
    (options) => {
      expect(() => ndjson(options as object)).toThrow(
        expect.objectContaining({ code: 'AUDIT_QUERY_INVALID' }),
      )
    },
  )
})

describe('json', () => {
  it('is one object with the events, their number, a SHA-256 and where to go on', async () => {
    const rows = [stored(), stored({}, 'no json'), stored()]
    const { text } = await exported(json(), sourceOf(rows, { next: '9.z' }))
    const { events, ...rest } = JSON.parse(text)
    expect(events).toEqual([
      { ...event, id: rows[0]?.id, occurredAt: at },
      alone(rows[1]?.id ?? ''),
      { ...event, id: rows[2]?.id, occurredAt: at },
    ])
    const end = text.lastIndexOf(']') + 1
    expect(rest).toEqual({ rows: 3, sha256: sha256(text.slice(0, end)), next: '9.z' })
  })

  it('is JSON without events too', async () => {
    const { text } = await exported(json(), sourceOf([]))
    expect(JSON.parse(text)).toMatchObject({ events: [], rows: 0, next: null })
  })

  it('is JSON, and has all rows, whatever the records hold', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyRow, { maxLength: 30 }), async (rows) => {
        const { text } = await exported(json(), sourceOf(rows))
        expect(JSON.parse(text).events).toHaveLength(rows.length)
      }),
      { numRuns: 25 },
    )
  })
})
