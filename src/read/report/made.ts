import type { Block, Facts } from './document.ts'
import type { Tally } from './tally.ts'

/** What a kind of report makes, and what it knows of it when that was read. */
export interface Made {
  readonly body: AsyncIterable<Block>
  readonly events: () => number
  /** What is told of it in numbers, besides the blocks. */
  readonly facts: () => Facts['facts']
  readonly numbers: () => readonly Block[]
  readonly marks: (() => Tally['marks']) | undefined
  /** Events that were left out by a limit; `atLeast` where there may be more. */
  readonly cut: () => { readonly count: number; readonly atLeast: boolean }
}

/** Looks whether there is anything, and gives it, the first as well; undefined when there is nothing. */
export const peeked = async <Item>(
  items: AsyncIterable<Item>,
): Promise<AsyncIterable<Item> | undefined> => {
  const iterator = items[Symbol.asyncIterator]()
  const first = await iterator.next()
  if (first.done === true) return undefined
  return (async function* () {
    try {
      yield first.value
      for (;;) {
        const { done, value } = await iterator.next()
        if (done === true) return
        yield value
      }
    } finally {
      await iterator.return?.()
    }
  })()
}
