import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { createClient } from '@libsql/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { redeliver } from '../../src/deliver/redeliver.ts'
import { fileDeadLetter } from '../../adapters/dead-letter/file.ts'
import { libsql } from '../../adapters/store/libsql.ts'
import { columnsOf } from '../../src/event/row.ts'
import { eventSchema } from '../../src/event/schema.ts'
import type { StoredRow } from '../../src/event/row.ts'
import { trail } from '../support/app.ts'
import { rowsIn } from '../support/rows.ts'

const node = fileURLToPath(new URL('../../node_modules/.bin/node', import.meta.url))
const script = fileURLToPath(new URL('kill-server.ts', import.meta.url))

let home = ''
const url = (): string => `file:${join(home, 'audit.db')}`
const letters = () => fileDeadLetter(join(home, 'letters'))
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'edge-audit-kill-'))
})
afterAll(() => rm(home, { recursive: true, force: true }))

/** What the servers of all rounds said before they were killed. */
const said = { stored: new Set<string>(), put: new Set<string>(), answered: new Set<string>() }

interface Round {
  /** The step at which the server stands still until it is killed. */
  readonly freezeAt?: number
  /** Or it is killed as soon as so many responses are here, wherever it is then. */
  readonly responses?: number
}

const play = async ({ freezeAt = 0, responses = Infinity }: Round): Promise<void> => {
  const child = spawn(node, [script, url(), join(home, 'letters'), String(freezeAt)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const dead = once(child, 'close')
  const kill = (): unknown => child.kill('SIGKILL')
  let answers = 0
  let clients: Promise<void>[] = []

  /** Asks until the server is gone, by turns in both modes. */
  const client = async (port: string, first: number): Promise<void> => {
    for (let count = first; ; count += 1) {
      try {
        const mode = count % 3 === 0 ? 'defer' : 'await'
        const response = await fetch(`http://127.0.0.1:${port}/${mode}`)
        const ids: unknown = await response.json()
        if (response.status === 200 && mode === 'await' && Array.isArray(ids)) {
          for (const id of ids) said.answered.add(String(id))
        }
        answers += 1
        if (answers >= responses) kill()
      } catch {
        // Refused or reset: the server is gone, and what it did not answer was not promised.
        return
      }
    }
  }

  for await (const line of createInterface({ input: child.stdout })) {
    const [word = '', ...rest] = line.split(' ')
    if (word === 'frozen') kill()
    if (word === 'listening') clients = [0, 1, 2, 3].map((first) => client(rest[0] ?? '', first))
    if (word === 'stored' || word === 'put') for (const id of rest) said[word].add(id)
  }
  await dead
  await Promise.all(clients)
  expect(child.signalCode).toBe('SIGKILL')
}

const written = async (): Promise<readonly StoredRow[]> => {
  const store = libsql({ url: url() })
  const rows = await rowsIn(store)
  await store.close()
  return rows
}

const lettersIn = async (): Promise<ReadonlySet<string>> => {
  const found = new Set<string>()
  const stop = new Error('read only')
  // Rejecting keeps the portion, so all of them are asked for at once.
  await letters()
    .drain(
      async (rows) => {
        for (const { id } of rows) found.add(id)
        throw stop
      },
      { portion: 1_000_000 },
    )
    .catch((error: unknown) => {
      if (error !== stop) throw error
    })
  return found
}

/** What must be true of disk and promises after each crash. */
const inspect = async (): Promise<void> => {
  const client = createClient({ url: url() })
  expect((await client.execute('PRAGMA integrity_check')).rows.map((row) => row[0])).toEqual(['ok'])
  client.close()

  const rows = await written()
  const stored = new Set(rows.map(({ id }) => id))
  expect([...said.answered].filter((id) => !stored.has(id))).toEqual([])
  expect([...said.stored].filter((id) => !stored.has(id))).toEqual([])
  const put = await lettersIn()
  expect([...said.put].filter((id) => !put.has(id))).toEqual([])

  // Nothing half there: each row is its event, and each request has all three of its events or none.
  const byRequest = new Map<string | null, number>()
  for (const { record, recordedAt, ...columns } of rows) {
    expect(recordedAt).toBeGreaterThan(0)
    expect(columns).toEqual(columnsOf(eventSchema.parse(JSON.parse(record))))
    byRequest.set(columns.requestId, (byRequest.get(columns.requestId) ?? 0) + 1)
  }
  expect([...byRequest].filter(([, count]) => count !== 3)).toEqual([])
}

const frozen = Array.from({ length: 20 }, (_, n) => ({ freezeAt: 1 + n * 3 + (n % 3) }))
const anywhere = [1, 2, 5, 11, 23, 47, 95].map((responses) => ({ responses }))

describe('a server that is killed', () => {
  it.each(frozen)(
    'between two steps keeps every promise it made: step $freezeAt',
    async (round) => {
      await play(round)
      await inspect()
    },
  )

  it.each(anywhere)(
    'anywhere keeps every promise it made: after $responses responses',
    async (round) => {
      await play(round)
      await inspect()
    },
  )

  it('leaves dead letters that come back into the database, once each', async () => {
    expect(said.answered.size).toBeGreaterThan(100)
    expect(said.put.size).toBeGreaterThan(10)
    const before = await lettersIn()
    const store = libsql({ url: url() })
    const { audit } = trail({ store })
    await redeliver(audit, letters())
    await audit.close()
    await inspectAfter(before)
  })
})

const inspectAfter = async (before: ReadonlySet<string>): Promise<void> => {
  const ids = (await written()).map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
  expect([...before].filter((id) => !ids.includes(id))).toEqual([])
  expect((await lettersIn()).size).toBe(0)
}
