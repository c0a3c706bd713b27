import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { libsql } from '../../adapters/store/libsql.ts'
import { type Sqld, startSqld } from '../support/sqld.ts'
import { install, type Project, run, start } from './project.ts'
import { eventsOf, expectedTrail, refunds, runsOf, secret, trailOf } from './trail.ts'

let sqld: Sqld
let project: Project

beforeAll(async () => {
  sqld = await startSqld()
  project = await install('deno')
})

afterAll(async () => {
  await project.remove()
  await sqld.stop()
})

// The packages are there already.
const flags = ['--node-modules-dir=manual', '--no-lock']

describe('the example for Deno', () => {
  it('passes the type checker of Deno', async () => {
    const checked = await run('deno', ['check', ...flags, 'main.ts'], { cwd: project.folder })
    expect(checked).toMatchObject({ code: 0 })
  })

  it('serves, and keeps what was recorded in libSQL over HTTP when it is asked to end', async () => {
    const url = `http://${sqld.address}`
    const server = start('deno', ['run', ...flags, '--allow-net', '--allow-env', 'main.ts'], {
      cwd: project.folder,
      env: { AUDIT_URL: url, JWT_SECRET: secret, PORT: '0' },
    })
    const port = await server.printed(/Listening on http:\/\/[^\s]+:(\d+)/)
    expect(await refunds(`http://127.0.0.1:${port}`)).toEqual([200, 401])
    // What Deno Deploy sends.
    const ended = await server.stop('SIGINT')
    expect({ ended, output: server.output() }).toMatchObject({ ended: 'SIGINT' })

    const store = libsql({ url })
    const events = await eventsOf(store)
    await store.close()
    expect(trailOf(events)).toEqual(expectedTrail)
  })

  it('keeps its trail by the cron that deno.json allows', async () => {
    const url = `http://${sqld.address}`
    // Deno's own tests make it fire so many ms from now, whatever the schedule says.
    const soon = { DENO_CRON_TEST_SCHEDULE_OFFSET: '100' }
    const server = start('deno', ['run', ...flags, '--allow-net', '--allow-env', 'main.ts'], {
      cwd: project.folder,
      env: { AUDIT_URL: url, JWT_SECRET: secret, PORT: '0', ...soon },
    })
    await server.printed(/Listening on/)
    const store = libsql({ url })
    await expect.poll(() => runsOf(store), { timeout: 10_000 }).toContain('done')
    await store.close()
    await server.stop('SIGINT')
  })
})
