import type * as z from 'zod'
import type { Stats } from '../../src/deliver/stats.ts'
import { farthest } from '../../src/event/time.ts'
import { page } from '../../src/read/page.ts'
import { summary, type Summary } from '../../src/read/summary.ts'
import {
  type ExportView,
  exportView,
  type IssueView,
  issueView,
  type KeepRun,
  lastKeep,
  type Partly,
  type ProcessView,
  processView,
} from '../../src/read/views.ts'
import { type Answer, answer } from './answer.ts'
import { spanOf } from './filter.ts'
import { type Document, documentOf } from './openapi.ts'
import { operations } from './operations.ts'
import type { summing } from './parameters.ts'
import type { ProblemResponse } from './problem.ts'
import { type RouteContext, type RoutesAudit, visitOf } from './visit.ts'

const DAYS = 30 * 86_400_000

/** What is counted: the last 30 days, where nothing else is asked for. */
export const countedSpan = (
  query: Parameters<typeof spanOf>[0],
  now: number,
): { readonly from: number; readonly to: number } => {
  const { from, to = now + 1 } = spanOf(query)
  return { from: from ?? Math.max(-farthest, to - DAYS), to }
}

export const getSummary = (
  c: RouteContext,
  query: z.output<z.ZodObject<typeof summing>>,
  now: number,
): Promise<Answer<Summary> | ProblemResponse> =>
  answer(c, operations.summary, () => {
    const { tenant, actor, actorType, top } = query
    const asked = {
      ...countedSpan(query, now),
      tenant: tenantOf(tenant),
      actor: actor === undefined ? undefined : { id: actor, type: actorType },
      top,
    }
    return summary(visitOf(c).reading, asked, c.env)
  })

export interface OfTenant {
  readonly tenant?: string | undefined
}

/** Empty is none, here too. */
export const tenantOf = (written: string | undefined): string | null | undefined =>
  written === '' ? null : written

/** Whose it is: what was said, or the only one that there is for this reader. */
export const whose = (
  c: RouteContext,
  { tenant }: OfTenant,
): { readonly tenant: string | null | undefined } => ({
  tenant: tenant === undefined ? visitOf(c).tenant : tenantOf(tenant),
})

export const getProcess = (
  c: RouteContext,
  id: string,
  query: OfTenant,
): Promise<Answer<Partly<ProcessView>> | ProblemResponse> =>
  answer(c, operations.process, () => processView(visitOf(c).reading, id, whose(c, query), c.env))

export const getIssue = (
  c: RouteContext,
  id: string,
  query: OfTenant,
): Promise<Answer<Partly<IssueView>> | ProblemResponse> =>
  answer(c, operations.issue, () => issueView(visitOf(c).reading, id, whose(c, query), c.env))

export const getExport = (
  c: RouteContext,
  id: string,
  query: OfTenant,
): Promise<Answer<Partly<ExportView>> | ProblemResponse> =>
  answer(c, operations.exported, () => exportView(visitOf(c).reading, id, whose(c, query), c.env))

export interface RouteStats {
  readonly newestAt: number | null
  /** Null for who does not see all: these are counts of all tenants. */
  readonly delivery: Stats | null
  /** The last run of `keep`; null when there was none, or none that this reader may see. */
  readonly keep: KeepRun | null
}

export const getStats = (
  c: RouteContext,
  audit: RoutesAudit,
): Promise<Answer<RouteStats> | ProblemResponse> =>
  answer(c, operations.stats, async () => {
    const { reading, seesAll } = visitOf(c)
    const { events } = await page(reading, { limit: 1 }, c.env)
    return {
      newestAt: events[0]?.occurredAt ?? null,
      delivery: seesAll ? audit.stats() : null,
      keep: (await lastKeep(reading, c.env)) ?? null,
    }
  })

/** Made when it is first asked for. */
export const documenting = (formats: () => readonly string[]) => {
  let made: Document | undefined
  return (c: RouteContext): Promise<Answer<Document> | ProblemResponse> =>
    answer(c, operations.openapi, async () => (made ??= documentOf(formats())))
}
