import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { neon } from '../../adapters/store/neon.ts'
import { neonConfig } from '@neondatabase/serverless'
import { type NeonProxy, startNeonProxy } from '../support/neon-proxy.ts'
import { createDatabase } from '../support/postgres.ts'
import { root } from '../support/doors.ts'
import { install, type Project, run, start } from './project.ts'
import {
  eventsOf,
  expectedTrail,
  refundPath,
  refundRequests,
  refunds,
  runsOf,
  secret,
  trailOf,
} from './trail.ts'
import { startEdge } from './vercel-edge.ts'

let proxy: NeonProxy
let project: Project

beforeAll(async () => {
  proxy = await startNeonProxy()
  neonConfig.fetchEndpoint = proxy.endpoint
  project = await install('vercel')
})

afterAll(async () => {
  await project.remove()
  await proxy.stop()
})

const runtime = fileURLToPath(new URL('vercel-runtime.ts', import.meta.url))

const envOf = async (): Promise<Readonly<Record<string, string>>> => {
  const database = await createDatabase(inject('postgresUrl'))
  // The build command of vercel.json, which migrates.
  const migrate = ['dist/adapters/cli/main.js', 'migrate', '--url', database]
  expect(await run('node', migrate, { cwd: root })).toMatchObject({ code: 0 })
  return { DATABASE_URL: database, JWT_SECRET: secret, NEON_PROXY: proxy.endpoint }
}

const eventsIn = ({ DATABASE_URL = '' }: Readonly<Record<string, string>>) =>
  eventsOf(neon({ connectionString: DATABASE_URL }))

describe('the example for Vercel', () => {
  it('records with the waitUntil of its Node runtime, in Neon over HTTP', async () => {
    const env = await envOf()
    const server = start('node', [runtime], { cwd: project.folder, env })
    const port = await server.printed(/port (\d+)/)
    expect(await refunds(`http://127.0.0.1:${port}`)).toEqual([200, 401])
    // What was not handed to waitUntil would be lost here.
    await server.printed(/froze after 1\nfroze after 1\n/)
    await server.stop('SIGKILL')

    const events = await eventsIn(env)
    expect(trailOf(events)).toEqual(expectedTrail)
    const request = events.find(({ kind }) => kind === 'request')
    expect(request?.request).toMatchObject({
      ip: '198.51.100.7',
      ipFrom: 'vercel',
      geo: { country: 'SE' },
    })
  })

  it('keeps its trail when the cron of vercel.json calls, and for nobody else', async () => {
    const CRON_SECRET = 'a-secret-of-Vercel-and-the-tests'
    const env = await envOf()
    const { crons } = JSON.parse(await readFile(`${project.folder}/vercel.json`, 'utf8'))
    const call = async (address: string, token: string): Promise<number> => {
      const headers = { authorization: `Bearer ${token}` }
      return (await fetch(address + crons[0].path, { headers })).status
    }
    const statuses: number[] = []
    for (const more of [{}, { CRON_SECRET }]) {
      const server = start('node', [runtime], { cwd: project.folder, env: { ...env, ...more } })
      const address = `http://127.0.0.1:${await server.printed(/port (\d+)/)}`
      for (const token of ['undefined', CRON_SECRET]) statuses.push(await call(address, token))
      await server.printed(/(?:froze after \d+\n){2}/)
      await server.stop('SIGKILL')
    }
    expect(statuses).toEqual([503, 503, 401, 200])
    expect(await runsOf(neon({ connectionString: env['DATABASE_URL'] ?? '' }))).toEqual(['done'])
  })

  it('runs unchanged on its edge runtime', async () => {
    const env = await envOf()
    const edge = await startEdge(project.folder, env)
    const answers: (readonly [number, number])[] = []
    for (const request of await refundRequests()) {
      answers.push(await edge.answer(refundPath, request))
    }
    expect(answers).toEqual([
      [200, 1],
      [401, 1],
    ])
    expect(trailOf(await eventsIn(env))).toEqual(expectedTrail)
  })
})
