import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fileDeadLetter } from '../../../adapters/dead-letter/file.ts'
import type { EventRow } from '../../../src/event/row.ts'
import { deadLetterConformance, letter, letters } from '../../conformance/dead-letter.ts'
import { killedAfter } from '../../support/killed.ts'

const temporary = (): Promise<string> => mkdtemp(join(tmpdir(), 'edge-audit-letters-'))

deadLetterConformance('file', async () => {
  const root = await temporary()
  let opened = 0
  return {
    open: async () => {
      const directory = join(root, String(opened++))
      return {
        letters: fileDeadLetter(directory),
        plant: async (lines) => {
          await mkdir(directory)
          await writeFile(join(directory, 'planted.ndjson'), lines.join('\n'))
        },
      }
    },
    close: () => rm(root, { recursive: true }),
  }
})

const putForever = new URL('put-forever.ts', import.meta.url)

describe('file dead letter', () => {
  let directory: string
  beforeEach(async () => {
    directory = await temporary()
  })
  afterEach(() => rm(directory, { recursive: true }))

  it('has every letter whose put resolved, and no half file, after the process was killed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 2, max: 120 }), async (count) => {
        const home = await mkdtemp(join(directory, 'run-'))
        const put = (await killedAfter(count, putForever, home)).map(Number)
        const drained: EventRow[] = []
        const outcome = await fileDeadLetter(home).drain(async (rows) => {
          drained.push(...rows)
        })
        expect(outcome).toEqual({ delivered: drained.length, unreadable: 0 })
        const numbers = new Set(drained.map(({ occurredAt }) => occurredAt - letter(0).occurredAt))
        expect(put.filter((number) => !numbers.has(number))).toEqual([])
        expect(put.length).toBeGreaterThanOrEqual(count)
      }),
      { numRuns: 10 },
    )
  })

  it('makes the directories it needs, closed to others, and leaves nothing beside the letters', async () => {
    const home = join(directory, 'a', 'b')
    await fileDeadLetter(home).put(letters(2))
    const files = await readdir(home)
    expect(files).toEqual([expect.stringMatching(/^01890000-.{27}\.[0-9a-f-]{36}\.ndjson$/)])
    expect((await stat(home)).mode & 0o777).toBe(0o700)
    expect((await stat(join(home, files.join()))).mode & 0o777).toBe(0o600)
  })

  it('keeps a large put in several files, so that none is large', async () => {
    await fileDeadLetter(join(directory, 'many')).put(letters(1_205))
    expect(await readdir(join(directory, 'many'))).toHaveLength(3)
    const large = Array.from({ length: 40 }, (_, n) => letter(n, 'x'.repeat(60_000)))
    await fileDeadLetter(join(directory, 'large')).put(large)
    const files = await readdir(join(directory, 'large'))
    const sizes = await Promise.all(files.map((file) => stat(join(directory, 'large', file))))
    expect(Math.max(...sizes.map(({ size }) => size))).toBeLessThanOrEqual(2 ** 20 + 500)
  })

  it('brings what it cannot read together again after it stopped half way', async () => {
    const kept = fileDeadLetter(directory)
    const bundle = `${letter(0).record}\nnot json\n`
    for (const name of ['before', 'after']) {
      await writeFile(join(directory, `${letter(0).id}.${name}.ndjson`), bundle)
    }
    expect(await kept.drain(async () => undefined)).toEqual({ delivered: 2, unreadable: 2 })
    expect(await kept.drain(async () => undefined)).toEqual({ delivered: 0, unreadable: 1 })
  })

  it('counts a file that is not UTF-8 once and leaves it as it is', async () => {
    const kept = fileDeadLetter(directory)
    await kept.put(letters(1))
    const broken = Buffer.from(`${letter(5, 'x~x').record}\n`)
    broken[broken.indexOf('~')] = 0xff
    await writeFile(join(directory, 'broken.ndjson'), broken)
    await writeFile(join(directory, 'empty.ndjson'), '')
    expect(await kept.drain(async () => undefined)).toEqual({ delivered: 1, unreadable: 2 })
    expect(await readdir(directory)).toEqual(['broken.ndjson', 'empty.ndjson'])
  })

  it('takes no notice of other files', async () => {
    await writeFile(join(directory, 'README'), 'not ours')
    expect(await fileDeadLetter(directory).drain(async () => undefined)).toEqual({
      delivered: 0,
      unreadable: 0,
    })
  })

  it('rejects with its code when the file system refuses', async () => {
    const file = join(directory, 'file')
    await writeFile(file, '')
    const kept = fileDeadLetter(file)
    const failed = { code: 'AUDIT_DEAD_LETTER_FAILED', cause: expect.any(Error) }
    await expect(kept.put(letters(1))).rejects.toMatchObject(failed)
    await expect(kept.drain(async () => undefined)).rejects.toMatchObject(failed)
  })
})
