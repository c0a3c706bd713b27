import type * as z from 'zod'
import {
  count,
  type CountedEvents,
  type EventPage,
  get,
  page,
  type StoredEvent,
} from '../../src/read/page.ts'
import { type Answer, answer, failed, tellPage } from './answer.ts'
import { askingOf } from './filter.ts'
import { operations } from './operations.ts'
import type { listing } from './parameters.ts'
import type { ProblemResponse } from './problem.ts'
import { type RouteContext, visitOf } from './visit.ts'

export interface ListedEvents extends EventPage {
  readonly count?: CountedEvents | undefined
}

export const listEvents = async (
  c: RouteContext,
  query: z.output<z.ZodObject<typeof listing>>,
): Promise<Answer<ListedEvents> | ProblemResponse> => {
  const { reading, told, wantsLines } = visitOf(c)
  let inside: readonly string[] = []
  try {
    const asking = askingOf(query)
    inside = asking.inside
    const { order, limit, next } = query
    const found = await page(reading, { ...asking.filter, order, limit, next }, c.env)
    const counted = query.count ? await count(reading, asking.filter, c.env) : undefined
    told.count = found.events.length
    if (wantsLines) told.lines = found.events
    if (counted !== undefined) c.header('x-count', counted.text)
    tellPage(c, found)
    return c.json({ ...found, count: counted }, 200)
  } catch (error) {
    return failed(c, operations.events, error, inside)
  }
}

/** Events of one request that are shown beside one of them. */
const NEIGHBOURS = 100

export interface EventWithNeighbours {
  readonly event: StoredEvent
  readonly neighbours: readonly StoredEvent[]
}

export const getEvent = (
  c: RouteContext,
  id: string,
): Promise<Answer<EventWithNeighbours> | ProblemResponse> =>
  answer(c, operations.event, async () => {
    const { reading } = visitOf(c)
    const event = await get(reading, id, c.env)
    if (event === undefined) return undefined
    const requestId = event.request?.id
    if (requestId === undefined) return { event, neighbours: [] }
    const of = { requestId, tenant: event.tenant, order: 'oldest', limit: NEIGHBOURS + 1 } as const
    const { events } = await page(reading, of, c.env)
    const others = events.filter((one) => one.id !== event.id)
    return { event, neighbours: others.slice(0, NEIGHBOURS) }
  })
