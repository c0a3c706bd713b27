import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { libsql } from '../../adapters/store/libsql.ts'
import { databaseIn } from './d1.ts'
import { freePort } from '../support/sqld.ts'
import { install, type Project, run, start } from './project.ts'
import { eventsOf, expectedTrail, refunds, runsOf, secret, trailOf } from './trail.ts'

let project: Project

beforeAll(async () => {
  project = await install('cloudflare')
})

afterAll(() => project.remove())

describe('the example for Cloudflare', () => {
  it('records on workerd, in D1', async () => {
    const cwd = project.folder
    const migrations = ['d1', 'migrations', 'apply', 'AUDIT_DB', '--local']
    const migrated = await run('wrangler', migrations, { cwd })
    expect(migrated.output).toContain('0001_append_only.sql')

    const ports = ['--port', String(await freePort()), '--inspector-port', String(await freePort())]
    const variables = ['--var', `JWT_SECRET:${secret}`]
    const server = start('wrangler', ['dev', ...ports, ...variables], { cwd })
    const address = await server.printed(/Ready on (http:\/\/\S+)/)
    expect(await refunds(address)).toEqual([200, 401])

    // Written after the response, by waitUntil.
    const store = libsql({ url: `file:${await databaseIn(`${cwd}/.wrangler`)}`, pragmas: [] })
    await expect.poll(() => eventsOf(store), { timeout: 10_000 }).toHaveLength(3)
    expect(trailOf(await eventsOf(store))).toEqual(expectedTrail)

    // What a cron trigger is for a local workerd.
    const fired = await fetch(`${address}/cdn-cgi/handler/scheduled?cron=17+3+*+*+*`)
    expect({ status: fired.status, text: await fired.text() }).toEqual({ status: 200, text: 'ok' })
    expect(await runsOf(store)).toEqual(['done'])
    await store.close()
    await server.stop()
  })
})
