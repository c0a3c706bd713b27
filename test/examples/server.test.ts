import { existsSync } from 'node:fs'
import { afterEach, describe, expect, it } from 'vitest'
import { libsql } from '../../adapters/store/libsql.ts'
import { install, type Project, start } from './project.ts'
import { eventsOf, expectedTrail, refunds, secret, trailOf } from './trail.ts'

const projects: Project[] = []
afterEach(async () => {
  for (const project of projects.splice(0)) await project.remove()
})

describe.each(['node', 'bun'])('the example for %s', (runtime) => {
  it('serves, records, and keeps what was recorded when it is asked to end', async () => {
    const project = await install(runtime)
    projects.push(project)
    const { folder } = project
    const server = start(runtime, ['main.ts'], {
      cwd: folder,
      env: { PORT: '0', JWT_SECRET: secret },
    })
    const address = await server.printed(/Listening on (http:\/\/[^\s/]+)/)
    expect(await refunds(address)).toEqual([200, 401])
    const ended = await server.stop('SIGTERM')
    expect({ ended, output: server.output() }).toMatchObject({ ended: 'SIGTERM' })

    const store = libsql({ url: `file:${folder}/audit.db` })
    const events = await eventsOf(store)
    await store.close()
    expect(trailOf(events)).toEqual(expectedTrail)
    const request = events.find(({ kind }) => kind === 'request')
    expect(request?.request).toMatchObject({ ipFrom: 'socket', route: '/invoices/:id/refund' })
    // No letter had to be written.
    expect(existsSync(`${folder}/audit-letters`)).toBe(false)
  })
})
