import type * as z from 'zod'
import type { EventInput } from '../../src/input.ts'
import { type EventOutcome, exportEvents } from '../../src/read/export/events.ts'
import type { ExportFormat } from '../../src/read/export/format.ts'
import { failed } from './answer.ts'
import { untilTold } from './until-told.ts'
import { askingOf } from './filter.ts'
import { formatOf } from './format.ts'
import { operations } from './operations.ts'
import type { Settings } from './options.ts'
import type { exporting } from './parameters.ts'
import { askedFor } from './tell.ts'
import { type RouteContext, type Visit, visitOf } from './visit.ts'

/** What an export of the trail is called in its events. */
const NAME = 'audit-trail'

/** Both events of an export: that it was begun, and how it ended. */
const eventsOf = (c: RouteContext, { actor }: Visit, id: string, format: ExportFormat) => {
  const filters = askedFor(c.req.url)
  const told = { type: NAME, format: format.name, filters }
  const about = { kind: 'export', actor, target: { type: 'export', id, name: NAME } } as const
  return {
    started: { ...about, action: 'export.start', data: told },
    ended: ({ ended, rows, bytes, sha256, next, error }: EventOutcome): EventInput => ({
      ...about,
      action: 'export',
      outcome: ended === 'complete' ? 'success' : 'failure',
      data: { ...told, ended, records: rows, bytes, sha256, next },
      error,
    }),
  }
}

/**
 * Hands out events as a file. That it was begun is stored before its first byte, so nobody takes one
 * unseen by hanging up; and how it ended before its last, or as soon as nobody reads any longer.
 */
export const exportFile = async (
  c: RouteContext,
  wanted: z.output<z.ZodObject<typeof exporting>>,
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
    const { order, next, after } = wanted
    const isHead = c.req.method === 'HEAD'
    const most = Math.min(wanted.limit ?? Infinity, limits.rows, isHead ? 1 : Infinity)
    const limit = most === Infinity ? undefined : most
    const asked = { ...asking.filter, order, next, after, limit }
    const { stream, done } = await exportEvents(reading, asked, format, c.env)
    const id = mint()
    const headers = {
      'Content-Type': format.mediaType,
      'content-disposition': `attachment; filename="${NAME}-${id}.${format.extension}"`,
    }
    if (isHead) {
      // Nothing is made of it, so there is no end to be told.
      await stream.cancel()
      return c.body(null, 200, headers)
    }
    const events = eventsOf(c, visit, id, format)
    await handle.record(events.started, { delivery: 'await' })
    told.recorded = true
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
