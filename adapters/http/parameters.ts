import * as z from 'zod'
import { eventSchema } from '../../src/event/schema.ts'

// What stands in a URL is text: each parameter is held to its schema here, and the same schemas are
// what the OpenAPI document tells of. What the values mean is asked again where they are used.

/** Values of one parameter, and characters of one value. */
const most = { values: 100, text: 1_000, filter: 4_096, next: 4_096 } as const

export const text = z
  .string()
  .max(most.text, `must be a text of no more than ${most.text} characters`)

const many = <Item extends z.ZodType>(item: Item): z.ZodArray<Item> =>
  z.array(item).max(most.values, `must be given no more than ${most.values} times`)

const words = <const Words extends readonly string[]>(...all: Words) =>
  z.enum(all, `must be one of ${all.join(', ')}`)

const whole = (least: number, greatest: number) => {
  const wanted = `must be a whole number from ${least} to ${greatest}`
  return z.codec(
    z.string().regex(/^\d{1,15}$/, wanted),
    z.int(wanted).min(least, wanted).max(greatest, wanted),
    { decode: Number, encode: String },
  )
}

const amount = z.codec(
  z.string().regex(/^\d{1,15}(\.\d{1,6})?$/, 'must be a number of ms, such as 250'),
  z.number().min(0),
  { decode: Number, encode: String },
)

export const flag = z.codec(words('true', 'false'), z.boolean(), {
  decode: (written) => written === 'true',
  encode: (value) => (value ? 'true' : 'false'),
})

/** ms since 1970, of a text that `moment` takes. */
export const timeOf = (text: string): number =>
  /^-?\d+$/.test(text) ? Number(text) : Date.parse(text)

const moment = z.union(
  [z.iso.datetime({ offset: true }), z.iso.date(), z.string().regex(/^-?\d{1,16}$/)],
  'must be ISO 8601 with an offset, such as 2026-01-31T12:00:00Z, a day, or ms since 1970',
)

const written = z.string().max(most.filter, `must have no more than ${most.filter} characters`)

const isJsonObject = 'must be JSON, an object such as {"not":{"actor":"ada"}}'

const filter = z.codec(written, z.record(z.string(), z.unknown(), isJsonObject), {
  decode: (json, context) => {
    try {
      return JSON.parse(json)
    } catch {
      context.issues.push({ code: 'custom', message: isJsonObject, input: json })
      return z.NEVER
    }
  },
  encode: (value) => JSON.stringify(value),
})

const { kind, outcome, actor } = eventSchema.shape
const actorTypes = actor.shape.type.options

const statusWanted = 'must be a status such as 404, a class such as 5xx, or empty for none'

const tenant = text.describe('A tenant; empty for no tenant.')

const span = {
  from: moment.describe('Earliest time of the event, included.').optional(),
  to: moment.describe('Latest time of the event, not included.').optional(),
}

/** What an event must be like: each that is given, and of one that is given again any. */
export const filters = {
  ...span,
  tenant: many(tenant).optional(),
  kind: many(words(...kind.options)).optional(),
  action: many(text).describe('`invoice.refund`, or `invoice.*` for all that begin so.').optional(),
  outcome: many(words(...outcome.options)).optional(),
  actor: many(text).describe('Who: an id.').optional(),
  actorType: many(words(...actorTypes))
    .describe('Of these types; with `actor`, of those ids.')
    .optional(),
  onBehalfOf: many(text).describe('On whose behalf the actor acted: an id.').optional(),
  targetType: many(text).describe('Any target of the event is of this type.').optional(),
  targetId: many(text).describe('… and has one of these ids.').optional(),
  requestId: many(text).describe('Empty for none.').optional(),
  traceId: many(text).optional(),
  batchId: many(text).optional(),
  method: many(text).describe('`GET` …; empty for none.').optional(),
  route: many(text).describe('The pattern, `/invoices/:id`; empty for none.').optional(),
  path: many(text).describe('`/invoices/7`, or `/invoices/*` for all that begin so.').optional(),
  status: many(z.string().regex(/^([1-5]xx|\d{1,3}|)$/, statusWanted))
    .describe('`404`, or `5xx` for the class; empty for none.')
    .optional(),
  ip: many(text).describe('An address, or a network; empty for none.').optional(),
  userAgent: text.describe('A part of the user agent, whatever the case of A to Z.').optional(),
  minDurationMs: amount.describe('It took as long, or longer.').optional(),
  changed: many(text).describe('The name of a field that changed.').optional(),
  metadata: z
    .record(
      z.templateLiteral(['metadata.', z.string().min(1)]),
      z.array(text).max(8, 'must be given no more than 8 times'),
    )
    .describe(
      'What members of the metadata are, by their paths: `metadata.plan=pro`. What looks like a number, `true` or `false` stands for that too; empty is null or an empty text.',
    )
    .optional(),
  text: text.describe('Words that all stand in the event; `"two words"` is one.').optional(),
  filter: filter
    .describe('A filter with `and`, `or` and `not`, as JSON of no more than 4,096 characters.')
    .optional(),
} as const

