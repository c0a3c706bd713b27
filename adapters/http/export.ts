import type * as z from 'zod'
import type { EventInput } from '../../src/input.ts'
import type { Position } from '../../src/ports/store.ts'
import { askedOf } from '../../src/read/asked.ts'
import { cursorOf } from '../../src/read/cursor.ts'
import { type ExportOutcome, exportStream } from '../../src/read/export/stream.ts'
import type { ExportFormat } from '../../src/read/export/format.ts'
import { get } from '../../src/read/page.ts'
import { refuse } from '../../src/read/parameters.ts'
import { failed } from './answer.ts'
import { rowsOf, untilTold } from './file.ts'
import { askingOf } from './filter.ts'
import { formatOf } from './format.ts'
import { operations } from './operations.ts'
import type { Settings } from './options.ts'
import type { exporting } from './parameters.ts'
import { askedFor } from './tell.ts'
import { type RouteContext, type Visit, visitOf } from './visit.ts'

type Wanted = z.output<z.ZodObject<typeof exporting>>

/** What an export of the trail is called in its events. */
const NAME = 'audit-trail'

const placeAfter = async (
  { reading }: Visit,
  { after, next }: Wanted,
  env: unknown,
): Promise<Position | undefined> => {
  if (after === undefined) return undefined
  if (next !== undefined) return refuse('after', 'left out where there is next')
  const event = await get(reading, after, env)
  if (event === undefined) return refuse('after', 'the id of an event that you may see')
  const { id, occurredAt } = event
  return { id, occurredAt }
}

/** Both events of an export: that it was begun, and how it ended. */
const eventsOf = (c: RouteContext, { actor }: Visit, id: string, format: ExportFormat) => {
  const filters = askedFor(c.req.url)
  const told = { type: NAME, format: format.name, filters }
  const about = { kind: 'export', actor, target: { type: 'export', id, name: NAME } } as const
  return {
    started: { ...about, action: 'export.start', data: told },
    ended: ({ ended, rows, bytes, sha256, error }: ExportOutcome): EventInput => ({
      ...about,
      action: 'export',
      outcome: ended === 'complete' ? 'success' : 'failure',
      data: { ...told, ended, records: rows, bytes, sha256 },
      error,
    }),
  }
}

/**
 * Hands out events as a file. That it was begun is stored before its first byte, so nobody takes one
 * unseen by hanging up; and how it ended before its last, or as soon as nobody reads any longer.
 */
export const exportEvents = async (
  c: RouteContext,
  wanted: Wanted,
  { formats, limits }: Settings,
  mint: () => string,
): Promise<Response> => {
  const visit = visitOf(c)
  const { handle, reading, told } = visit
  let inside: readonly string[] = []
  try {
    const format = formatOf(wanted.format, wanted, formats)
    const asking = askingOf(wanted)
    inside = asking.inside
    const { order, next, limit = Infinity } = wanted
    const { query, question } = askedOf({ ...asking.filter, order, next }, reading)
    const after = (await placeAfter(visit, wanted, c.env)) ?? query.after
    const isHead = c.req.method === 'HEAD'
    const most = isHead ? 1 : Math.min(limit, limits.rows)
    const { pages, place } = await rowsOf(reading.store(c.env), { ...query, after }, most)
    const id = mint()
    const headers = {
      'Content-Type': format.mediaType,
      'content-disposition': `attachment; filename="${NAME}-${id}.${format.extension}"`,
    }
    // Nothing is made of it, so there is no end to be told.
    if (isHead) return c.body(null, 200, headers)

    const events = eventsOf(c, visit, id, format)
    await handle.record(events.started, { delivery: 'await' })
    told.recorded = true
    const { stream, done } = exportStream(format, {
      pages,
      next: () => {
        const at = place()
        return at && cursorOf(at, question, reading)
      },
    })
    const ended = done
      .then((outcome) => handle.record(events.ended(outcome), { delivery: 'await' }))
      // The audit was told of the loss already, and the file has gone.
      .catch(() => undefined)
    handle.keepAlive(ended)
    return c.body(untilTold(stream, ended), 200, { ...headers, 'x-export-id': id })
  } catch (error) {
    return failed(c, operations.export, error, inside)
  }
}
