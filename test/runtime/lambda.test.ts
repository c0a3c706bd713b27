import { startLibsql } from './backend.ts'
import { runLambda } from './lambda.ts'
import { runtimeSuite } from './suite.ts'
import { worldOf } from './world.ts'

runtimeSuite('AWS Lambda and libSQL', worldOf(startLibsql, runLambda), {
  asyncContext: true,
  defers: false,
  streams: false,
  concurrent: false,
  webSocket: false,
  outside: true,
  platform: { headers: {}, ip: '203.0.113.9', ipFrom: 'lambda', geo: undefined },
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
    waitUntil: false,
    workersModule: false,
  },
})