const order = words('newest', 'oldest')
const next = z
  .string()
  .max(most.next, 'must be what the page before gave, for the same query and reader')
  .describe('`next` of the page before, for the same filters and order.')
  .optional()

/** Where the routes know of an archive. */
const includeArchive = flag
  .describe('Reads what is archived as well, where the app has said where that is.')
  .optional()

export const listing = {
  ...filters,
  includeArchive,
  order: order.default('newest'),
  limit: whole(1, 200).describe('Most events of a page.').default(50),
  next,
  count: flag.describe('Counts them too, up to 1,000.').default(false),
} as const

export const summing = {
  ...span,
  includeArchive,
  tenant: tenant.optional(),
  actor: text.optional(),
  actorType: words(...actorTypes)
    .describe('With `actor`, where ids of several types may be the same.')
    .optional(),
  top: whole(1, 1_000).describe('Most entries of each list.').default(20),
} as const

/** Of lists of things, each of which is made of many events. */
const things = {
  ...span,
  includeArchive,
  tenant: tenant.optional(),
  order: order.default('newest'),
  limit: whole(1, 100).describe('Most things of a page.').default(20),
  next,
} as const

export const listingProcesses = {
  ...things,
  state: many(words('succeeded', 'failed', 'incomplete', 'pending')).optional(),
} as const

export const listingIssues = {
  ...things,
  state: words('open', 'resolved', 'noted').optional(),
  type: many(
    words('error', 'warning', 'info', 'security', 'performance', 'maintenance'),
  ).optional(),
  severity: many(words('low', 'medium', 'high', 'critical')).optional(),
} as const

export const listingExports = things

export const listingLogins = {
  ...span,
  includeArchive,
  tenant: tenant.optional(),
  user: text.describe('The name that was tried, or the id of an actor.').optional(),
  limit: whole(1, 1_000).describe('Most users.').default(50),
} as const

export const showingHistory = {
  ...span,
  includeArchive,
  targetType: text.min(1, 'must be given'),
  targetId: text,
  tenant: tenant.describe('Whose it is, where ids of several tenants may be the same.').optional(),
  order: order.default('oldest'),
  limit: whole(1, 200).describe('Most events of a page.').default(50),
  next,
} as const

/** The format is held to those that there are when the file is made: an app may hand in more. */
export const exporting = {
  ...filters,
  includeArchive,
  order: order.default('oldest'),
  format: text
    .describe('`csv`, `ndjson`, `json`, `ocsf`, `cloudevents`, `ecs`, or of the app.')
    .default('csv'),
  columns: many(text).describe('Of a CSV: names, or places such as `metadata.plan`.').optional(),
  bom: flag.describe('Of a CSV: begins it with U+FEFF, by which Excel tells UTF-8.').optional(),
  trailer: flag.describe('Whether a last line tells rows, SHA-256 and `next`.').optional(),
  limit: whole(1, 1_000_000_000).describe('Most events of the file.').optional(),
  next,
  after: text.describe('Goes on after the event of this id.').optional(),
} as const

const printed = {
  attach: flag.describe('Puts the events into the file as well, as NDJSON.').default(false),
  language: words('en', 'pt').default('en'),
  timeZone: text
    .describe('An IANA name, such as `Europe/Lisbon`, for every time in it.')
    .default('UTC'),
} as const

export const reporting = {
  ...filters,
  includeArchive,
  order: order.default('oldest'),
  limit: whole(1, 1_000_000).describe('The first of the events alone, so many.').optional(),
  ...printed,
} as const

const reportingThings = {
  ...span,
  includeArchive,
  tenant: filters.tenant,
  order: order.default('oldest'),
} as const

export const reportingProcesses = {
  ...reportingThings,
  state: listingProcesses.state,
  ...printed,
} as const

export const reportingIssues = {
  ...reportingThings,
  state: many(words('open', 'resolved', 'noted')).optional(),
  ...printed,
} as const

export const ofArchive = { includeArchive } as const

export const ofId = { id: text.min(1, 'must be given') } as const

export const ofTenant = {
  includeArchive,
  tenant: tenant.describe('Whose it is, where ids of several tenants may be the same.').optional(),
} as const

export const noted = {
  note: z.string().max(8_192, 'must have no more than 8192 characters').optional(),
} as const

export type Shape = Readonly<Record<string, z.ZodType>>
