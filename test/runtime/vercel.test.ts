import { startLibsql } from './backend.ts'
import { commands, launch } from './launch.ts'
import { runtimeSuite } from './suite.ts'
import { worldOf } from './world.ts'

runtimeSuite(
  'Vercel on Node and libSQL',
  worldOf(startLibsql, (env) => launch(commands.node24, 'serve-vercel.ts', env, { VERCEL: '1' })),
  {
    asyncContext: true,
    defers: true,
    streams: true,
    concurrent: true,
    webSocket: false,
    outside: true,
    platform: {
      headers: {
        'x-real-ip': '203.0.113.9',
        'x-vercel-ip-country': 'FR',
        'x-vercel-ip-city': 'Aix-en-Provence%20%C3%A9',
      },
      ip: '203.0.113.9',
      ipFrom: 'vercel',
      geo: { country: 'FR', city: 'Aix-en-Provence é' },
    },
    facts: {
      asyncContext: true,
      copiesCookies: true,
      definesOnRequest: true,
      executionCtx: false,
      requestIP: false,
      setImmediate: true,
      setsStackTraceLimit: true,
      sharesIo: true,
      staysAwake: false,
      waitUntil: true,
      workersModule: false,
    },
  },
)
