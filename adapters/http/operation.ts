import type * as z from 'zod'
import type { RouteAction } from './options.ts'
import type { Shape } from './parameters.ts'
import type { Reads } from './tell.ts'

/** One route: what it takes, what it gives, who may, and what is told of it. */
export interface Operation<
  Path extends string = string,
  Ids extends Shape = Shape,
  Query extends Shape = Shape,
> {
  readonly path: Path
  readonly method: 'GET' | 'POST'
  /** Its name in the OpenAPI document. */
  readonly name: string
  readonly summary: string
  readonly action: RouteAction
  readonly reads: Reads
  readonly ids: Ids
  readonly query: Query
  readonly body?: Shape | undefined
  /** The media type of a file that comes in one format; undefined where there are several, and of what is none. */
  readonly file?: string | undefined
  /** Undefined of a file. */
  readonly answer?: z.ZodType | undefined
  /** The answer is a list that may be had as lines too: of these. */
  readonly lines?: z.ZodType | undefined
}
