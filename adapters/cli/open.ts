import type { AuditStore } from '../../src/ports/store.ts'

export interface StoreAddress {
  readonly url: string
  readonly authToken?: string | undefined
}

const openPostgres = async (connectionString: string): Promise<AuditStore> => {
  const [{ Pool }, { drizzle }, { postgres }] = await Promise.all([
    import('pg'),
    import('drizzle-orm/node-postgres'),
    import('../store/postgres.ts'),
  ])
  const pool = new Pool({ connectionString, max: 1 })
  return { ...postgres(drizzle(pool)), close: () => pool.end() }
}

/** Opens the store that an address stands for. Each driver is loaded only where it is needed. */
export const openStore = async ({ url, authToken }: StoreAddress): Promise<AuditStore> => {
  if (!/^postgres(?:ql)?:/.test(url)) {
    const { libsql } = await import('../store/libsql.ts')
    return libsql({ url, authToken })
  }
  if (!URL.canParse(url) || !new URL(url).hostname.endsWith('.neon.tech')) return openPostgres(url)
  const { neon } = await import('../store/neon.ts')
  return neon({ connectionString: url })
}
