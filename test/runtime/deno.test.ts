import { startLibsql } from './backend.ts'
import { commands, launch } from './launch.ts'
import { runtimeSuite } from './suite.ts'
import { worldOf } from './world.ts'

runtimeSuite(
  'Deno and libSQL',
  worldOf(startLibsql, (env) => launch(commands.deno, 'serve-deno.ts', env)),
  {
    asyncContext: true,
    defers: true,
    streams: true,
    concurrent: true,
    webSocket: true,
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
  },
)
