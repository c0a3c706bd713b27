import type * as z from 'zod'
import {
  type ExportList,
  exports,
  history,
  type HistoryView,
  type IssueList,
  issues,
  type LoginList,
  logins,
  processes,
  type ProcessList,
} from '../../src/read/views.ts'
import { type Answer, answer, tellPage } from './answer.ts'
import { spanOf } from './filter.ts'
import { operations } from './operations.ts'
import type {
  listingExports,
  listingIssues,
  listingLogins,
  listingProcesses,
  Shape,
  showingHistory,
} from './parameters.ts'
import type { ProblemResponse } from './problem.ts'
import { countedSpan, tenantOf, whose } from './things.ts'
import { type RouteContext, visitOf } from './visit.ts'

type Given<Of extends Shape> = z.output<z.ZodObject<Of>>

/** Tells how many there are, and where the others are. */
const listed = <List extends Parameters<typeof tellPage>[1]>(
  c: RouteContext,
  list: List,
  items: readonly unknown[],
): List => {
  const { told, wantsLines } = visitOf(c)
  told.count = items.length
  if (wantsLines) told.lines = items
  tellPage(c, list)
  return list
}

export const listProcesses = (
  c: RouteContext,
  query: Given<typeof listingProcesses>,
): Promise<Answer<ProcessList> | ProblemResponse> =>
  answer(c, operations.processes, async () => {
    const { state, order, limit, next } = query
    const asked = { state, order, limit, next, ...spanOf(query), tenant: tenantOf(query.tenant) }
    const found = await processes(visitOf(c).reading, asked, c.env)
    return listed(c, found, found.processes)
  })

export const listIssues = (
  c: RouteContext,
  query: Given<typeof listingIssues>,
): Promise<Answer<IssueList> | ProblemResponse> =>
  answer(c, operations.issues, async () => {
    const { state, type, severity, order, limit, next } = query
    const wanted = { state, type, severity, order, limit, next }
    const asked = { ...wanted, ...spanOf(query), tenant: tenantOf(query.tenant) }
    const found = await issues(visitOf(c).reading, asked, c.env)
    return listed(c, found, found.issues)
  })

export const listExports = (
  c: RouteContext,
  query: Given<typeof listingExports>,
): Promise<Answer<ExportList> | ProblemResponse> =>
  answer(c, operations.exports, async () => {
    const { order, limit, next } = query
    const asked = { order, limit, next, ...spanOf(query), tenant: tenantOf(query.tenant) }
    const found = await exports(visitOf(c).reading, asked, c.env)
    return listed(c, found, found.exports)
  })

export const listLogins = (
  c: RouteContext,
  query: Given<typeof listingLogins>,
  now: number,
): Promise<Answer<LoginList> | ProblemResponse> =>
  answer(c, operations.logins, async () => {
    const { user, limit } = query
    const asked = { user, limit, ...countedSpan(query, now), tenant: tenantOf(query.tenant) }
    const found = await logins(visitOf(c).reading, asked, c.env)
    return listed(c, found, found.users)
  })

export const getHistory = (
  c: RouteContext,
  query: Given<typeof showingHistory>,
): Promise<Answer<HistoryView> | ProblemResponse> =>
  answer(c, operations.history, async () => {
    const { targetType: type, targetId: id, order, limit, next } = query
    const asked = { order, limit, next, ...spanOf(query), ...whose(c, query) }
    const found = await history(visitOf(c).reading, { type, id }, asked, c.env)
    return listed(c, found, found.events)
  })
