import { createClient } from '@libsql/client'
import { pdf } from '../../../adapters/render/pdf/pdf.ts'
import { libsql } from '../../../adapters/store/libsql.ts'
import { createAudit } from '../../../src/index.ts'
import { report } from '../../../src/read/report/report.ts'
import { drawn } from './drawn.ts'

await drawn(async ({ count, source, look }) => {
  const client = createClient({ url: source, concurrency: 1 })
  const store = libsql({ client })
  const watched: typeof store = {
    ...store,
    page: (query) => {
      look()
      return store.page(query)
    },
  }
  const made = await report(createAudit({ store: watched }), 'activity', { by: 'Ada Lovelace' })
  const bytes = await pdf(made)
  if (made.events() !== count) throw new Error(`drew ${made.events()} of ${count} events`)
  client.close()
  return bytes
})
