import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/**
 * What a program of Debian's (poppler, qpdf) prints of a file. It fails at a word of complaint, which
 * poppler says and yet ends well.
 */
export const told = async (
  bytes: Uint8Array,
  program: string,
  ...options: readonly string[]
): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'edge-audit-pdf-'))
  const file = join(folder, 'report.pdf')
  try {
    await writeFile(file, bytes)
    const at = options.indexOf('FILE')
    const given = at === -1 ? [...options, file] : options.with(at, file)
    const { stdout, stderr } = await run(program, given, { maxBuffer: 2 ** 28 })
    if (stderr !== '') throw new Error(`${program}: ${stderr}`)
    return stdout
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** All that can be copied out of it, in the order of the pages. */
export const textOf = (bytes: Uint8Array): Promise<string> =>
  told(bytes, 'pdftotext', '-raw', '-enc', 'UTF-8', 'FILE', '-')

/** The files in a file, by their names. */
export const attachedTo = async (bytes: Uint8Array): Promise<ReadonlyMap<string, string>> => {
  const folder = await mkdtemp(join(tmpdir(), 'edge-audit-attached-'))
  try {
    const file = join(folder, 'in.pdf')
    await writeFile(file, bytes)
    const { stdout } = await run('pdfdetach', ['-list', file])
    if (stdout.startsWith('0 ')) return new Map()
    await run('pdfdetach', ['-saveall', '-o', folder, file])
    const names = (await readdir(folder)).filter((name) => name !== 'in.pdf')
    const texts = names.map(
      async (name) => [name, await readFile(join(folder, name), 'utf8')] as const,
    )
    return new Map(await Promise.all(texts))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** A page as a picture: grey levels, from 0 for black to 255, of a page that is 100 dots to the inch. */
export const picture = async (
  bytes: Uint8Array,
  page: number,
): Promise<{ readonly width: number; readonly height: number; readonly grey: Uint8Array }> => {
  const folder = await mkdtemp(join(tmpdir(), 'edge-audit-png-'))
  try {
    await writeFile(join(folder, 'in.pdf'), bytes)
    const only = ['-f', String(page), '-l', String(page), '-singlefile', '-gray', '-r', '100']
    await run('pdftoppm', [...only, join(folder, 'in.pdf'), join(folder, 'out')])
    const file = await readFile(join(folder, 'out.pgm'))
    const [, width, height] =
      /^P5\s+(\d+)\s+(\d+)\s+255\s/.exec(file.toString('latin1', 0, 40)) ?? []
    const size = Number(width) * Number(height)
    return { width: Number(width), height: Number(height), grey: file.subarray(file.length - size) }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

export interface Word {
  readonly page: number
  readonly text: string
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

/** Where each word is, in points from the top left. */
export const wordsOf = async (bytes: Uint8Array): Promise<readonly Word[]> => {
  const html = await told(bytes, 'pdftotext', '-bbox', 'FILE', '-')
  const words: Word[] = []
  let page = 0
  for (const line of html.split('\n')) {
    if (line.includes('<page ')) page += 1
    const found = /xMin="(.*?)" yMin="(.*?)" xMax="(.*?)" yMax="(.*?)">(.*)<\/word>/.exec(line)
    if (found === null) continue
    const [left = 0, top = 0, right = 0, bottom = 0] = found.slice(1, 5).map(Number)
    words.push({ page, text: found[5] ?? '', left, right, top, bottom })
  }
  return words
}
