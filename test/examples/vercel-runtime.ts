// What Vercel's Node runtime does with a project whose framework is Hono: it imports the entry, calls
// the `fetch` of its default export with each request, hands out `waitUntil` by the request context,
// and freezes once all that was handed to it has settled. Run in the project's folder.
// https://github.com/vercel/vercel/blob/main/packages/functions/src/wait-until.ts
import { AsyncLocalStorage } from 'node:async_hooks'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import process from 'node:process'
import { pathToFileURL } from 'node:url'
import { neonConfig } from '@neondatabase/serverless'

interface RequestContext {
  waitUntil(promise: Promise<unknown>): void
}

const { NEON_PROXY } = process.env
if (NEON_PROXY !== undefined) neonConfig.fetchEndpoint = NEON_PROXY

const contexts = new AsyncLocalStorage<RequestContext>()
Object.assign(globalThis, {
  [Symbol.for('@vercel/request-context')]: { get: () => contexts.getStore() },
})

const entry: { default: { fetch(request: Request): Response | Promise<Response> } } = await import(
  pathToFileURL('index.ts').href
)

const answer = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
  const request = new Request(`https://invoices.vercel.app${incoming.url}`, {
    method: incoming.method ?? 'GET',
    headers: {
      'content-type': incoming.headers['content-type'] ?? 'text/plain',
      authorization: incoming.headers.authorization ?? '',
      // The edge network overwrites these.
      'x-real-ip': '198.51.100.7',
      'x-vercel-ip-country': 'SE',
    },
    body: incoming.method === 'GET' ? null : await text(incoming),
  })
  const waiting: Promise<unknown>[] = []
  const context: RequestContext = { waitUntil: (promise) => waiting.push(promise) }
  const response = await contexts.run(context, async () => entry.default.fetch(request))
  outgoing.writeHead(response.status).end(await response.text())
  await Promise.allSettled(waiting)
  console.log(`froze after ${waiting.length}`)
}

const server = createServer((incoming, outgoing) => {
  answer(incoming, outgoing).catch((error: unknown) => {
    console.error(error)
    outgoing.writeHead(500).end()
  })
}).listen(0, '127.0.0.1')
await once(server, 'listening')
const address = server.address()
if (address !== null && typeof address === 'object') console.log(`port ${address.port}`)
