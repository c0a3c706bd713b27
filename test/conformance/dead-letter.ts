import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { revive } from '../../src/event/revive.ts'
import type { EventRow } from '../../src/event/row.ts'
import type { DeadLetter } from '../../src/ports/dead-letter.ts'

export interface OpenedDeadLetter {
  readonly letters: DeadLetter
  /** Puts lines into the backend behind the library's back, together where it keeps letters together. */
  plant(lines: readonly string[]): Promise<void>
}

export interface DeadLetterBackend {
  /** An empty dead letter each time. */
  open(): Promise<OpenedDeadLetter>
  close?(): Promise<void>
}

export interface DeadLetterTraits {
  /** Whether a drain forgets what it delivered; a second store cannot. @default true */
  readonly forgets?: boolean
  /** Whether a drain hands over the oldest first, whenever it was put; a queue does not. @default true */
  readonly ordered?: boolean
  /** How many random histories are tried. @default 25 */
  readonly histories?: number
}

/** The n-th event of a test, its record as `redact()` would have written it. */
export const letter = (n: number, note = 'plain'): EventRow => {
  const row = revive(
    JSON.stringify({
      action: 'invoice.refund',
      actor: { id: 'u1', type: 'user' },
      data: { note },
      id: `01890000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`,
      kind: 'custom',
      occurredAt: 1_700_000_000_000 + n,
      outcome: 'success',
      targets: [{ id: `i${n}`, type: 'invoice' }],
      tenant: null,
      v: 1,
    }),
  )
  if (row === undefined) throw new Error('a letter of the test is no event')
  return row
}

export const letters = (count: number, from = 0): readonly EventRow[] =>
  Array.from({ length: count }, (_, index) => letter(from + index))

const records = (rows: readonly EventRow[]): readonly string[] =>
  rows.map(({ record }) => record).toSorted()

/** A `deliver` that remembers, and fails at the call of that number. */
const inbox = (failAt = Infinity, error: unknown = new Error('the store is down')) => {
  const portions: (readonly EventRow[])[] = []
  let calls = 0
  return {
    portions,
    received: () => records(portions.flat()),
    distinct: () => [...new Set(records(portions.flat()))],
    deliver: async (rows: readonly EventRow[]): Promise<void> => {
      calls += 1
      if (calls === failAt) throw error
      portions.push(rows)
    },
  }
}

