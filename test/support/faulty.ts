import { bundledDeadLetter } from '../../adapters/dead-letter/bundles.ts'
import { AuditError } from '../../src/errors.ts'
import type { DeadLetter } from '../../src/ports/dead-letter.ts'
import type { AuditStore } from '../../src/ports/store.ts'
import { idsOf } from '../conformance/rows.ts'

/** What breaks in a call of a port: before it took effect, or after, when nobody can tell any more. */
export interface Fault {
  readonly when: 'before' | 'after'
  readonly how: Break
}

/**
 * `retriable` and `refused` are what a store of ours says, `foreign` is what a store of others throws,
 * `thrown` comes at once and not as a rejection, `hang` never ends; a promise makes the call slow.
 */
export type Break = 'retriable' | 'refused' | 'foreign' | 'thrown' | 'hang' | Promise<unknown>

export const breaks = ['retriable', 'refused', 'foreign', 'thrown', 'hang'] as const

/** Decides call by call, from 0; undefined lets the call through. */
export type Schedule = (call: number, ids: readonly string[]) => Fault | undefined

/** The first calls break as listed, all others work. */
export const inOrder =
  (...faults: readonly (Fault | undefined)[]): Schedule =>
  (call) =>
    faults[call]

export const always =
  (fault: Fault): Schedule =>
  () =>
    fault

/** Stands in every error of a foreign store: it must not leave the library through a message of ours. */
export const FOREIGN_SECRET = 'params: hunter2'

const broken = (how: Exclude<Break, 'hang' | Promise<unknown>>): Error => {
  if (how === 'retriable') return new AuditError('AUDIT_STORE_UNAVAILABLE', 'HTTP 503')
  if (how === 'refused') return new AuditError('AUDIT_STORE_REFUSED', 'SQLITE_CONSTRAINT')
  return new TypeError(FOREIGN_SECRET)
}

const happen = async (fault: Fault | undefined, when: Fault['when']): Promise<void> => {
  if (fault === undefined || fault.when !== when) return
  if (fault.how === 'hang') return new Promise<never>(() => undefined)
  if (typeof fault.how === 'object') {
    await fault.how
    return
  }
  throw broken(fault.how)
}

export interface Counted {
  /** Ids of each call, in order. */
  readonly calls: (readonly string[])[]
}

const wrap =
  (calls: (readonly string[])[], schedule: Schedule) =>
  (ids: readonly string[], work: () => Promise<void>): Promise<void> => {
    const fault = schedule(calls.length, ids)
    calls.push(ids)
    if (fault?.how === 'thrown' && fault.when === 'before') throw broken('thrown')
    return (async () => {
      await happen(fault, 'before')
      await work()
      await happen(fault, 'after')
    })()
  }

/** A store whose `append` breaks by a schedule. */
export const faultyStore = (store: AuditStore, schedule: Schedule): AuditStore & Counted => {
  const calls: (readonly string[])[] = []
  const call = wrap(calls, schedule)
  return {
    ...store,
    calls,
    append: (rows, options) => call(idsOf(rows), () => store.append(rows, options)),
  }
}

/** A dead letter whose `put` breaks by a schedule. */
export const faultyLetters = (
  letters: DeadLetter,
  schedule: Schedule,
): Pick<DeadLetter, 'put'> & Counted => {
  const calls: (readonly string[])[] = []
  const call = wrap(calls, schedule)
  return { calls, put: (rows) => call(idsOf(rows), () => letters.put(rows)) }
}

export interface MemoryLetters extends DeadLetter {
  /** Ids of all letters that are kept, once for each copy. */
  ids(): readonly string[]
  /** The letters themselves. */
  records(): readonly string[]
}

export type BundleCall = 'write' | 'list' | 'read' | 'remove'

/**
 * The library's bundled dead letter over a map: what R2, KV and files share, with a place to break
 * each call of the backend.
 */
export const memoryLetters = (
  schedule: (what: BundleCall, call: number) => Fault | undefined = () => undefined,
): MemoryLetters => {
  const bundles = new Map<string, string>()
  let calls = 0
  const step = async <Result>(what: BundleCall, work: () => Result): Promise<Result> => {
    const fault = schedule(what, calls++)
    await happen(fault, 'before')
    const result = work()
    await happen(fault, 'after')
    return result
  }
  async function* list(): AsyncGenerator<string> {
    yield* await step('list', () => [...bundles.keys()].toSorted())
  }
  const letters = bundledDeadLetter({
    list,
    write: (name, text) =>
      step('write', () => {
        bundles.set(name, text)
      }),
    read: (name) =>
      step('read', () => {
        const text = bundles.get(name)
        return text === undefined ? undefined : new TextEncoder().encode(text)
      }),
    remove: (names) => step('remove', () => names.forEach((name) => bundles.delete(name))),
  })
  const records = (): readonly string[] =>
    [...bundles.values()].flatMap((text) => text.trimEnd().split('\n'))
  return {
    ...letters,
    records,
    ids: () => records().map((record): string => JSON.parse(record).id),
  }
}
