import { neonConfig } from '@neondatabase/serverless'
import type { D1Binding } from '../../adapters/store/d1.ts'
import { d1 } from '../../adapters/store/d1.ts'
import { libsql } from '../../adapters/store/libsql.ts'
import { neon } from '../../adapters/store/neon.ts'
import type { AuditStore } from '../../src/ports/store.ts'

/** What an app of these tests is configured with: bindings on Workers, the environment elsewhere. */
export interface AppEnv {
  readonly STORE: 'libsql' | 'neon' | 'd1'
  readonly STORE_URL: string
  /** Where Neon's SQL over HTTP is spoken. */
  readonly NEON_ENDPOINT?: string | undefined
  /** The test's own server, control.ts. */
  readonly CONTROL: string
  readonly DB?: D1Binding
  /** Lets a write to D1 through; over HTTP the gate stands before the database itself. */
  readonly GATE?: { fetch(url: string): Promise<{ text(): Promise<string> }> }
}

const gated = (binding: D1Binding, gate: NonNullable<AppEnv['GATE']>): D1Binding => ({
  prepare: (sql) => binding.prepare(sql),
  batch: async (statements) => {
    const passed = await gate.fetch('http://gate/')
    await passed.text()
    return binding.batch(statements)
  },
})

export const storeOf = ({ STORE, STORE_URL, NEON_ENDPOINT, DB, GATE }: AppEnv): AuditStore => {
  if (STORE === 'libsql') return libsql({ url: STORE_URL })
  if (STORE === 'd1') {
    if (DB === undefined || GATE === undefined) throw new Error('no D1 here')
    return d1(gated(DB, GATE))
  }
  if (NEON_ENDPOINT !== undefined) neonConfig.fetchEndpoint = NEON_ENDPOINT
  return neon({ connectionString: STORE_URL })
}
