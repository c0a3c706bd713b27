import { describe, expect, it } from 'vitest'
import { storeDeadLetter } from '../../../adapters/dead-letter/store.ts'
import { memory } from '../../../adapters/store/memory.ts'
import { deadLetterConformance, letter, letters } from '../../conformance/dead-letter.ts'

deadLetterConformance(
  'second store',
  async () => ({
    open: async () => {
      const store = memory()
      return {
        letters: storeDeadLetter(store),
        // What only a hand in the database can do: a row whose record is not its event.
        plant: (lines) => store.append(lines.map((record, n) => ({ ...letter(n), record }))),
      }
    },
  }),
  { forgets: false },
)

describe('store dead letter', () => {
  it('rejects with its code, and the error of the store as the cause', async () => {
    const kept = storeDeadLetter(memory())
    // A database refuses NUL in a column.
    const refused = kept.put([{ ...letter(1), action: 'a\0b' }])
    await expect(refused).rejects.toMatchObject({
      code: 'AUDIT_DEAD_LETTER_FAILED',
      cause: { code: 'AUDIT_STORE_REFUSED' },
    })
  })

  it('asks the store for no more than a page holds', async () => {
    const kept = storeDeadLetter(memory())
    await kept.put(letters(1_205))
    const sizes: number[] = []
    await kept.drain(
      async ({ length }) => {
        sizes.push(length)
      },
      { portion: 5_000 },
    )
    expect(sizes).toEqual([1_000, 205])
  })
})
