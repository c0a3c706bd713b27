import type { TypedResponse } from 'hono'
import type { JSONParsed } from 'hono/utils/types'
import { wrongIn } from './filter.ts'
import type { Operation } from './operation.ts'
import { queryOf } from './parse.ts'
import { problem, problemOf, type ProblemResponse } from './problem.ts'
import type { RouteContext } from './visit.ts'

export type Answer<Body> = Response & TypedResponse<JSONParsed<Body>, 200, 'json'>

/** What an error is to who asked, by the names of the parameters of this operation. */
export const failed = (
  c: RouteContext,
  { ids, query }: Operation,
  error: unknown,
  inside: readonly string[] = [],
): ProblemResponse => {
  const known = new Set([...Object.keys(ids), ...Object.keys(query)])
  return problemOf(c, error, wrongIn(queryOf(c.req.url), known, inside))
}

/** The same answer for what is not there and for what is outside of the fence. */
export const notFound = (c: RouteContext): ProblemResponse =>
  problem(c, 404, 'There is none, or none for you.')

/** Answers with what is found, as JSON. */
export const answer = async <Body extends object>(
  c: RouteContext,
  operation: Operation,
  find: () => Promise<Body | undefined>,
): Promise<Answer<Awaited<Body>> | ProblemResponse> => {
  try {
    const found = await find()
    return found === undefined ? notFound(c) : c.json(found, 200)
  } catch (error) {
    return failed(c, operation, error)
  }
}

interface Paged {
  readonly next?: string | null
  readonly archived?: true
}

/** What a page tells besides what is listed, for those who read lines: where the next one is (RFC 8288). */
export const tellPage = (c: RouteContext, { next, archived }: Paged): void => {
  if (archived === true) c.header('x-archived', 'true')
  if (next === null || next === undefined) return
  const [, search = ''] = c.req.url.split('?', 2)
  const query = new URLSearchParams(search)
  query.set('next', next)
  c.header('link', `<?${query}>; rel="next"`)
}
