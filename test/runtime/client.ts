import type { IncomingMessage } from 'node:http'
import { request } from 'node:http'
import { text } from 'node:stream/consumers'

// Real sockets, one for each request, so that a client can hang up and headers are seen as sent.

export interface Init {
  readonly method?: string | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly body?: string | undefined
}

export interface Exchange {
  /** The response once its head is there. */
  readonly head: Promise<IncomingMessage>
  hangUp(): void
}

/** Asks, and waits for nothing. */
export const begin = (url: string, { method = 'GET', headers = {}, body }: Init = {}): Exchange => {
  const sent = request(url, { method, headers, agent: false })
  const head = new Promise<IncomingMessage>((resolve, reject) => {
    sent.once('response', (incoming) => {
      // Hanging up is told by `text()` or `next()`, if anybody still reads.
      incoming.on('error', () => undefined)
      resolve(incoming)
    })
    sent.on('error', reject)
  })
  // A client that hung up does not care.
  head.catch(() => undefined)
  sent.end(body)
  return { head, hangUp: () => sent.destroy() }
}

export interface Answer {
  readonly status: number | undefined
  /** As sent, sorted by name; without the date. */
  readonly headers: readonly string[]
  readonly body: string
}

const headersOf = ({ rawHeaders }: IncomingMessage): readonly string[] => {
  const lines: string[] = []
  for (let at = 0; at < rawHeaders.length; at += 2)
    lines.push(`${rawHeaders[at]?.toLowerCase()}: ${rawHeaders[at + 1]}`)
  return lines.filter((line) => !line.startsWith('date: ')).toSorted()
}

export const ask = async (url: string, init?: Init): Promise<Answer> => {
  const incoming = await begin(url, init).head
  return { status: incoming.statusCode, headers: headersOf(incoming), body: await text(incoming) }
}

/** A text frame of RFC 6455, section 5.2, masked with zeros. */
const frame = (message: string): Buffer =>
  Buffer.concat([Buffer.from([0x81, 0x80 | message.length, 0, 0, 0, 0]), Buffer.from(message)])

/** Does a WebSocket handshake, says something, and gives what came back. */
export const talk = (url: string, headers: Readonly<Record<string, string>>, message: string) =>
  new Promise<Answer>((resolve, reject) => {
    const sent = request(url, {
      agent: false,
      headers: {
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
        ...headers,
      },
    })
    const answered = (incoming: IncomingMessage, body: string): void => {
      resolve({ status: incoming.statusCode, headers: headersOf(incoming), body })
      sent.destroy()
    }
    sent.on('error', reject)
    sent.on('response', (incoming) => {
      text(incoming).then((body) => answered(incoming, body), reject)
    })
    sent.on('upgrade', (incoming, socket, head) => {
      let bytes = head
      const read = (chunk: Buffer): void => {
        bytes = Buffer.concat([bytes, chunk])
        const length = bytes[1]
        if (length === undefined || bytes.length < 2 + length) return
        answered(incoming, bytes.subarray(2, 2 + length).toString())
        socket.destroy()
      }
      socket.on('error', reject)
      socket.on('data', read)
      socket.write(frame(message))
    })
    sent.end()
  })
