import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import type { ArchiveFormat } from '../../../../src/ports/archive.ts'
import { anyArchived, archived, decoded, mistyped } from './rows.ts'

/** Holds a format to what all of them promise. */
export const keepsRows = (format: ArchiveFormat): void => {
  it('gives back every row as it was, whatever it holds', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyArchived, { maxLength: 30 }), async (rows) => {
        expect(await decoded(format, await format.encode(rows))).toStrictEqual(rows)
      }),
      { numRuns: 200 },
    )
  })

  it.each(mistyped)(
    'refuses to write a row whose %s it could not read again',
    async (column, row) => {
      await expect(format.encode([archived(), row])).rejects.toMatchObject({
        code: 'AUDIT_ARCHIVE_REFUSED',
        detail: `a row has no ${column} that could be read again`,
      })
    },
  )
}
