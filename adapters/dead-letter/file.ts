import { mkdir, mkdtemp, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import process from 'node:process'
import type { DeadLetter } from '../../src/ports/dead-letter.ts'
import { bundledDeadLetter } from './bundles.ts'

const ENDING = '.ndjson'

/**
 * Keeps letters in a directory, one file for each `put` (several above 1 MiB or 500 letters), readable
 * by its owner only. Works on Node, Deno (with read and write permission) and Bun, and several
 * processes may share the directory. It is made when the first letter comes.
 *
 * A `put` that resolved survives a loss of power: the file is written aside, synced, renamed into its
 * place and the directory synced, so a drain sees the whole file or none. A process that is killed on
 * the way leaves a folder `.put-…` behind, which no one reads; remove it when you see one. On Windows a
 * directory cannot be synced, so there the name of the file may be lost with the power, never half of it.
 *
 * A drain holds the names of all files in memory, about 100 bytes each.
 * @throws {AuditError} `put` and `drain` reject with `AUDIT_DEAD_LETTER_FAILED` when the file system
 * refuses; the cause names the file and the reason.
 * @see https://lwn.net/Articles/457667/ on what has to be synced, and when
 * @example
 * import { fileDeadLetter } from 'edge-audit/node'
 * const audit = createAudit({ store, deadLetter: fileDeadLetter('/var/lib/app/audit-letters') })
 */
export const fileDeadLetter = (directory: string): DeadLetter => {
  const home = resolve(directory)
  const path = (name: string): string => join(home, `${name}${ENDING}`)

  async function* list(): AsyncGenerator<string> {
    const files = (await unlessAbsent(readdir(home))) ?? []
    const names = files.filter((file) => file.endsWith(ENDING)).toSorted()
    for (const file of names) yield file.slice(0, -ENDING.length)
  }

  const write = async (name: string, text: string): Promise<void> => {
    await ensured(home)
    const aside = await mkdtemp(join(home, '.put-'))
    try {
      await writeSynced(join(aside, 'letters'), text)
      await rename(join(aside, 'letters'), path(name))
      await syncDirectory(home)
    } finally {
      await rm(aside, { recursive: true, force: true })
    }
  }

  return bundledDeadLetter({
    list,
    write,
    read: (name) => unlessAbsent(readFile(path(name))),
    remove: async (names) => {
      // Not synced: a file that comes back after a crash is handed over again, which is harmless.
      for (const name of names) await rm(path(name), { force: true })
    },
  })
}

/** Makes the directory and syncs every folder above that got a new entry by it. */
const ensured = async (directory: string): Promise<void> => {
  const first = await mkdir(directory, { recursive: true, mode: 0o700 })
  if (first === undefined) return
  const top = dirname(first)
  for (let folder = dirname(directory); ; folder = dirname(folder)) {
    await syncDirectory(folder)
    if (folder === top || folder === dirname(folder)) return
  }
}

const writeSynced = async (file: string, text: string): Promise<void> => {
  const handle = await open(file, 'wx', 0o600)
  try {
    await handle.writeFile(text)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

const syncDirectory = async (directory: string): Promise<void> => {
  if (process.platform === 'win32') return
  const handle = await open(directory, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

const unlessAbsent = async <Found>(found: Promise<Found>): Promise<Found | undefined> => {
  try {
    return await found
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined
    throw cause
  }
}
