import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient } from '@libsql/client'
import { describe, expect, it } from 'vitest'
import { libsql } from '../../../adapters/store/libsql.ts'
import type { OpenedDatabase } from '../../conformance/database.ts'
import { databaseConformance } from '../../conformance/database.ts'
import { idAt, rowsOf } from '../../conformance/rows.ts'
import { storeConformance } from '../../conformance/store.ts'
import { startSqld } from '../../support/sqld.ts'

const open = (url: string, end: () => Promise<void>): OpenedDatabase => {
  const client = createClient({ url })
  return {
    store: libsql({ url }),
    connect: () => Promise.resolve(libsql({ url })),
    execute: (sql) => client.batch(sql.split(';'), 'write'),
    close: async () => {
      client.close()
      await end()
    },
  }
}

const openFile = async (): Promise<OpenedDatabase> => {
  const directory = await mkdtemp(join(tmpdir(), 'edge-audit-'))
  return open(`file:${join(directory, 'audit.db')}`, () => rm(directory, { recursive: true }))
}

const openServer = (scheme: 'http' | 'ws') => async (): Promise<OpenedDatabase> => {
  const { address, stop } = await startSqld()
  return open(`${scheme}://${address}`, stop)
}

storeConformance('libSQL file', openFile)
databaseConformance('libSQL file', openFile)

storeConformance('libSQL over HTTP', openServer('http'), { histories: 10 })
databaseConformance('libSQL over HTTP', openServer('http'))

storeConformance('libSQL over WebSocket', openServer('ws'), { histories: 10 })
databaseConformance('libSQL over WebSocket', openServer('ws'))

describe('a libSQL file that was closed', () => {
  it('holds every event by itself, so that a copy of it is a copy of all', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'edge-audit-'))
    const store = libsql({ url: `file:${join(directory, 'audit.db')}` })
    await store.migrate()
    await store.append(rowsOf(3, (index) => ({ id: idAt(index) })))
    await store.close()

    await copyFile(join(directory, 'audit.db'), join(directory, 'copy.db'))
    const copy = libsql({ url: `file:${join(directory, 'copy.db')}` })
    const { rows } = await copy.page({ limit: 10 })
    await copy.close()
    await rm(directory, { recursive: true })
    expect(rows).toHaveLength(3)
  })
})
