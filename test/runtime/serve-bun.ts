import process from 'node:process'
import { createServer } from './app.ts'

/** What is used of Bun. */
interface BunServer {
  readonly port: number
  upgrade(request: Request): boolean
}
declare const Bun: {
  serve(options: {
    port: number
    hostname: string
    idleTimeout: number
    fetch(request: Request, server: BunServer): Response | Promise<Response>
    websocket: { message(socket: { send(text: string): void }, message: string): void }
  }): BunServer
}

const server = createServer({
  env: JSON.parse(process.env['APP_ENV'] ?? ''),
  upgrade: (c) => {
    // Hono hands on what Bun gave as the second argument of `fetch`.
    const bun = c.env as unknown as BunServer
    return bun.upgrade(c.req.raw) ? new Response(null) : c.text('no handshake', 426)
  },
})

const { port } = Bun.serve({
  port: 0,
  hostname: '127.0.0.1',
  idleTimeout: 60,
  fetch: server.fetch,
  websocket: { message: (socket, message) => socket.send(message) },
})
console.log(`http://127.0.0.1:${port}`)
