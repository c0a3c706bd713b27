// `npm start`: the demo on Node, with its audit trail in ./.data/audit.db.
import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import process from 'node:process'
import { createAdaptorServer } from '@hono/node-server'
import { libsql } from 'edge-audit/libsql'
import { closeOnShutdown } from 'edge-audit/node'
import { page } from 'edge-audit/query'
import { createDemo } from './app.ts'
import { seed } from './seed.ts'

await mkdir('.data', { recursive: true })
const { app, audit } = createDemo({ store: libsql({ url: 'file:.data/audit.db' }) })
await audit.migrate()

// The audit pages ask nobody who he is, so they are for this machine alone unless HOST says otherwise.
const host = process.env['HOST'] ?? '127.0.0.1'
const wanted = Number(process.env['PORT'] ?? 3000)

/** Listens on the port, or on the first free one after it. */
const listen = async (port: number) => {
  const server = createAdaptorServer({ fetch: app.fetch })
  try {
    server.listen(port, host)
    await once(server, 'listening')
    return server
  } catch (error) {
    const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
    if (!taken || port >= wanted + 100) throw error
    return listen(port + 1)
  }
}

const server = await listen(wanted)
const { port } = server.address() as AddressInfo
const origin = `http://localhost:${port}`
if (wanted !== 0 && port !== wanted) console.log(`Port ${wanted} is taken, so this is on ${port}.`)

closeOnShutdown({
  flush: audit.flush,
  // The server first: what is still being answered is still recorded.
  close: async () => {
    await new Promise((resolve) => server.close(resolve))
    await audit.close()
  },
})

if ((await page(audit, { limit: 1 })).events.length === 0) await seed(`http://${host}:${port}`)
await audit.flush()

console.log(`
  The audit trail   ${origin}/audit
  What was denied   ${origin}/audit?outcome=denied
  A report of it    ${origin}/audit/api/reports/activity.pdf
  Try it            curl -H 'x-demo-user: ada' ${origin}/invoices

  ${audit.stats().stored} events stored in .data/audit.db since this start. Ctrl-C ends it.
`)
