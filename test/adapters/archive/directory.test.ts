import { mkdir, mkdtemp, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { directory } from '../../../adapters/archive/directory.ts'
import { failureOf } from '../../../adapters/archive/files.ts'
import { isWindowsPath } from '../../../adapters/archive/path.ts'
import { bytesOf, listed } from '../../conformance/object-paths.ts'
import { objectsConformance } from '../../conformance/objects.ts'
import { killedAfter } from '../../support/killed.ts'

const temporary = (): Promise<string> => mkdtemp(join(tmpdir(), 'edge-audit-objects-'))

objectsConformance('directory', async () => {
  const root = await temporary()
  let opened = 0
  return {
    open: async () => directory(join(root, String(opened++))),
    close: () => rm(root, { recursive: true }),
  }
})

const putForever = new URL('put-forever.ts', import.meta.url)

describe('directory', () => {
  let home: string
  beforeEach(async () => {
    home = await temporary()
  })
  afterEach(() => rm(home, { recursive: true }))

  it('has whole objects alone, none older than its last put, after the process was killed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 40 }), async (count) => {
        const root = await mkdtemp(join(home, 'run-'))
        const put = await killedAfter(count, putForever, root)
        const objects = directory(root)
        const paths = await listed(objects, '')
        expect(paths.filter((path) => !/^worker=\d\/day=\d\/object$/.test(path))).toEqual([])
        for (const path of paths) {
          const text = Buffer.from((await objects.get(path)) ?? []).toString()
          const [number = ''] = text.split('\n')
          expect(text === `${number}\n`.repeat(200_000)).toBe(true)
          const told = put.flatMap((line) => (line.startsWith(`${path} `) ? [line] : []))
          const last = Number(told.at(-1)?.split(' ')[1] ?? -1)
          expect(Number(number)).toBeGreaterThanOrEqual(last)
        }
        // The last that was put is removed by nobody before five others were.
        const last = put.at(-1)?.split(' ')[0]
        expect(paths).toContain(last)
      }),
      { numRuns: 10 },
    )
  })

  it('makes the folders it needs, closed to others, and leaves nothing beside the object', async () => {
    const root = join(home, 'a', 'b')
    await directory(root).put('c/d/e.gz', bytesOf('bytes'))
    expect(await readdir(root, { recursive: true })).toEqual(['c', 'c/d', 'c/d/e.gz'])
    for (const folder of ['..', '.', 'c', 'c/d']) {
      expect((await stat(join(root, folder))).mode & 0o777).toBe(0o700)
    }
    expect((await stat(join(root, 'c/d/e.gz'))).mode & 0o777).toBe(0o600)
  })

  it('takes empty folders along when it removes, and neither its own nor others', async () => {
    const objects = directory(home)
    await objects.put('a/b/c/d', bytesOf(''))
    await objects.put('a/e', bytesOf(''))
    await objects.remove('a/b/c/d')
    expect(await readdir(home, { recursive: true })).toEqual(['a', 'a/e'])
    await objects.remove('a/e')
    await objects.remove('a/e')
    expect(await readdir(home)).toEqual([])
  })

  it('lists no leftovers of a put, and lets nobody put there', async () => {
    const objects = directory(home)
    await mkdir(join(home, '.put-killed'))
    await writeFile(join(home, '.put-killed', 'object'), 'half')
    expect(await listed(objects, '')).toEqual([])
    expect(await listed(objects, '.put-killed/')).toEqual([])
    const refused = { code: 'AUDIT_ARCHIVE_REFUSED', detail: 'path' }
    await expect(objects.get('.put-killed/object')).rejects.toMatchObject(refused)
    await expect(objects.put('.put-x/object', bytesOf(''))).rejects.toMatchObject(refused)
    await objects.put('a/.put-x', bytesOf('deeper it is a name like others'))
    expect(await listed(objects, '')).toEqual(['a/.put-x'])
  })

  it('leaves nothing aside when it cannot put', async () => {
    const objects = directory(home)
    await objects.put('a/b', bytesOf('object'))
    const refused = { code: 'AUDIT_ARCHIVE_REFUSED' }
    await expect(objects.put('a', bytesOf(''))).rejects.toMatchObject(refused)
    await expect(objects.put('a/b/c', bytesOf(''))).rejects.toMatchObject(refused)
    expect(await readdir(home, { recursive: true })).toEqual(['a', 'a/b'])
    expect(await objects.get('a/b')).toEqual(bytesOf('object'))
  })

  it('does not follow links out of the directory when it lists', async () => {
    const objects = directory(join(home, 'inside'))
    await objects.put('a', bytesOf(''))
    await writeFile(join(home, 'outside'), '')
    await symlink(home, join(home, 'inside', 'folder'))
    await symlink(join(home, 'outside'), join(home, 'inside', 'file'))
    expect(await listed(objects, '')).toEqual(['a'])
  })

  it('tells the code of the system and the call, and no path', async () => {
    const file = join(home, 'file')
    await writeFile(file, '')
    const objects = directory(join(file, 'below'))
    const error: unknown = await objects.put('secret', bytesOf('')).catch((cause: unknown) => cause)
    expect(error).toMatchObject({ code: 'AUDIT_ARCHIVE_REFUSED', detail: 'ENOTDIR mkdir' })
    expect(String(error)).not.toMatch(/secret|below/)
    expect(error).not.toHaveProperty('cause')
  })

  it.each([
    ['ENOSPC', 'AUDIT_ARCHIVE_UNAVAILABLE'],
    ['EIO', 'AUDIT_ARCHIVE_UNAVAILABLE'],
    ['EMFILE', 'AUDIT_ARCHIVE_UNAVAILABLE'],
    ['EACCES', 'AUDIT_ARCHIVE_REFUSED'],
    ['EROFS', 'AUDIT_ARCHIVE_REFUSED'],
  ])('tells what may pass from what will not: %s', (code, expected) => {
    const cause = Object.assign(new Error('of secret'), { code, syscall: 'open' })
    expect(failureOf(cause)).toEqual({ code: expected, detail: `${code} open` })
  })

  it('refuses to be where the process happens to stand', () => {
    expect(() => directory('')).toThrow(expect.objectContaining({ code: 'AUDIT_OPTION_INVALID' }))
  })
})

describe('a path on Windows', () => {
  it.each(['a\\..\\b', 'a:b', 'nul', 'day/COM1.gz', 'a./b', 'b ', 'a?', 'a\tb', '"'])(
    'is refused: %j',
    (path) => expect(isWindowsPath(path)).toBe(false),
  )

  it.each(['tenant=a/day=2026-01-02/0198.ndjson.gz', 'console', 'com', '.a', 'a b', 'ä'])(
    'is taken: %j',
    (path) => expect(isWindowsPath(path)).toBe(true),
  )
})
