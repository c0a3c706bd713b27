import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe } from 'vitest'
import { directory } from '../../../adapters/archive/directory.ts'
import { r2 } from '../../../adapters/archive/r2.ts'
import { s3 } from '../../../adapters/archive/s3.ts'
import { libsql } from '../../../adapters/store/libsql.ts'
import type { ArchiveTarget } from '../../../src/keep/keep.ts'
import { startR2 } from '../../support/r2.ts'
import { credentials, startS3 } from '../../support/s3.ts'
import { keepsWhole, type Parts } from './whole.ts'

interface Opened {
  readonly to: ArchiveTarget
  close(): Promise<void>
}

const openWith = (archive: (home: string) => Promise<Opened>) => async (): Promise<Parts> => {
  const home = await mkdtemp(join(tmpdir(), 'edge-audit-keep-'))
  const store = libsql({ url: `file:${join(home, 'audit.db')}` })
  await store.migrate()
  const { to, close } = await archive(home)
  return {
    store,
    to,
    close: async () => {
      await store.close()
      await close()
      await rm(home, { recursive: true })
    },
  }
}

const nothing = (): Promise<void> => Promise.resolve()

describe('keep', () => {
  keepsWhole(
    'a libSQL file and a directory',
    openWith(async (home) => ({ to: directory(join(home, 'archive')), close: nothing })),
  )

  keepsWhole(
    'a libSQL file and its second table',
    openWith(async () => ({ to: 'table', close: nothing })),
  )

  keepsWhole(
    'a libSQL file and S3',
    openWith(async () => {
      const { endpoint, close } = await startS3()
      const bucket = { bucket: 'bucket', endpoint, region: 'eu-central-1', prefix: 'audit/' }
      return { to: s3({ ...credentials, ...bucket }), close }
    }),
  )

  keepsWhole(
    'a libSQL file and R2',
    openWith(async () => {
      const { bucket, close } = await startR2()
      return { to: r2(bucket), close }
    }),
  )
})
