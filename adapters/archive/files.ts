import { mkdir, open, rename, rmdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import process from 'node:process'
import type { Failure } from './failure.ts'

// Durable steps on a file system: what has to be synced, and when. https://lwn.net/Articles/457667/

const OWNER_ONLY = { file: 0o600, folder: 0o700 } as const

/** Others may take a folder away as often as they like, but not that often in between. */
const MOST_TRIES = 100

export const codeOf = (cause: unknown): string =>
  cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : ''

/** What waits for a person: everything else, such as a full disk, may pass. */
const refusals = new Set([
  'EACCES',
  'EEXIST',
  'EILSEQ',
  'EINVAL',
  'EISDIR',
  'ELOOP',
  'ENAMETOOLONG',
  'ENOTDIR',
  'ENOTEMPTY',
  'ENOTSUP',
  'EPERM',
  'EROFS',
  'NotCapable',
  'PermissionDenied',
])

/** The code of the system and the call that failed: `EACCES open`. */
export const failureOf = (cause: unknown): Failure => {
  // Deno says by the name what it did not allow.
  const reason = codeOf(cause) || (cause instanceof Error ? cause.name : 'unknown')
  const call = cause instanceof Error && 'syscall' in cause ? ` ${String(cause.syscall)}` : ''
  const code = refusals.has(reason) ? 'AUDIT_ARCHIVE_REFUSED' : 'AUDIT_ARCHIVE_UNAVAILABLE'
  return { code, detail: `${reason}${call}` }
}

/** Undefined where nothing is. A file on the way, or a folder at the end, is not what was asked for. */
export const unlessAbsent = async <Found>(found: Promise<Found>): Promise<Found | undefined> => {
  try {
    return await found
  } catch (cause) {
    if (['ENOENT', 'ENOTDIR', 'EISDIR'].includes(codeOf(cause))) return undefined
    throw cause
  }
}

const syncFolder = async (folder: string): Promise<void> => {
  // Windows cannot sync a directory.
  if (process.platform === 'win32') return
  const handle = await unlessAbsent(open(folder, 'r'))
  try {
    await handle?.sync()
  } finally {
    await handle?.close()
  }
}

/** From a folder up to one above it. Also those that were there: who made them may not have synced yet. */
const syncFolders = async (from: string, to: string): Promise<void> => {
  for (let folder = from; ; folder = dirname(folder)) {
    await syncFolder(folder)
    if (folder === to || folder === dirname(folder)) return
  }
}

const makeFolder = (folder: string): Promise<string | undefined> =>
  mkdir(folder, { recursive: true, mode: OWNER_ONLY.folder })

/** Makes our own folder, and syncs the folders above that got an entry by it. */
export const makeHome = async (home: string): Promise<void> => {
  const first = await makeFolder(home)
  if (first !== undefined) await syncFolders(dirname(home), dirname(first))
}

/** Writes a file into our own folder, which is made when it is not there. */
export const writeSynced = async (file: string, bytes: Uint8Array, home: string): Promise<void> => {
  const create = () => open(file, 'wx', OWNER_ONLY.file)
  const created = await unlessAbsent(create())
  if (created === undefined) await makeHome(home)
  const handle = created ?? (await create())
  try {
    await handle.writeFile(bytes)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

export interface Home {
  readonly home: string
  /** Folders below it that this process has synced, with all above them, and that nobody took away since. */
  readonly synced: Set<string>
}

/** Names that are kept in mind: those of a few years of days. */
const MOST_SYNCED = 10_000

/** Puts a written file where it belongs, in a folder below `home` that is made if need be. */
export const place = async (
  written: string,
  target: string,
  { home, synced }: Home,
): Promise<void> => {
  const folder = dirname(target)
  for (let tries = 1; ; tries += 1) {
    try {
      const made = await makeFolder(folder)
      if (made !== undefined) forget(synced, folder, made)
      await rename(written, target)
      break
    } catch (cause) {
      // Between the two someone removed the last object of the folder, and the folder with it.
      if (codeOf(cause) !== 'ENOENT' || tries === MOST_TRIES) throw cause
    }
  }
  const fresh: string[] = []
  for (let above = folder; ; above = dirname(above)) {
    await syncFolder(above)
    // Its own name was synced with all above it.
    if (synced.has(above)) break
    fresh.push(above)
    if (above === home || above === dirname(above)) break
  }
  if (synced.size >= MOST_SYNCED) synced.clear()
  for (const one of fresh) synced.add(one)
}

/** Folders that were just made, from one up to the first of them, are not what was synced by their names. */
const forget = (synced: Set<string>, from: string, first: string): void => {
  for (let folder = from; ; folder = dirname(folder)) {
    synced.delete(folder)
    if (folder === first || folder === dirname(folder)) return
  }
}

/** Takes away what is empty, from a folder up to `home`, and syncs the first that stays. */
export const prune = async (folder: string, home: string): Promise<void> => {
  let last = folder
  for (; last !== home; last = dirname(last)) {
    try {
      await rmdir(last)
    } catch (cause) {
      // Something is in it, or came into it just now: it stays, and nothing is lost.
      if (codeOf(cause) !== 'ENOENT') break
    }
  }
  await syncFolder(last)
}
