import { startLibsql, startNeon } from './backend.ts'
import type { Capabilities } from './suite.ts'
import { runtimeSuite } from './suite.ts'
import { platform, runWorkerd, workerdWithD1 } from './workerd.ts'
import { worldOf } from './world.ts'

const capabilities: Capabilities = {
  asyncContext: true,
  defers: true,
  streams: true,
  concurrent: true,
  webSocket: true,
  outside: true,
  platform,
  facts: {
    asyncContext: true,
    copiesCookies: true,
    definesOnRequest: true,
    executionCtx: true,
    requestIP: false,
    setImmediate: true,
    setsStackTraceLimit: true,
    sharesIo: false,
    staysAwake: false,
    waitUntil: true,
    workersModule: true,
  },
}

const nodejs = { entry: 'worker.ts', flags: ['nodejs_compat'] } as const

runtimeSuite(
  'workerd with nodejs_compat and libSQL',
  worldOf(startLibsql, runWorkerd(nodejs)),
  capabilities,
)

runtimeSuite('workerd with nodejs_compat and D1', workerdWithD1(nodejs), capabilities)

// No `process`, so nothing leads to `cloudflare:workers` and its bindings outside of a request.
const bare = { ...capabilities.facts, setImmediate: false, workersModule: false }

runtimeSuite(
  'workerd with nodejs_als and Neon',
  worldOf(startNeon, runWorkerd({ entry: 'worker-als.ts', flags: ['nodejs_als'] })),
  { ...capabilities, outside: false, facts: bare },
)

runtimeSuite(
  'workerd without flags and libSQL',
  worldOf(startLibsql, runWorkerd({ entry: 'worker.ts', flags: [] })),
  {
    ...capabilities,
    asyncContext: false,
    outside: false,
    facts: { ...bare, asyncContext: false },
  },
)
