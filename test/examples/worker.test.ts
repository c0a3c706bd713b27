import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { libsql } from '../../adapters/store/libsql.ts'
import { root } from '../support/doors.ts'
import { freePort } from '../support/sqld.ts'
import { databaseIn } from './d1.ts'
import { start } from './project.ts'
import { eventsOf, runsOf } from './trail.ts'

const folders: string[] = []
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true })
})

describe('npm run dev', () => {
  it('serves the demo on workerd, with its trail in D1 and its page on it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'edge-audit-worker-'))
    folders.push(folder)
    const ports = ['--port', String(await freePort()), '--inspector-port', String(await freePort())]
    const server = start('wrangler', ['dev', ...ports, '--persist-to', `${folder}/state`], {
      cwd: root,
    })
    const address = await server.printed(/Ready on (http:\/\/\S+)/)
    // All at once, so that several find the database without its tables.
    const paths = ['/invoices', '/invoices/1001', '/reports/tax', '/admin/users', '/ticker']
    const headers = { 'x-demo-user': 'bo' }
    const answers = paths.map(async (path) => {
      const response = await fetch(address + path, { headers })
      await response.text()
      return response.status
    })
    expect(await Promise.all(answers)).toEqual([200, 200, 500, 403, 200])

    const store = libsql({ url: `file:${await databaseIn(folder)}`, pragmas: [] })
    // Besides the requests: a list and an invoice were read, and an error was not caught.
    await expect.poll(() => eventsOf(store), { timeout: 10_000 }).toHaveLength(paths.length + 3)
    const events = await eventsOf(store)
    expect(events.map(({ action }) => action).toSorted()).toEqual([
      'invoice.list',
      'invoice.read',
      'list',
      'report.tax',
      'system.error',
      'ticker.follow',
      'user.list',
      'view',
    ])
    expect(new Set(events.map(({ actor }) => actor.id))).toEqual(new Set(['bo']))

    const shown = await (await fetch(`${address}/audit`)).text()
    for (const { id } of events) expect(shown).toContain(`/audit/${id}`)

    const fired = await fetch(`${address}/cdn-cgi/handler/scheduled?cron=17+3+*+*+*`)
    expect({ status: fired.status, text: await fired.text() }).toEqual({ status: 200, text: 'ok' })
    expect(await runsOf(store)).toEqual(['done'])
    await store.close()
    await server.stop()
  })
})
