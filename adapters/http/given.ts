import type { MiddlewareHandler } from 'hono'
import type * as z from 'zod'
import type { Operation } from './operation.ts'
import type { Shape } from './parameters.ts'
import { holdingTo, parsing } from './parse.ts'
import { type ProblemResponse, wrongParameters } from './problem.ts'
import type { RouteEnv } from './visit.ts'

type Written<Value> = Value extends readonly (infer Item)[] ? Item | Item[] : Value

/** Parameters as a client of Hono takes them: texts, and lists of such. */
type QueryInput<Of extends Shape> = {
  [Name in keyof z.input<z.ZodObject<Of>> as Exclude<Name, 'metadata'>]: Written<
    z.input<z.ZodObject<Of>>[Name]
  >
} & ('metadata' extends keyof Of
  ? { [name: `metadata.${string}`]: string | string[] | undefined }
  : object)

interface Taken<Ids extends Shape, Query extends Shape> {
  in: { query?: QueryInput<Query> }
  out: { param: z.output<z.ZodObject<Ids>>; query: z.output<z.ZodObject<Query>> }
}

/** Holds the path and the query of a request to what the operation takes. */
export const given = <Ids extends Shape, Query extends Shape>({
  ids,
  query,
}: Operation<string, Ids, Query>): MiddlewareHandler<
  RouteEnv,
  string,
  Taken<Ids, Query>,
  ProblemResponse
> => {
  const holdIds = holdingTo(ids)
  const parse = parsing(query)
  return async (c, next) => {
    const path = holdIds(c.req.param())
    const asked = parse(c.req.url)
    if ('wrong' in path || 'wrong' in asked) {
      const wrong = [path, asked].flatMap((one) => ('wrong' in one ? one.wrong : []))
      return wrongParameters(c, wrong)
    }
    c.req.addValidatedData('param', path.values)
    c.req.addValidatedData('query', asked.values)
    await next()
    return undefined
  }
}
