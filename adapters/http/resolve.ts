import { REOPEN, RESOLVE } from '../../src/event/issue.ts'
import { count, page } from '../../src/read/page.ts'
import { refuse } from '../../src/read/parameters.ts'
import { type IssueView, issueView, type Partly } from '../../src/read/views.ts'
import { type Answer, answer } from './answer.ts'
import { operations } from './operations.ts'
import type { ProblemResponse } from './problem.ts'
import { type OfTenant, whose } from './things.ts'
import { type RouteContext, visitOf } from './visit.ts'

/**
 * The tenant of the issue: a decision without it would be of another issue, or of none. Undefined when
 * this reader sees none of that id.
 * @throws {AuditError} AUDIT_QUERY_INVALID when several tenants have one of that id.
 */
const tenantOfIssue = async (
  c: RouteContext,
  id: string,
  said: string | null | undefined,
): Promise<{ readonly tenant: string | null } | undefined> => {
  const { reading } = visitOf(c)
  const issue = { kind: 'system', target: { type: 'issue', id } } as const
  const { events } = await page(reading, { ...issue, tenant: said, limit: 1 }, c.env)
  const [newest] = events
  if (newest === undefined) return undefined
  const { tenant } = newest
  if (said !== undefined) return { tenant }
  const others = await count(reading, { ...issue, not: { tenant }, most: 1 }, c.env)
  return others.count === 0
    ? { tenant }
    : refuse('tenant', 'given: several have an issue of this id')
}

/** Records a decision, waits until it is stored, and shows the issue as it is then. */
export const decide = (
  c: RouteContext,
  operation: typeof operations.resolve | typeof operations.reopen,
  id: string,
  query: OfTenant,
  { note }: { readonly note?: string | undefined },
): Promise<Answer<Partly<IssueView>> | ProblemResponse> =>
  answer(c, operation, async () => {
    const { handle, reading, told } = visitOf(c)
    const found = await tenantOfIssue(c, id, whose(c, query).tenant)
    if (found === undefined) return undefined
    const { tenant } = found
    const decision = {
      kind: 'system',
      action: operation === operations.resolve ? RESOLVE : REOPEN,
      target: { type: 'issue', id },
      tenant,
      data: { note },
    } as const
    await handle.record(decision, { delivery: 'await' })
    told.recorded = true
    return issueView(reading, id, { tenant }, c.env)
  })
