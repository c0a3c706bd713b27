import * as z from 'zod'
import { eventSchema } from '../../src/event/schema.ts'

// What the routes answer with, for the OpenAPI document and for those who check answers. A fence may
// show less of an event, and a record of a later version hold more: both are as they should be.

const { request, error, actor, targets, outcome, tenant } = eventSchema.shape

const fault = z.looseObject(error.unwrap().shape).partial()
const time = z.int().describe('Milliseconds since 1970, UTC.')
const amount = z.number().nonnegative()

export const event = z.looseObject({
  ...eventSchema.shape,
  id: z.string(),
  occurredAt: time,
  actor: z.looseObject(actor.shape),
  targets: z.array(z.looseObject(targets.element.shape)),
  request: z.looseObject(request.unwrap().shape).partial().optional(),
  error: fault.optional(),
  recordedAt: time.describe('When the store took it, in ms since 1970.'),
  unreadable: z.literal(true).optional(),
})

const person = z.looseObject(actor.shape)
const next = z.string().nullable().describe('For the parameter `next`; null on the last page.')

export const counted = z.object({
  count: z.int().nonnegative(),
  more: z.boolean().describe('There are more, or there may be.'),
  text: z.string().describe('For people: `1,000+`.'),
})

const archived = z
  .literal(true)
  .describe('Some events of this time and these tenants lie in the archive, and are not read.')
  .optional()

/** A page of a list. */
export const pageOf = (name: string, item: z.ZodType) =>
  z.object({
    [name]: z.array(item),
    next,
    archived: archived.describe(
      'Some events before `to`, of these tenants, lie in the archive, and are not read.',
    ),
  })

export const events = z.object({
  events: z.array(event),
  next,
  count: counted.optional(),
  archived,
})

export const eventWithNeighbours = z.object({
  event,
  neighbours: z
    .array(event)
    .describe('Other events of the same request, oldest first, 100 at most.'),
})

const tally = {
  total: z.int().nonnegative(),
  success: z.int().nonnegative(),
  failure: z.int().nonnegative(),
  denied: z.int().nonnegative(),
  unknown: z.int().nonnegative(),
}
const tallied = z.object(tally)
const requests = {
  ...tally,
  errorRate: z.number().nullable(),
  p50: z.number().nullable(),
  p95: z.number().nullable(),
}

export const summary = z.object({
  from: time,
  to: time,
  archived,
  archivedBefore: archived.describe(
    'Some events before `from`, of these tenants, lie in the archive: `unresolved` and `processes` know nothing of them.',
  ),
  actions: tallied,
  creates: tallied,
  updates: tallied,
  deletes: tallied,
  views: tallied,
  logins: tallied,
  exports: tallied,
  downloads: tallied,
  systemErrors: tallied,
  unresolved: z.int().nonnegative(),
  processes: z.object({
    succeeded: z.int().nonnegative(),
    failed: z.int().nonnegative(),
    incomplete: z.int().nonnegative(),
    pending: z.int().nonnegative(),
  }),
  requests: z.object(requests),
  byDay: z.array(z.object({ day: z.iso.date(), ...tally })),
  byActor: z.array(z.object({ id: z.string(), type: z.string(), ...tally })),
  byAction: z.array(z.object({ action: z.string(), kind: z.string(), ...tally })),
  byRoute: z.array(
    z.object({ route: z.string().nullable(), method: z.string().nullable(), ...requests }),
  ),
})

const state = z.enum(['succeeded', 'failed', 'incomplete', 'pending'])
const partial = z
  .literal(true)
  .describe('It has more events than are read: this is made of the newest.')
  .optional()

const registration = z.object({
  id: z.string(),
  at: time,
  outcome,
  name: z.string().optional(),
  description: z.string().optional(),
  durationMs: amount.optional(),
  error: fault.optional(),
  actor: person,
  requestId: z.string().optional(),
})

