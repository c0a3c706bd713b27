import type { ReadingStore } from '../ports/store.ts'

/** Where is read: an audit, for all that it holds, or what `reader()` makes of one. */
export interface Reading {
  store(env?: unknown): ReadingStore
  /** Whose view it is; a cursor of one is worth nothing to another. */
  readonly view?: string | undefined
  /** Whether it shows what lies at a path of an event; without it, all. */
  readonly shows?: ((path: string) => boolean) | undefined
  /** Signs cursors. */
  readonly secret?: string | undefined
}
