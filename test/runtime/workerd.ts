import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { Miniflare, Response } from 'miniflare'
import { d1 } from '../../adapters/store/d1.ts'
import { migrations } from '../../adapters/store/sqlite/migrations.ts'
import { desk, throughDesk } from '../support/d1.ts'
import type { Backend } from './backend.ts'
import { eventsOf } from './backend.ts'
import { createGate, startControl } from './control.ts'
import { bundle } from './launch.ts'
import type { AppEnv } from './store.ts'
import type { Started } from './suite.ts'
import type { Host } from './world.ts'

/** What Cloudflare's edge tells of a client; latitude and the like come as texts. */
const cf = { country: 'FR', city: 'Aix-en-Provence', colo: 'MRS', asn: 64_500, latitude: '43.5' }

export const platform = {
  headers: { 'cf-connecting-ip': '203.0.113.9' },
  ip: '203.0.113.9',
  ipFrom: 'cloudflare',
  geo: cf,
}

export interface WorkerdOptions {
  readonly entry: 'worker.ts' | 'worker-als.ts'
  readonly flags: readonly string[]
}

/** What workerd says of requests that touch one another's I/O, or that it cuts off. */
const complaint =
  /Cannot perform I\/O|different request|will never generate|never be resolved|hung|waitUntil\(\) tasks did not complete|Illegal invocation/i

const start = async ({ entry, flags }: WorkerdOptions, env: AppEnv, gate = createGate()) => {
  const problems: string[] = []
  const app = {
    name: 'app',
    modules: true as const,
    script: await bundle(entry, ['workerd', 'worker', 'browser']),
    // The newest date that this workerd takes; Node's modules are not the default at it.
    compatibilityDate: '2026-05-03',
    compatibilityFlags: [...flags],
    bindings: { ...env },
    ...(env.STORE === 'd1' ? { d1Databases: { DB: 'audit' } } : {}),
    serviceBindings: {
      GATE: async () => {
        await gate.pass()
        return new Response('open')
      },
    },
  }
  const miniflare = new Miniflare({
    host: '127.0.0.1',
    port: 0,
    cf,
    workers: env.STORE === 'd1' ? [app, desk({ DB: 'audit' })] : [app],
    handleRuntimeStdio: (stdout: Readable, stderr: Readable) => {
      for (const input of [stdout, stderr])
        createInterface({ input }).on('line', (line) => {
          if (complaint.test(line)) problems.push(line)
        })
    },
  })
  const { origin } = await miniflare.ready
  return { miniflare, url: origin, problems: () => problems, stop: () => miniflare.dispose() }
}

export const runWorkerd =
  (options: WorkerdOptions) =>
  (env: AppEnv): Promise<Host> =>
    start(options, env)

/** With D1, which only workerd can open; this process asks it through a worker beside the app. */
export const workerdWithD1 = (options: WorkerdOptions) => async (): Promise<Started> => {
  const control = await startControl()
  const gate: Backend['gate'] = createGate()
  const env: AppEnv = { STORE: 'd1', STORE_URL: '', CONTROL: control.url }
  const { miniflare, url, problems, stop } = await start(options, env, gate)
  const db = throughDesk(await miniflare.unsafeGetDirectURL('desk'), 'DB')
  return {
    url,
    control,
    gate,
    problems,
    events: async (column, value) => {
      const sql = `SELECT record FROM audit_events WHERE ${column} = ? ORDER BY occurred_at, id`
      const rows = await db.prepare(sql).bind(value).raw()
      return eventsOf(rows.map(([record]) => record))
    },
    migrate: () => d1(db).migrate(),
    migrations: migrations.map(({ name }) => name),
    stop: async () => {
      await stop()
      await control.stop()
    },
  }
}
