import process from 'node:process'
import { serve } from '@hono/node-server'
import { createServer } from './app.ts'

const server = createServer({ env: JSON.parse(process.env['APP_ENV'] ?? '') })

serve({ fetch: server.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) =>
  console.log(`http://127.0.0.1:${port}`),
)
