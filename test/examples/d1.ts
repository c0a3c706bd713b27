import { glob } from 'node:fs/promises'

/** The file in which a local D1 keeps the one database of a worker. */
export const databaseIn = async (folder: string): Promise<string> => {
  const cwd = `${folder}/state/v3/d1/miniflare-D1DatabaseObject`
  for await (const file of glob('*.sqlite', { cwd })) {
    // Its own bookkeeping lies beside.
    if (file !== 'metadata.sqlite') return `${cwd}/${file}`
  }
  throw new Error(`There is no database in ${cwd}.`)
}
