// Vercel's Node runtime calls `fetch(request)` and no more; `waitUntil` hangs on a global symbol, for
// this request alone.
import { AsyncLocalStorage } from 'node:async_hooks'
import process from 'node:process'
import { serve } from '@hono/node-server'
import { createServer } from './app.ts'

const server = createServer({ env: JSON.parse(process.env['APP_ENV'] ?? '') })
const contexts = new AsyncLocalStorage<{ waitUntil(work: Promise<unknown>): void }>()
Reflect.set(globalThis, Symbol.for('@vercel/request-context'), { get: () => contexts.getStore() })

/** https://github.com/vercel/vercel/blob/main/packages/functions/src/wait-until.ts refuses all else. */
const waitUntil = (work: Promise<unknown>): void => {
  if (!(work instanceof Promise)) throw new TypeError('waitUntil can only be called with a Promise')
}

serve(
  {
    fetch: (request) => contexts.run({ waitUntil }, () => server.fetch(request)),
    port: 0,
    hostname: '127.0.0.1',
  },
  ({ port }) => console.log(`http://127.0.0.1:${port}`),
)
