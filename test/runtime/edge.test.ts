import { AsyncLocalStorage } from 'node:async_hooks'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { createHandler, EdgeRuntime } from 'edge-runtime'
import { startLibsql, startNeon } from './backend.ts'
import { bundle } from './launch.ts'
import type { AppEnv } from './store.ts'
import type { Capabilities } from './suite.ts'
import { runtimeSuite } from './suite.ts'
import type { Host } from './world.ts'
import { worldOf } from './world.ts'

/** Starts the app in the VM of Vercel's edge runtime, behind its own request handler. */
const runEdge =
  (extend: (context: object) => void) =>
  async (env: AppEnv): Promise<Host> => {
    const initialCode = await bundle('edge.ts', ['edge-light', 'worker', 'browser'], 'iife')
    const runtime = new EdgeRuntime({
      initialCode,
      extend: (context) => {
        extend(context)
        return Object.assign(context, { APP_ENV: env })
      },
    })
    const { handler, waitUntil } = createHandler({ runtime })
    // A body that breaks rejects here, where `runServer` leaves it unhandled.
    const server = createServer((incoming, outgoing) => {
      handler(incoming, outgoing).catch(() => outgoing.destroy())
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    if (address === null || typeof address === 'string') throw new Error('no port')
    return {
      url: `http://127.0.0.1:${address.port}`,
      stop: async () => {
        server.close()
        server.closeAllConnections()
        await waitUntil()
      },
    }
  }

/** As on Vercel: AsyncLocalStorage is a global, `waitUntil` hangs on a symbol and takes promises only. */
const onVercel = (context: object): void => {
  Reflect.set(context, 'AsyncLocalStorage', AsyncLocalStorage)
  const waitUntil = (work: Promise<unknown>): void => {
    if (typeof work.then !== 'function') throw new TypeError('waitUntil takes a Promise')
  }
  Reflect.set(context, Symbol.for('@vercel/request-context'), { get: () => ({ waitUntil }) })
}

const capabilities: Capabilities = {
  asyncContext: true,
  defers: true,
  streams: true,
  concurrent: true,
  webSocket: false,
  outside: true,
  platform: {
    headers: { 'x-real-ip': '203.0.113.9', 'x-vercel-ip-country': 'FR' },
    ip: '203.0.113.9',
    ipFrom: 'vercel',
    geo: { country: 'FR' },
  },
  facts: {
    asyncContext: true,
    copiesCookies: true,
    definesOnRequest: true,
    executionCtx: false,
    requestIP: false,
    setImmediate: false,
    setsStackTraceLimit: true,
    sharesIo: false,
    staysAwake: false,
    waitUntil: true,
    workersModule: false,
  },
}

runtimeSuite('Vercel edge and Neon', worldOf(startNeon, runEdge(onVercel)), capabilities)

runtimeSuite(
  'a bare edge VM and libSQL',
  worldOf(
    startLibsql,
    runEdge(() => undefined),
  ),
  {
    ...capabilities,
    asyncContext: false,
    defers: false,
    // Nobody vouches for an address here.
    platform: { headers: {}, ip: undefined, ipFrom: undefined, geo: undefined },
    facts: { ...capabilities.facts, asyncContext: false, waitUntil: false },
  },
)
