import { d1, type D1Binding } from 'edge-audit/d1'
import { type ObjectBucket, r2 } from 'edge-audit/r2'
import { scheduled } from 'edge-audit/schedule'
import { createDemo } from '../examples/demo/app.ts'

interface Env {
  readonly AUDIT_DB: D1Binding
  readonly ARCHIVE: ObjectBucket
}

interface Invocation {
  waitUntil(work: Promise<unknown>): void
  passThroughOnException(): void
  readonly props: unknown
}

const { app, audit } = createDemo({ store: (env: Env) => d1(env.AUDIT_DB) })

let migrated = false

const migrate = async (env: Env): Promise<void> => {
  // Each of the first requests does it by itself: on Workers none may wait for another's I/O.
  if (!migrated) await audit.migrate(env)
  migrated = true
}

const keepEvents = scheduled(audit, {
  archiveAfter: '90d',
  to: (env: Env) => r2(env.ARCHIVE),
})

/** The demo on Workers: `npm run dev`, with an embedded D1 and R2. */
export default {
  async fetch(request: Request, env: Env, invocation: Invocation): Promise<Response> {
    await migrate(env)
    return app.fetch(request, env, invocation)
  },
  async scheduled(controller: unknown, env: Env): Promise<void> {
    await migrate(env)
    await keepEvents(controller, env)
  },
}
