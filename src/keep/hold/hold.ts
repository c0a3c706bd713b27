import { AuditError } from '../../errors.ts'
import { idMinter } from '../../event/id.ts'
import type { Hold } from '../../ports/ledger.ts'
import { ambient } from '../../runtime/ambient.ts'
import { checkHold, type HoldTerms } from './check-hold.ts'
import { isSaid } from '../checks.ts'
import { holdsIn } from '../run/run.ts'
import { type KeptAudit, tellerOf } from '../tell.ts'

const mint = idMinter(ambient.random)

/**
 * Places a legal hold: what it covers is neither moved nor deleted, live or archived, by no policy,
 * from the moment that this resolves, also by a run that is under way. It is an event, `audit.hold`.
 * Resolves to the id by which it is released.
 * @throws {AuditError} AUDIT_OPTION_INVALID, naming what is wrong; else what the store rejects with.
 * @example
 * import { createAudit } from 'edge-audit'
 * import { hold, release } from 'edge-audit/keep'
 * import { libsql } from 'edge-audit/libsql'
 * const audit = createAudit({ store: libsql({ url: 'file:audit.db' }) })
 * const id = await hold(audit, { tenant: 'acme', reason: 'Case 26-117', by: 'legal@example.com' })
 * await release(audit, id, { reason: 'Case closed', by: 'legal@example.com' })
 */
export const hold = async (audit: KeptAudit, terms: HoldTerms, env?: unknown): Promise<string> => {
  const scope = checkHold(terms)
  const id = mint(ambient.now())
  const ledger = await audit.store(env).ledger()
  await ledger.place({ id, ...scope })
  const { reason, by, tenant, ...covers } = scope
  await tellerOf(
    audit,
    env,
  )({
    action: 'audit.hold',
    actor: { id: by },
    tenant: tenant ?? null,
    target: { type: 'hold', id },
    reason,
    data: { ...covers, tenant: tenant === undefined ? 'any' : tenant },
  })
  return id
}

export interface Release {
  /** Why, at most 1,000 characters. */
  readonly reason: string
  /** Who releases it, at most 200 characters. */
  readonly by: string
}

/**
 * Releases a hold, which stands in the books for good. It is an event, `audit.release`. Resolves to
 * false when there is none of that id in force.
 * @throws {AuditError} AUDIT_OPTION_INVALID without a reason and a name; else what the store rejects with.
 */
export const release = async (
  audit: KeptAudit,
  id: string,
  { reason, by }: Release,
  env?: unknown,
): Promise<boolean> => {
  if (!isSaid(reason, 1_000)) throw new AuditError('AUDIT_OPTION_INVALID', 'reason must say why')
  if (!isSaid(by, 200)) throw new AuditError('AUDIT_OPTION_INVALID', 'by must say who')
  const ledger = await audit.store(env).ledger()
  const found = (await holdsIn(ledger)).find((one) => one.id === id)
  if (found === undefined || !(await ledger.release(id, by))) return false
  await tellerOf(
    audit,
    env,
  )({
    action: 'audit.release',
    actor: { id: by },
    // As it was placed: who sees the one sees the other.
    tenant: found.tenant ?? null,
    target: { type: 'hold', id },
    reason,
  })
  return true
}

/**
 * The holds in force, by their ids.
 * @throws {AuditError} what the store rejects with.
 */
export const holds = async (audit: KeptAudit, env?: unknown): Promise<readonly Hold[]> =>
  holdsIn(await audit.store(env).ledger())
