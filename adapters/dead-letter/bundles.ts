import { hexOf } from '../../src/event/hex.ts'
import { revive } from '../../src/event/revive.ts'
import type { EventRow } from '../../src/event/row.ts'
import type { DeadLetter, DrainOptions, DrainOutcome } from '../../src/ports/dead-letter.ts'
import { asked, checkPortion } from './failure.ts'

/** What a backend has to do so that {@link bundledDeadLetter} can keep letters in it. */
export interface Bundles {
  /** Durable and whole once it resolves; nothing of it can be listed before. One name holds one text only. */
  write(name: string, text: string): Promise<void>
  /** Names in ascending order. May name what was removed meanwhile, may miss what was just written. */
  list(): AsyncIterable<string>
  /** Undefined for what is not there, or not yet. */
  readonly read: (name: string) => Promise<Uint8Array | undefined>
  /** Removing what is gone is no error. */
  remove(names: readonly string[]): Promise<void>
}

/** Most letters in one bundle, and most UTF-16 units: what one read brings into memory. */
const BUNDLE_LETTERS = 500
const BUNDLE_LENGTH = 2 ** 20
/** Bundles read at once: as many connections as a Worker may have open. */
const READ_AHEAD = 6

interface Bundle {
  readonly name: string
  readonly unreadable: readonly string[]
  undelivered: number
}

interface Letter {
  readonly row: EventRow
  readonly bundle: Bundle
}

/**
 * A dead letter that keeps each `put` as one bundle (several, if large): newline-delimited records,
 * under the id of the first event, so that bundles sort by time, and something random. A name that was
 * the same for the same rows would lose a letter that is put back while it is being delivered: the drain
 * would forget the new bundle with the old.
 */
export const bundledDeadLetter = (
  bundles: Bundles,
  random: () => string = () => crypto.randomUUID(),
): DeadLetter => {
  const put = async (rows: readonly EventRow[]): Promise<void> => {
    for (const group of grouped(rows)) {
      const text = textOf(group.map(({ record }) => record))
      await asked(bundles.write(`${group[0].id}.${random()}`, text))
    }
  }

  const forget = async (finished: readonly Bundle[]): Promise<void> => {
    for (const { name, unreadable } of finished) {
      if (unreadable.length === 0) continue
      // Written before its bundle goes: if we stop in between, these letters are there twice, and the
      // next drain brings them together again. Their name may follow from the text, for no drain
      // forgets a bundle in which it could read nothing.
      const text = textOf(unreadable)
      await bundles.write(`${name.slice(0, ID_LENGTH)}.${await fingerprint(text)}`, text)
    }
    if (finished.length > 0) await bundles.remove(finished.map(({ name }) => name))
  }

  const drain = async (
    deliver: (rows: readonly EventRow[]) => Promise<void>,
    { portion = 100, signal }: DrainOptions = {},
  ): Promise<DrainOutcome> => {
    checkPortion(portion)
    let waiting: readonly Letter[] = []
    let delivered = 0
    let unreadable = 0

    const handOver = async (): Promise<void> => {
      const letters = waiting.slice(0, portion)
      signal?.throwIfAborted()
      await deliver(letters.map(({ row }) => row))
      for (const { bundle } of letters) bundle.undelivered -= 1
      const touched = new Set(letters.map(({ bundle }) => bundle))
      await asked(forget([...touched].filter((bundle) => bundle.undelivered === 0)))
      waiting = waiting.slice(portion)
      delivered += letters.length
    }

    for await (const { name, content } of contents(bundles)) {
      signal?.throwIfAborted()
      const { bundle, rows } = opened(name, content)
      unreadable += bundle.unreadable.length
      waiting = [...waiting, ...rows.map((row) => ({ row, bundle }))]
      while (waiting.length >= portion) await handOver()
    }
    if (waiting.length > 0) await handOver()
    return { delivered, unreadable }
  }

  return { put, drain }
}

interface Content {
  readonly name: string
  readonly content: Uint8Array
}

async function* contents(bundles: Bundles): AsyncGenerator<Content> {
  const names = bundles.list()[Symbol.asyncIterator]()
  for (;;) {
    const some: string[] = []
    while (some.length < READ_AHEAD) {
      const { done, value } = await asked(names.next())
      if (done === true) break
      some.push(value)
    }
    const found = await asked(Promise.all(some.map(bundles.read)))
    for (const [index, name] of some.entries()) {
      const content = found[index]
      // Another drain was faster, or the backend is slow to show it: then it waits for the next drain.
      if (content !== undefined) yield { name, content }
    }
    if (some.length < READ_AHEAD) return
  }
}

const ID_LENGTH = 36

type Group = readonly [EventRow, ...EventRow[]]

const grouped = (rows: readonly EventRow[]): readonly Group[] => {
  const groups: [EventRow, ...EventRow[]][] = []
  let length = 0
  for (const row of rows) {
    const last = groups.at(-1)
    length += row.record.length
    if (last !== undefined && last.length < BUNDLE_LETTERS && length <= BUNDLE_LENGTH) {
      last.push(row)
      continue
    }
    groups.push([row])
    length = row.record.length
  }
  return groups
}

const textOf = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('')

const fingerprint = async (text: string): Promise<string> => {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))
  return hexOf(hash.subarray(0, 16))
}

const opened = (
  name: string,
  content: Uint8Array,
): { readonly bundle: Bundle; readonly rows: readonly EventRow[] } => {
  const lines = linesOf(content)
  if (lines === undefined) {
    return { bundle: { name, unreadable: [''], undelivered: 0 }, rows: [] }
  }
  const letters = lines.map((line) => ({ line, row: revive(line) }))
  const rows = letters.flatMap(({ row }) => row ?? [])
  const unreadable = letters.flatMap(({ line, row }) => (row === undefined ? [line] : []))
  return { bundle: { name, unreadable, undelivered: rows.length }, rows }
}

/** Undefined for what is not UTF-8: guessing at one broken byte would change a letter. */
const linesOf = (content: Uint8Array): readonly string[] | undefined => {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content)
    return text.replace(/\n$/, '').split('\n')
  } catch {
    // Nothing is lost: the bundle stays as it is and is counted as one unreadable letter.
    return undefined
  }
}
