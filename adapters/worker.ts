import { d1, type D1Binding } from 'edge-audit/d1'
import { createDemo } from '../examples/demo/app.ts'

interface Env {
  readonly AUDIT_DB: D1Binding
}

interface Invocation {
  waitUntil(work: Promise<unknown>): void
  passThroughOnException(): void
  readonly props: unknown
}

const { app, audit } = createDemo({ store: (env: Env) => d1(env.AUDIT_DB) })

let migrated = false

/** The demo on Workers: `npm run dev`, with an embedded D1. */
export default {
  async fetch(request: Request, env: Env, invocation: Invocation): Promise<Response> {
    // Each of the first requests does it by itself: on Workers none may wait for another's I/O.
    if (!migrated) await audit.migrate(env)
    migrated = true
    return app.fetch(request, env, invocation)
  },
}
