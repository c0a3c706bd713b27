// With `nodejs_als` alone there is no `process` to find AsyncLocalStorage by: the app hands it over.
import { AsyncLocalStorage } from 'node:async_hooks'
import { createServer } from './app.ts'
import { upgrade } from './worker.ts'

// oxlint-disable-next-line import/no-default-export -- where workerd looks
export default createServer({ asyncContext: new AsyncLocalStorage(), upgrade })