export const process = z.object({
  id: z.string(),
  name: z.string(),
  tenant,
  description: z.string().optional(),
  parent: z.string().optional(),
  state,
  steps: z.array(
    z.object({
      name: z.string(),
      description: z.string().optional(),
      expects: z.int().nonnegative(),
      declared: z.boolean(),
      state,
      successes: z.int().nonnegative(),
      registrations: z.array(registration),
      durationMs: amount.optional(),
    }),
  ),
  startedAt: time.optional(),
  endedAt: time.optional(),
  lastAt: time,
  durationMs: amount,
  actors: z.array(person),
  requestIds: z.array(z.string()),
  partial,
})

const decision = z.object({ by: person, at: time, note: z.string().optional() })

export const issue = z.object({
  id: z.string(),
  tenant,
  state: z.enum(['open', 'resolved', 'noted']),
  regressed: z.boolean(),
  type: z.string().optional(),
  title: z.string().optional(),
  description: z.string().optional(),
  severity: z.string().optional(),
  code: z.string().optional(),
  module: z.string().optional(),
  function: z.string().optional(),
  line: amount.optional(),
  fingerprint: z.string().optional(),
  error: fault.optional(),
  count: z.int().nonnegative(),
  firstAt: time.optional(),
  lastAt: time.optional(),
  resolution: decision.optional(),
  reopening: decision.optional(),
  requestIds: z.array(z.string()),
  partial,
})

export const exported = z.object({
  id: z.string(),
  tenant,
  type: z.string().optional(),
  format: z.string().optional(),
  records: amount.optional(),
  bytes: amount.optional(),
  size: z.string().optional(),
  filters: z.unknown().optional(),
  purpose: z.string().optional(),
  sha256: z.string().optional(),
  by: person.optional(),
  at: time.optional(),
  outcome: outcome.optional(),
  downloads: z.int().nonnegative(),
  lastDownload: z.object({ by: person, at: time }).optional(),
  totalBytes: amount,
  partial,
})

const deed = { by: person, at: time, event: z.string().describe('The id of the event.') }

export const history = z.object({
  type: z.string(),
  id: z.string(),
  events: z.array(event),
  next,
  fields: z
    .array(
      z.object({
        name: z.string(),
        value: z.unknown().optional(),
        changes: z.int().nonnegative(),
        ...deed,
      }),
    )
    .describe('What became of each field, after the latest of these events.'),
  created: z.object(deed).optional(),
  deleted: z.object(deed).optional(),
  partial,
  archived,
})

export const login = z.object({
  user: z.string(),
  tenant,
  actor: person.optional(),
  successes: z.int().nonnegative(),
  failures: z.int().nonnegative(),
  denied: z.int().nonnegative(),
  unknown: z.int().nonnegative(),
  logouts: z.int().nonnegative(),
  lastSuccess: time.optional(),
  lastFailure: time.optional(),
  firstAt: time,
  lastAt: time,
  addresses: z.array(z.object({ ip: z.string(), count: z.int().nonnegative() })),
  addressCount: z.int().nonnegative(),
  methods: z.array(z.string()),
})

export const logins = z.object({
  users: z.array(login),
  others: z.int().nonnegative().describe('How many more users there are.'),
  partial,
  archived,
})

export const stats = z.object({
  newestAt: time.nullable().describe('Of the newest event that this reader may see.'),
  delivery: z
    .object({
      captured: z.int(),
      stored: z.int(),
      retried: z.int(),
      deadLettered: z.int(),
      lost: z.int(),
      pending: z.int(),
      sampledOut: z.int(),
      skipped: z.int(),
      dryRun: z.int(),
    })
    .nullable()
    .describe('What became of the events of this process or isolate; null for who sees not all.'),
  keep: z
    .object({
      at: time,
      outcome,
      state: z.string().optional(),
      moved: amount.optional(),
      deleted: amount.optional(),
      expired: amount.optional(),
      held: amount.optional(),
      left: amount.optional(),
      lagMs: amount.optional(),
    })
    .nullable()
    .describe('The last run of archiving; null when there was none, or none that may be seen.'),
})

export const problem = z.object({
  type: z.literal('about:blank'),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  errors: z.array(z.object({ parameter: z.string(), detail: z.string() })).optional(),
  code: z.string().optional(),
})

export const document = z.looseObject({ openapi: z.string() })
