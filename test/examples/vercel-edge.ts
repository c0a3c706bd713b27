import { AsyncLocalStorage } from 'node:async_hooks'
import { EdgeRuntime } from 'edge-runtime'
import { build } from 'esbuild'

// What Vercel's edge runtime does with the same entry: one script in its VM, AsyncLocalStorage as a
// global, `waitUntil` by the request context, and `process` with nothing but `env`.

interface Edge {
  /** Answers as the edge does, and gives back how many promises it then waited for. */
  answer(path: string, init: RequestInit): Promise<readonly [status: number, waited: number]>
}

const entry = `
import { neonConfig } from '@neondatabase/serverless'
import app from './index.ts'
neonConfig.fetchEndpoint = process.env.NEON_PROXY
addEventListener('fetch', (event) => {
  const context = { waitUntil: (promise) => waiting.push(promise) }
  globalThis[Symbol.for('@vercel/request-context')] = { get: () => context }
  event.respondWith(app.fetch(event.request))
})`

/** Starts the entry of a folder in Vercel's edge VM. */
export const startEdge = async (
  folder: string,
  env: Readonly<Record<string, string>>,
): Promise<Edge> => {
  const { outputFiles } = await build({
    stdin: { contents: entry, resolveDir: folder },
    bundle: true,
    write: false,
    format: 'iife',
    conditions: ['edge-light', 'worker', 'browser'],
    // Found at run time, where it is there.
    external: ['@libsql/client'],
  })
  const waiting: Promise<unknown>[] = []
  const runtime = new EdgeRuntime({
    initialCode: outputFiles.map(({ text }) => text).join(''),
    extend: (context) => Object.assign(context, { AsyncLocalStorage, process: { env }, waiting }),
  })
  return {
    answer: async (path, init) => {
      const response = await runtime.dispatchFetch(`https://invoices.vercel.app${path}`, init)
      await response.text()
      const handed = waiting.splice(0)
      await Promise.allSettled(handed)
      return [response.status, handed.length]
    },
  }
}
