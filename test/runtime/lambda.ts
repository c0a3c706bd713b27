import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { commands, here } from './launch.ts'
import type { Invocation, Result } from './serve-lambda.ts'
import type { AppEnv } from './store.ts'
import type { Host } from './world.ts'

interface Sandbox {
  invoke(invocation: Invocation): Promise<Result>
  stop(): Promise<void>
}

const startSandbox = (env: AppEnv): Sandbox => {
  const [node] = commands.node24
  const child = spawn(node, [here('serve-lambda.ts')], {
    env: {
      PATH: process.env['PATH'],
      APP_ENV: JSON.stringify(env),
      AWS_LAMBDA_FUNCTION_NAME: 'app',
    },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const kill = (): void => {
    child.kill('SIGKILL')
  }
  process.once('exit', kill)
  const lines = createInterface({ input: child.stdout })
  return {
    invoke: async (invocation) => {
      const answered = once(lines, 'line')
      child.stdin.write(`${JSON.stringify(invocation)}\n`)
      const [line] = await answered
      return JSON.parse(String(line))
    },
    stop: async () => {
      process.off('exit', kill)
      const closed = once(child, 'close')
      kill()
      await closed
    },
  }
}

/** A fleet of sandboxes behind one address: each takes one request at a time, and is frozen between. */
export const runLambda = async (env: AppEnv): Promise<Host> => {
  const SANDBOXES = 4
  const sandboxes: Sandbox[] = []
  const idle: Sandbox[] = []
  const waiting: ((sandbox: Sandbox) => void)[] = []

  const take = (): Sandbox | Promise<Sandbox> => {
    const free = idle.shift()
    if (free !== undefined) return free
    if (sandboxes.length === SANDBOXES) return new Promise((resolve) => waiting.push(resolve))
    const made = startSandbox(env)
    sandboxes.push(made)
    return made
  }
  const giveBack = (sandbox: Sandbox): void => {
    const next = waiting.shift()
    if (next === undefined) idle.push(sandbox)
    else next(sandbox)
  }

  const answer = async (incoming: IncomingMessage): Promise<Result> => {
    const { method = 'GET', url = '/', headers } = incoming
    const body = await text(incoming)
    const sandbox = await take()
    const result = await sandbox.invoke({
      url: `https://${headers.host}${url}`,
      method,
      headers: Object.fromEntries(
        Object.entries(headers).map(([name, value]) => [name, String(value)]),
      ),
      body: method === 'GET' || method === 'HEAD' ? null : body,
    })
    giveBack(sandbox)
    return result
  }

  const serve = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const { status, headers, body } = await answer(incoming)
    outgoing.writeHead(status, headers.flat())
    outgoing.end(Buffer.from(body, 'base64'))
  }

  const server = createServer((incoming, outgoing) => {
    serve(incoming, outgoing).catch(() => outgoing.destroy())
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    stop: async () => {
      server.close()
      server.closeAllConnections()
      await Promise.all(sandboxes.map((sandbox) => sandbox.stop()))
    },
  }
}
