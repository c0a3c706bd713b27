import type { TypedResponse } from 'hono'
import { type AuditErrorCode, isAuditError } from '../../src/errors.ts'
import type { RouteContext } from './visit.ts'

/** What is wrong with one parameter. */
export interface Wrong {
  /** Its name in the URL, or of a member of the body. */
  readonly parameter: string
  readonly detail: string
}

/** RFC 9457 problem details. */
export interface Problem {
  readonly type: 'about:blank'
  readonly title: string
  readonly status: ProblemStatus
  readonly detail: string
  /** Of a 400: each parameter that is wrong. */
  readonly errors?: Wrong[] | undefined
  /** Of the audit, where it has one. */
  readonly code?: AuditErrorCode | undefined
}

const titles = {
  400: 'Bad Request',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  406: 'Not Acceptable',
  413: 'Content Too Large',
  414: 'URI Too Long',
  415: 'Unsupported Media Type',
  429: 'Too Many Requests',
  503: 'Service Unavailable',
} as const

export type ProblemStatus = keyof typeof titles

export type ProblemResponse = Response & TypedResponse<Problem, ProblemStatus, 'json'>

interface More {
  readonly errors?: readonly Wrong[] | undefined
  readonly code?: AuditErrorCode | undefined
  readonly headers?: Readonly<Record<string, string>>
}

/** Parameters that are named at most: a URL may hold thousands of wrong ones. */
const MOST_ERRORS = 20

export const problem = (
  c: RouteContext,
  status: ProblemStatus,
  detail: string,
  { errors, code, headers }: More = {},
): ProblemResponse => {
  const told: Problem = {
    type: 'about:blank',
    title: titles[status],
    status,
    detail,
    ...(errors !== undefined && { errors: errors.slice(0, MOST_ERRORS) }),
    ...(code !== undefined && { code }),
  }
  // In this case of letters, or Hono's own type stands beside it.
  return c.json(told, status, { 'Content-Type': 'application/problem+json', ...headers })
}

export const wrongParameters = (c: RouteContext, errors: readonly Wrong[]): ProblemResponse =>
  problem(c, 400, 'A parameter is wrong: see `errors`.', { errors, code: 'AUDIT_QUERY_INVALID' })

/** Seconds. */
const SOON = 5

/**
 * What an error of the audit is to who asked; any other error goes on to the app.
 * @throws what is none of ours.
 */
export const problemOf = (
  c: RouteContext,
  error: unknown,
  wrongOf: (detail: string) => Wrong,
): ProblemResponse => {
  if (!isAuditError(error)) throw error
  const { code, detail } = error
  if (code === 'AUDIT_QUERY_INVALID') return wrongParameters(c, [wrongOf(detail ?? '')])
  if (code === 'AUDIT_REPORT_TOO_LARGE')
    return problem(
      c,
      413,
      `It would be made of ${detail ?? 'too many events'}: ask for a shorter span (from, to), for fewer by a filter, for the first of them (limit), or for a file of all (export).`,
      { code },
    )
  if (code === 'AUDIT_STORE_NOT_MIGRATED')
    return problem(c, 503, 'The tables of the audit trail are missing or old.', { code })
  if (code === 'AUDIT_STORE_UNAVAILABLE')
    return problem(c, 503, 'The audit trail cannot be read right now.', {
      code,
      headers: { 'Retry-After': String(SOON) },
    })
  if (code === 'AUDIT_ARCHIVE_UNAVAILABLE')
    return problem(c, 503, 'The archive cannot be read right now.', {
      code,
      headers: { 'Retry-After': String(SOON) },
    })
  if (code === 'AUDIT_ARCHIVE_DAMAGED' || code === 'AUDIT_ARCHIVE_REFUSED')
    return problem(c, 503, 'What is archived cannot be read.', { code })
  throw error
}
