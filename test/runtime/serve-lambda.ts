// An AWS Lambda sandbox: one invocation at a time, the whole response at once, and frozen in the very
// turn in which the response was handed over: a blocking read lets nothing else of the process run.
import { readSync, writeSync } from 'node:fs'
import process from 'node:process'
import { createServer } from './app.ts'

export interface Invocation {
  readonly url: string
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | null
}

export interface Result {
  readonly status: number
  readonly headers: readonly (readonly [string, string])[]
  readonly body: string
}

const server = createServer({ env: JSON.parse(process.env['APP_ENV'] ?? '') })

const invoke = async ({ url, method, headers, body }: Invocation): Promise<Result> => {
  const request = new Request(url, { method, headers, body })
  // What hono/aws-lambda hands to the app.
  const env = {
    event: {},
    requestContext: { http: { sourceIp: '203.0.113.9' } },
    lambdaContext: {},
  }
  const response = await server.fetch(request, env)
  return {
    status: response.status,
    headers: [...response.headers],
    body: Buffer.from(await response.arrayBuffer()).toString('base64'),
  }
}

const bytes = Buffer.alloc(65_536)
const never = new Int32Array(new SharedArrayBuffer(4))

/** Reads what has come in, and stops the whole process until there is something. */
const readFrozen = (): number => {
  for (;;) {
    try {
      return readSync(0, bytes)
    } catch (error) {
      // A pipe does not block as a file does.
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error
      Atomics.wait(never, 0, 0, 1)
    }
  }
}

/** The next invocation; undefined when there will be none. */
const next = (): Invocation | undefined => {
  let line = ''
  while (!line.endsWith('\n')) {
    const length = readFrozen()
    if (length === 0) return undefined
    line += bytes.toString('latin1', 0, length)
  }
  return JSON.parse(Buffer.from(line, 'latin1').toString())
}

for (let invocation = next(); invocation !== undefined; invocation = next()) {
  // Thawed: what came in meanwhile is seen before the invocation, which comes over a socket itself.
  await new Promise(setImmediate)
  const result = await invoke(invocation).catch((): Result => ({
    status: 502,
    headers: [],
    body: '',
  }))
  writeSync(1, `${JSON.stringify(result)}\n`)
}
