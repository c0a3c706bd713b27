/**
 * Keeps archived objects in a directory, on Node, Deno and Bun.
 * @module
 */
import { randomUUID } from 'node:crypto'
import { lstat, readdir, readFile, rm, unlink } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import process from 'node:process'
import { AuditError } from '../../src/errors.ts'
import type { AskOptions, ObjectStore, PutOptions } from '../../src/ports/archive.ts'
import { guarded, stopIfAborted } from './failure.ts'
import { codeOf, failureOf, place, prune, unlessAbsent, writeSynced } from './files.ts'
import { checkListed, checkPath, isPath, isWindowsPath } from './path.ts'

/** What the files begin with in which objects are written. */
const ASIDE = '.put-'

interface Entry {
  readonly name: string
  readonly isFolder: boolean
  /** What its place among the others follows from: all that is in a folder begins with its name and a slash. */
  readonly order: Uint8Array
}

/**
 * Keeps objects as files in a directory, where the slashes of a path make folders. Works on Node, Deno
 * (with read and write permission) and Bun; several processes may share the directory. It is made when
 * the first object comes. Files and folders are readable by their owner only.
 *
 * A `put` that resolved survives a loss of power: the file is written aside, synced, renamed into its
 * place and its folders synced, so a reader sees a whole object or none. A process that is killed on
 * the way leaves a file `.put-…` behind, which is never listed; remove it when you see one. Therefore
 * a path cannot begin with `.put-`. On Windows folders cannot be synced, so there the name of a file
 * may be lost with the power, never half of it; and paths that Windows would take for others are refused.
 *
 * What a file system cannot do: a path is either an object or a folder of others; on one that does not
 * tell upper from lower case, `a` and `A` are one path; and nothing is locked, so **`retainUntil` does
 * nothing here**: whoever may write to the directory can remove what is in it. `sha256` is not checked.
 *
 * `remove` takes empty folders along. `list` holds the names of one folder, and of those it lies in, in
 * memory. Every file in the directory counts as an object; links do not.
 * @throws {AuditError} `AUDIT_OPTION_INVALID` for an empty path. Calls reject with
 * `AUDIT_ARCHIVE_REFUSED` when the file system does not allow it and with `AUDIT_ARCHIVE_UNAVAILABLE`
 * otherwise; the detail is its code and the call: `ENOSPC write`.
 * @see https://lwn.net/Articles/457667/ on what has to be synced, and when
 * @example
 * import { directory } from 'edge-audit/directory'
 * const objects = directory('/var/lib/app/audit-archive')
 */
export const directory = (path: string): ObjectStore => {
  // An empty text would be the directory that the process happens to stand in.
  if (path === '') throw new AuditError('AUDIT_OPTION_INVALID', 'path: the name of a directory')
  const home = resolve(path)
  const synced = new Set<string>()

  const fileOf = (path: string): string => {
    checkPath(path)
    const misread = process.platform === 'win32' && !isWindowsPath(path)
    if (misread || path.startsWith(ASIDE)) throw new AuditError('AUDIT_ARCHIVE_REFUSED', 'path')
    return join(home, path)
  }

  const putFile = async (file: string, bytes: Uint8Array, signal?: AbortSignal): Promise<void> => {
    const aside = join(home, `${ASIDE}${randomUUID()}`)
    try {
      await writeSynced(aside, bytes, home)
      stopIfAborted(signal)
      await place(aside, file, { home, synced })
    } catch (cause) {
      // What failed first is told.
      await rm(aside, { force: true }).catch(() => undefined)
      throw cause
    }
  }

  async function* listFolder(
    folder: string,
    prefix: string,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<string> {
    const entries = await guarded(() => entriesOf(join(home, folder)), failureOf, signal)
    for (const { name, isFolder } of entries) {
      const path = `${folder}${name}`
      if (path.startsWith(ASIDE)) continue
      const below = `${path}/`
      const leads = below.startsWith(prefix) || prefix.startsWith(below)
      if (isFolder && leads) yield* listFolder(below, prefix, signal)
      if (isFolder || !path.startsWith(prefix) || !isPath(path)) continue
      stopIfAborted(signal)
      yield path
    }
  }

  async function* list(prefix: string, { signal }: AskOptions = {}): AsyncGenerator<string> {
    checkListed(prefix)
    yield* listFolder('', prefix, signal)
  }

  return {
    list,
    put: async (path, bytes, { signal }: PutOptions = {}) => {
      const file = fileOf(path)
      await guarded(() => putFile(file, bytes, signal), failureOf, signal)
    },
    get: async (path, { signal }: AskOptions = {}) => {
      const file = fileOf(path)
      const content = await guarded(() => unlessAbsent(readFile(file)), failureOf, signal)
      return content === undefined ? undefined : new Uint8Array(content)
    },
    remove: async (path, { signal }: AskOptions = {}) => {
      const file = fileOf(path)
      synced.clear()
      await guarded(() => removeFile(file, home), failureOf, signal)
    },
  }
}

const entriesOf = async (folder: string): Promise<readonly Entry[]> => {
  const found = (await unlessAbsent(readdir(folder, { withFileTypes: true }))) ?? []
  const entries = found.flatMap((entry): readonly Entry[] => {
    const isFolder = entry.isDirectory()
    if (!isFolder && !entry.isFile()) return []
    const order = Buffer.from(isFolder ? `${entry.name}/` : entry.name)
    return [{ name: entry.name, isFolder, order }]
  })
  return entries.toSorted((one, other) => Buffer.compare(one.order, other.order))
}

const removeFile = async (file: string, home: string): Promise<void> => {
  try {
    await unlessAbsent(unlink(file))
  } catch (cause) {
    // POSIX says EPERM of a folder, as macOS does. A folder is no object: there is nothing to remove.
    const found = codeOf(cause) === 'EPERM' ? await lstat(file) : undefined
    if (found?.isDirectory() !== true) throw cause
  }
  await prune(dirname(file), home)
}
