import { type Audit, createAudit } from '../../src/audit.ts'
import type { AuditStore } from '../../src/ports/store.ts'
import type { Given } from './command.ts'
import { openStore } from './open.ts'

/** How the help says where the database is. */
export const storeHelp = `  --url <address>      libsql:, https:, file: … or postgres: address   (or EDGE_AUDIT_URL)
  --auth-token <token> token of a libSQL server                        (or EDGE_AUDIT_TOKEN)
`

/** The options that the help of a store tells of. */
export const storeOptions = ['url', 'auth-token'] as const

/** Opens the store that is named, on the command line or around it. Whoever opens it closes it. */
export const storeOf = ({ values, env }: Given): Promise<AuditStore> => {
  const url = values.url ?? env['EDGE_AUDIT_URL']
  if (url === undefined || url === '')
    throw new Error('There is no address. Give --url or set EDGE_AUDIT_URL.')
  return openStore({ url, authToken: values['auth-token'] ?? env['EDGE_AUDIT_TOKEN'] })
}

/** Does something with the audit of that store, and closes it. */
export const withAudit = async <Result>(
  given: Given,
  work: (audit: Audit) => Promise<Result>,
): Promise<Result> => {
  const audit = createAudit({ store: await storeOf(given) })
  try {
    return await work(audit)
  } finally {
    await audit.close()
  }
}
