// Vercel's edge functions get a request and nothing else.
import { createServer } from './app.ts'

/** The VM of Vercel's edge runtime, and the configuration that the starter put there. */
declare const APP_ENV: Parameters<typeof createServer>[0]['env'] & {}
declare function addEventListener(
  type: 'fetch',
  listener: (event: {
    readonly request: Request
    respondWith(response: Response | Promise<Response>): void
  }) => void,
): void

const server = createServer({ env: APP_ENV })

addEventListener('fetch', (event) => event.respondWith(server.fetch(event.request)))
