import * as z from 'zod'

// Keys stand in the order in which they are written (RFC 8785: by UTF-16 code units), here and in
// `redact.ts`; a property test holds the two together.

/** Who did it: a snapshot that outlives the user's row. */
const party = z.object({
  id: z.string(),
  name: z.string().optional(),
  role: z.string().optional(),
  type: z.enum(['user', 'service', 'system', 'anonymous']),
  /** How the actor got in: `jwt`, `session`, `api-key`, `cron` … */
  via: z.string().optional(),
})

const actor = party.extend({
  /** For whom the actor acted (impersonation, delegation), nearest first. */
  onBehalfOf: z.array(party).optional(),
})

const target = z.object({ id: z.string(), name: z.string().optional(), type: z.string() })

const geo = z.object({
  asn: z.number().optional(),
  city: z.string().optional(),
  colo: z.string().optional(),
  country: z.string().optional(),
  latitude: z.string().optional(),
  longitude: z.string().optional(),
  postalCode: z.string().optional(),
  region: z.string().optional(),
  timezone: z.string().optional(),
})

const request = z.object({
  geo: geo.optional(),
  host: z.string().optional(),
  id: z.string(),
  ip: z.string().optional(),
  /** Where `ip` was read: `cloudflare`, `vercel`, `socket`, `x-forwarded-for` … */
  ipFrom: z.string().optional(),
  method: z.string().optional(),
  path: z.string().optional(),
  referrer: z.string().optional(),
  /** The route's pattern, `/invoices/:id`. */
  route: z.string().optional(),
  scheme: z.string().optional(),
  spanId: z.string().optional(),
  traceId: z.string().optional(),
  userAgent: z.string().optional(),
})

const fault = z.object({
  causes: z.array(z.object({ message: z.string(), type: z.string() })).optional(),
  message: z.string(),
  stack: z.string().optional(),
  type: z.string(),
})

/**
 * One audit event, as it is stored in `record`. `z.infer` of it is {@link AuditEvent}; the JSON
 * Schema beside it is made from it.
 * @example
 * import { eventSchema } from 'edge-audit/schema'
 * const event = eventSchema.parse(JSON.parse('{"v":1}'))
 */
export const eventSchema = z.object({
  action: z.string().min(1).max(100),
  actor,
  changes: z.record(z.string(), z.unknown()).optional(),
  data: z.record(z.string(), z.unknown()).optional(),
  error: fault.optional(),
  id: z.uuidv7(),
  kind: z.enum([
    'request',
    'auth',
    'process',
    'change',
    'access',
    'export',
    'system',
    'security',
    'custom',
  ]),
  metadata: z.record(z.string(), z.unknown()).optional(),
  /** Milliseconds since 1970-01-01 UTC, by the app's clock. */
  occurredAt: z.int().nonnegative(),
  outcome: z.enum(['success', 'failure', 'denied', 'unknown']),
  reason: z.string().optional(),
  request: request.optional(),
  targets: z.array(target),
  tenant: z.string().nullable(),
  /** Paths of the values that were cut, such as `data.body.note`. */
  truncated: z.array(z.string()).optional(),
  v: z.literal(1),
})

/** The JSON Schema (2020-12) of a stored event. */
export const eventJsonSchema: Record<string, unknown> = {
  ...z.toJSONSchema(eventSchema, { io: 'input' }),
  $id: 'https://edge-audit.dev/schema/event-1.json',
  title: 'edge-audit event',
}

export type AuditEvent = z.infer<typeof eventSchema>
export type Actor = z.infer<typeof actor>
export type Target = z.infer<typeof target>
export type Geo = z.infer<typeof geo>
export type RequestFacts = z.infer<typeof request>
export type Fault = z.infer<typeof fault>
export type Kind = AuditEvent['kind']
export type Outcome = AuditEvent['outcome']
