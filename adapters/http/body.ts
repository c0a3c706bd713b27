import type { MiddlewareHandler } from 'hono'
import type * as z from 'zod'
import { holdingTo } from './parse.ts'
import type { Shape } from './parameters.ts'
import { problem, type ProblemResponse, wrongParameters } from './problem.ts'
import type { RouteContext, RouteEnv } from './visit.ts'

/** Bytes of a body. */
const MOST = 32_768

/** The text of a body; undefined when it is longer, which is found out without reading all of it. */
const textOf = async ({ req }: RouteContext): Promise<string | undefined> => {
  // Middleware of the app has read it: it is here, whatever its size.
  if (req.raw.bodyUsed || Object.keys(req.bodyCache).length > 0) return req.text()
  const { body } = req.raw
  if (body === null) return ''
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  const reader = body.getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return text + decoder.decode()
    bytes += value.byteLength
    if (bytes > MOST) {
      await reader.cancel()
      return undefined
    }
    text += decoder.decode(value, { stream: true })
  }
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    // No JSON is no object either, which is what is asked next.
    return undefined
  }
}

interface Taken<Of extends Shape> {
  in: { json: z.input<z.ZodObject<Of>> }
  out: { json: z.output<z.ZodObject<Of>> }
}

/** Holds the body of a request to a shape, as JSON. */
export const bodyOf = <const Of extends Shape>(
  shape: Of,
): MiddlewareHandler<RouteEnv, string, Taken<Of>, ProblemResponse> => {
  const hold = holdingTo(shape)
  return async (c, next) => {
    const text = await textOf(c)
    if (text === undefined) return problem(c, 413, `A body may have ${MOST} bytes.`)
    const value = parsed(text)
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      return wrongParameters(c, [{ parameter: 'body', detail: 'must be a JSON object' }])
    const found = hold(value)
    if ('wrong' in found) return wrongParameters(c, found.wrong)
    c.req.addValidatedData('json', found.values)
    await next()
    return undefined
  }
}
