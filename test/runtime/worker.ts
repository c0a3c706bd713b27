import type { AppContext, Server } from './app.ts'
import { createServer } from './app.ts'

/** What is used of workerd. */
declare const WebSocketPair: new () => {
  readonly 0: WebSocket
  readonly 1: WebSocket & { accept(): void }
}

export const upgrade = (c: AppContext): Response => {
  if (c.req.header('upgrade') !== 'websocket') return c.text('no handshake', 426)
  const { 0: client, 1: server } = new WebSocketPair()
  server.accept()
  server.addEventListener('message', ({ data }) => server.send(data))
  return new Response(null, { status: 101, webSocket: client } as ResponseInit)
}

const server: Server = createServer({ upgrade })

// oxlint-disable-next-line import/no-default-export -- where workerd looks
export default server