/** Shows that a backend keeps every promise of the port; `connect` is called once. */
export const deadLetterConformance = (
  name: string,
  connect: () => Promise<DeadLetterBackend>,
  { forgets = true, ordered = true, histories = 25 }: DeadLetterTraits = {},
): void => {
  describe(`dead letter: ${name}`, () => {
    let backend: DeadLetterBackend
    beforeAll(async () => {
      backend = await connect()
    })
    afterAll(async () => {
      await backend.close?.()
    })

    it('gives back what was put, byte for byte and column for column', async () => {
      const { letters: kept } = await backend.open()
      const notes = [
        '👩‍👩‍👧 🇩🇪 é',
        'a\nb\r\n\u0000\u2028"\\',
        '\u202Eright to left',
        'ü'.repeat(30_000),
      ]
      const rows = notes.map((note, index) => letter(index, note))
      await kept.put(rows)
      const { deliver, portions } = inbox()
      expect(await kept.drain(deliver)).toEqual({ delivered: 4, unreadable: 0 })
      expect(portions).toEqual([rows])
    })

    it('hands over nothing when there is nothing', async () => {
      const { letters: kept } = await backend.open()
      await kept.put([])
      const { deliver, portions } = inbox()
      expect(await kept.drain(deliver)).toEqual({ delivered: 0, unreadable: 0 })
      expect(portions).toEqual([])
    })

    it(`${forgets ? 'forgets' : 'hands over again'} what was delivered`, async () => {
      const { letters: kept } = await backend.open()
      await kept.put(letters(3))
      await kept.put(letters(2, 3))
      expect(await kept.drain(inbox().deliver)).toEqual({ delivered: 5, unreadable: 0 })
      const { deliver, received } = inbox()
      const left = forgets ? [] : letters(5)
      expect(await kept.drain(deliver)).toEqual({ delivered: left.length, unreadable: 0 })
      expect(received()).toEqual(records(left))
    })

    it(`hands over ${ordered ? 'the oldest first' : 'in any order'}`, async () => {
      const { letters: kept } = await backend.open()
      for (const n of [2, 0, 1]) await kept.put([letter(n)])
      const { deliver, portions } = inbox()
      await kept.drain(deliver, { portion: 1 })
      const order = portions.flat().map(({ targetId }) => targetId)
      expect(ordered ? order : order.toSorted()).toEqual(['i0', 'i1', 'i2'])
    })

    it('keeps everything, and passes the error on, when deliver rejects', async () => {
      const { letters: kept } = await backend.open()
      await kept.put(letters(3))
      const error = new Error('the store is down')
      await expect(kept.drain(inbox(1, error).deliver)).rejects.toBe(error)
      const { deliver, received } = inbox()
      await kept.drain(deliver)
      expect(received()).toEqual(records(letters(3)))
    })

    it('keeps the portion that was not delivered, and all after it', async () => {
      const { letters: kept } = await backend.open()
      for (const row of letters(7)) await kept.put([row])
      const first = inbox(3)
      await expect(kept.drain(first.deliver, { portion: 2 })).rejects.toThrow('the store is down')
      expect(first.portions.map((portion) => portion.length)).toEqual([2, 2])
      const second = inbox()
      await kept.drain(second.deliver, { portion: 2 })
      const expected = records(letters(7)).filter(
        (record) => !forgets || !first.received().includes(record),
      )
      expect(second.received()).toEqual(expected)
    })

    it('keeps a put in several portions until the last one was delivered', async () => {
      const { letters: kept } = await backend.open()
      await kept.put(letters(5))
      const first = inbox(3)
      await expect(kept.drain(first.deliver, { portion: 2 })).rejects.toThrow('the store is down')
      const second = inbox()
      await kept.drain(second.deliver, { portion: 2 })
      const all = new Set([...first.received(), ...second.received()])
      expect([...all].toSorted()).toEqual(records(letters(5)))
    })

    it('keeps letters that are put while a drain goes on', async () => {
      const { letters: kept } = await backend.open()
      await kept.put(letters(3))
      const { deliver, distinct } = inbox()
      let late = 100
      await kept.drain(
        async (rows) => {
          if (late < 103) await kept.put([letter(late++)])
          await deliver(rows)
        },
        { portion: 1 },
      )
      await kept.drain(deliver)
      expect(distinct()).toEqual(records([...letters(3), ...letters(3, 100)]))
    })

    it('keeps a letter that is put back while it is being delivered', async () => {
      const { letters: kept } = await backend.open()
      await kept.put([letter(0)])
      await kept.put(letters(2, 1))
      const seen = new Set<string>()
      await kept.drain(async (rows) => {
        const back = rows.filter(({ id }) => !seen.has(id))
        for (const { id } of rows) seen.add(id)
        await kept.put(back)
      })
      const { deliver, distinct } = inbox()
      await kept.drain(deliver)
      expect(distinct()).toEqual(records(letters(3)))
    })

    it('keeps letters of a put that shares its first letter with another', async () => {
      const { letters: kept } = await backend.open()
      await kept.put([letter(0), letter(1)])
      await kept.put([letter(0), letter(2)])
      await kept.put([letter(0)])
      const { deliver, distinct } = inbox()
      await kept.drain(deliver)
      expect(distinct()).toEqual(records(letters(3)))
    })

    it('loses nothing when two drains run at once', async () => {
      const { letters: kept } = await backend.open()
      for (const row of letters(9)) await kept.put([row])
      const { deliver, distinct } = inbox()
      await Promise.all([kept.drain(deliver, { portion: 2 }), kept.drain(deliver, { portion: 3 })])
      expect(distinct()).toEqual(records(letters(9)))
      if (forgets) expect(await kept.drain(deliver)).toEqual({ delivered: 0, unreadable: 0 })
    })

    it('loses nothing when one of two drains fails', async () => {
      const { letters: kept } = await backend.open()
      for (const row of letters(6)) await kept.put([row])
      const { deliver, distinct } = inbox()
      await Promise.allSettled([
        kept.drain(inbox(1).deliver, { portion: 2 }),
        kept.drain(deliver, { portion: 2 }),
      ])
      await kept.drain(deliver)
      expect(distinct()).toEqual(records(letters(6)))
    })

    it('hands over 1,205 puts in portions of 100, every letter once', async () => {
      const { letters: kept } = await backend.open()
      const rows = letters(1_205)
      for (let from = 0; from < rows.length; from += 50) {
        await Promise.all(rows.slice(from, from + 50).map((row) => kept.put([row])))
      }
      const { deliver, portions, received } = inbox()
      expect(await kept.drain(deliver)).toEqual({ delivered: 1_205, unreadable: 0 })
      expect(Math.max(...portions.map((portion) => portion.length))).toBe(100)
      expect(portions).toHaveLength(13)
      expect(received()).toEqual(records(rows))
    })

    it('takes 1,205 letters in one put', async () => {
      const { letters: kept } = await backend.open()
      await kept.put(letters(1_205))
      const { deliver, portions, received } = inbox()
      expect(await kept.drain(deliver)).toEqual({ delivered: 1_205, unreadable: 0 })
      expect(portions.every((portion) => portion.length <= 100)).toBe(true)
      expect(received()).toEqual(records(letters(1_205)))
    })

    it.each([1, 4])(
      'stops at an aborted signal and keeps what it did not hand over, put by %d',
      async (by) => {
        const { letters: kept } = await backend.open()
        for (let from = 0; from < 4; from += by) await kept.put(letters(by, from))
        const stop = new AbortController()
        const { deliver, portions, distinct } = inbox()
        const stopping = async (rows: readonly EventRow[]): Promise<void> => {
          await deliver(rows)
          stop.abort(new Error('time is up'))
        }
        const drained = kept.drain(stopping, { portion: 2, signal: stop.signal })
        await expect(drained).rejects.toThrow('time is up')
        expect(portions).toHaveLength(1)
        const again = kept.drain(deliver, { signal: stop.signal })
        await expect(again).rejects.toThrow('time is up')
        expect(portions).toHaveLength(1)
        await kept.drain(deliver)
        expect(distinct()).toEqual(records(letters(4)))
      },
    )

    it('counts what is no event, keeps it, and delivers what lies beside it', async () => {
      const { letters: kept, plant } = await backend.open()
      const torn = letter(3).record.slice(0, -9)
      const rows = letters(2)
      const lines = ['not json', ...rows.map(({ record }) => record), '{"v":2}', torn]
      await plant(lines)
      const first = inbox()
      expect(await kept.drain(first.deliver)).toEqual({ delivered: 2, unreadable: 3 })
      expect(first.received()).toEqual(records(rows))
      for (let round = 0; round < 2; round++) {
        const delivered = forgets ? 0 : 2
        expect(await kept.drain(inbox().deliver)).toEqual({ delivered, unreadable: 3 })
      }
    })

    it('hands over the same letter put twice, and forgets both', async () => {
      const { letters: kept } = await backend.open()
      await kept.put(letters(2))
      await kept.put(letters(2))
      const { deliver, distinct } = inbox()
      await kept.drain(deliver)
      expect(distinct()).toEqual(records(letters(2)))
      if (forgets) expect(await kept.drain(deliver)).toEqual({ delivered: 0, unreadable: 0 })
    })

    it.each([0, -1, 1.5, Number.NaN])('refuses a portion of %s and keeps all', async (portion) => {
      const { letters: kept } = await backend.open()
      await kept.put(letters(2))
      const { deliver, distinct } = inbox()
      const refused = kept.drain(deliver, { portion })
      await expect(refused).rejects.toMatchObject({ code: 'AUDIT_OPTION_INVALID' })
      await kept.drain(deliver)
      expect(distinct()).toEqual(records(letters(2)))
    })

    it('loses no letter in any history of puts, drains, failing drains and letters put back', async () => {
      const step = fc.oneof(
        fc.record({ act: fc.constant('put' as const), count: fc.integer({ min: 1, max: 5 }) }),
        fc.record({
          act: fc.constant('drain' as const),
          portion: fc.integer({ min: 1, max: 4 }),
          returns: fc.boolean(),
          failAt: fc.oneof(fc.constant(Infinity), fc.integer({ min: 1, max: 4 })),
        }),
      )
      // Steps of one round run at once, rounds one after the other.
      const history = fc.array(fc.array(step, { minLength: 1, maxLength: 3 }), { maxLength: 6 })
      await fc.assert(
        fc.asyncProperty(history, async (rounds) => {
          const { letters: kept } = await backend.open()
          const put: EventRow[] = []
          const delivered = new Set<string>()
          const returned = new Set<string>()
          for (const round of rounds) {
            await Promise.allSettled(
              round.map(async (todo) => {
                if (todo.act === 'put') {
                  const rows = letters(todo.count, put.length)
                  put.push(...rows)
                  return kept.put(rows)
                }
                const { deliver } = inbox(todo.failAt)
                return kept.drain(
                  async (rows) => {
                    await deliver(rows)
                    const back = rows.filter(
                      ({ id }) => todo.returns && !returned.has(id) && returned.add(id),
                    )
                    await kept.put(back)
                    for (const row of rows) if (!back.includes(row)) delivered.add(row.record)
                  },
                  { portion: todo.portion },
                )
              }),
            )
          }
          await kept.drain(async (rows) => {
            for (const { record } of rows) delivered.add(record)
          })
          expect([...delivered].toSorted()).toEqual(records(put))
          if (forgets) expect((await kept.drain(inbox().deliver)).delivered).toBe(0)
        }),
        { numRuns: histories },
      )
    })
  })
}
