import { startLibsql, startNeon } from './backend.ts'
import { commands, launch } from './launch.ts'
import type { Capabilities } from './suite.ts'
import { runtimeSuite } from './suite.ts'
import { worldOf } from './world.ts'

const capabilities: Capabilities = {
  asyncContext: true,
  defers: true,
  streams: true,
  concurrent: true,
  webSocket: false,
  outside: true,
  platform: { headers: {}, ip: '127.0.0.1', ipFrom: 'socket', geo: undefined },
  facts: {
    asyncContext: true,
    copiesCookies: true,
    definesOnRequest: true,
    executionCtx: false,
    requestIP: false,
    setImmediate: true,
    setsStackTraceLimit: true,
    sharesIo: true,
    staysAwake: true,
    waitUntil: false,
    workersModule: false,
  },
}

runtimeSuite(
  'Node 24 and Neon',
  worldOf(startNeon, (env) => launch(commands.node24, 'serve-node.ts', env)),
  capabilities,
)

runtimeSuite(
  'Node 22 and libSQL',
  worldOf(startLibsql, (env) => launch(commands.node22, 'serve-node.ts', env)),
  capabilities,
)
