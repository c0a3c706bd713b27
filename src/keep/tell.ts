import type { EventInput } from '../input.ts'
import type { AuditStore } from '../ports/store.ts'

/** What keeping asks of an audit. */
export interface KeptAudit {
  store(env?: unknown): AuditStore
  runAs<Result>(
    job: { readonly source?: string; readonly env?: unknown },
    fn: (scope: { readonly record: (event: EventInput) => unknown }) => Result,
  ): Promise<Awaited<Result>>
}

export type KeepEvent = Omit<EventInput, 'kind'>

/** Records an event of keeping. Resolves when it is stored, dead-lettered or told as lost. */
export const tellerOf =
  (audit: KeptAudit, env: unknown) =>
  (event: KeepEvent): Promise<void> =>
    audit.runAs({ source: 'keep', env }, ({ record }) => {
      record({ tenant: null, target: { type: 'audit', id: 'keep' }, ...event, kind: 'system' })
    })
