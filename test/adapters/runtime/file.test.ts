import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { letter } from '../../conformance/dead-letter.ts'
import { run, runtimes } from './child.ts'

describe.each(runtimes)('letters in files on %s', (runtime) => {
  it('are put, kept when they are not delivered, handed over byte for byte, and forgotten', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'edge-audit-letters-'))
    try {
      const records = ['👩‍👩‍👧', 'a\nb'].map((note, n) => letter(n, note).record)
      const { lines, code, errors } = await run(
        runtime,
        'letters.ts',
        `${directory}/a/b`,
        ...records,
      )
      expect({ lines, code, errors }).toEqual({
        lines: ['Error: down', ...records, '{"delivered":2,"unreadable":0}'],
        code: 0,
        errors: '',
      })
      expect(await readdir(`${directory}/a/b`)).toEqual([])
    } finally {
      await rm(directory, { recursive: true })
    }
  })
})
