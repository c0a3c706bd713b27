// Runs in workerd, driven by queue.test.ts: the consumer of the documentation.
import type { Fetcher, MessageBatch } from '@cloudflare/workers-types'
import { queueLetters } from '../../../adapters/dead-letter/cloudflare.ts'

// oxlint-disable-next-line import/no-default-export -- where workerd looks
export default {
  queue: async (batch: MessageBatch, env: { readonly STORE: Fetcher }): Promise<void> => {
    await queueLetters(batch).drain(async (rows) => {
      const body = JSON.stringify(rows.map(({ record }) => record))
      const { ok } = await env.STORE.fetch('http://store', { method: 'POST', body })
      if (!ok) throw new Error('the store is down')
    })
  },
}
