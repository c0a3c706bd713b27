import { createServer } from './app.ts'

/** What is used of Deno. */
declare const Deno: {
  readonly env: { get(name: string): string | undefined }
  serve(
    options: { port: number; hostname: string; onListen(at: { port: number }): void },
    handler: (request: Request, info: unknown) => Response | Promise<Response>,
  ): unknown
  upgradeWebSocket(request: Request): { readonly socket: WebSocket; readonly response: Response }
}

const server = createServer({
  env: JSON.parse(Deno.env.get('APP_ENV') ?? ''),
  upgrade: (c) => {
    if (c.req.header('upgrade') !== 'websocket') return c.text('no handshake', 426)
    const { socket, response } = Deno.upgradeWebSocket(c.req.raw)
    socket.addEventListener('message', ({ data }) => socket.send(data))
    return response
  },
})

Deno.serve(
  {
    port: 0,
    hostname: '127.0.0.1',
    onListen: ({ port }) => console.log(`http://127.0.0.1:${port}`),
  },
  server.fetch,
)
