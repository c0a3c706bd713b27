import { once } from 'node:events'
import { createServer, request as forward } from 'node:http'
import type {
  IncomingHttpHeaders,
  IncomingMessage,
  RequestListener,
  ServerResponse,
} from 'node:http'
import { buffer } from 'node:stream/consumers'

const listen = async (listener: RequestListener) => {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  const stop = async (): Promise<void> => {
    server.close()
    server.closeAllConnections()
  }
  return { address: `127.0.0.1:${address.port}`, stop }
}

/** Where handlers wait until the test lets them go on. */
export interface Control {
  readonly url: string
  /** Resolves when a handler has come to that place. */
  reached(name: string): Promise<void>
  /** Lets go on who waits there, and who will. */
  release(name: string): void
  stop(): Promise<void>
}

interface Place {
  readonly reached: PromiseWithResolvers<void>
  readonly released: PromiseWithResolvers<void>
}

export const startControl = async (): Promise<Control> => {
  const places = new Map<string, Place>()
  const placeOf = (name: string): Place => {
    const known = places.get(name)
    if (known !== undefined) return known
    const place = {
      reached: Promise.withResolvers<void>(),
      released: Promise.withResolvers<void>(),
    }
    places.set(name, place)
    return place
  }
  const { address, stop } = await listen((incoming, outgoing) => {
    const place = placeOf(incoming.url?.split('/').at(-1) ?? '')
    place.reached.resolve()
    place.released.promise.then(
      () => outgoing.end('go on'),
      () => outgoing.destroy(),
    )
  })
  return {
    url: `http://${address}`,
    reached: (name) => placeOf(name).reached.promise,
    release: (name) => placeOf(name).released.resolve(),
    stop,
  }
}

/** Stands before the database: while it is shut, everything waits there. */
export interface Gate {
  shut(): void
  open(): void
  /** Resolves when somebody waits. */
  held(): Promise<void>
  pass(): Promise<void>
}

export const createGate = (): Gate => {
  let opened: PromiseWithResolvers<void> | undefined
  let arrived = Promise.withResolvers<void>()
  return {
    shut: () => {
      opened = Promise.withResolvers()
      arrived = Promise.withResolvers()
    },
    open: () => {
      opened?.resolve()
      opened = undefined
    },
    held: () => arrived.promise,
    pass: async () => {
      if (opened === undefined) return
      arrived.resolve()
      await opened.promise
    },
  }
}

/** A reverse proxy with a gate in it; `atOnce` requests at most are under way behind it. */
export const startGatedProxy = async (target: string, gate: Gate, atOnce: number) => {
  const upstream = new URL(target)
  const waiting: (() => void)[] = []
  let room = atOnce
  const enter = async (): Promise<void> => {
    if (room === 0) return new Promise((resolve) => waiting.push(resolve))
    room -= 1
  }
  const leave = (): void => {
    const next = waiting.shift()
    if (next === undefined) room += 1
    else next()
  }

  const forwarded = async (incoming: IncomingMessage): Promise<Answer> => {
    const { method, headers, url } = incoming
    const sent = forward({
      host: upstream.hostname,
      port: upstream.port,
      path: url,
      method,
      headers,
    })
    sent.end(await buffer(incoming))
    const [answer]: IncomingMessage[] = await once(sent, 'response')
    if (answer === undefined) throw new Error('no answer')
    return { status: answer.statusCode ?? 502, headers: answer.headers, body: await buffer(answer) }
  }

  const pass = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    await gate.pass()
    await enter()
    try {
      const { status, headers, body } = await forwarded(incoming)
      outgoing.writeHead(status, headers).end(body)
    } finally {
      leave()
    }
  }

  return listen((incoming, outgoing) => {
    pass(incoming, outgoing).catch(() => outgoing.destroy())
  })
}

interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}
