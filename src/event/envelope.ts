import { type Clean, type Cleaner, createCleaner, type Cut } from './clean.ts'
import { countLimits, fieldLimits } from './limits.ts'
import type { Indexed } from './row.ts'
import type { Actor, Fault, RequestFacts, Target } from './schema.ts'
import type { Secrets } from './secrets.ts'

// The fixed fields as canonical JSON. What is written is also what the columns are derived from, so
// both are made of the same clean texts.

/** The members of an object in the order in which they are written, each with its cleaner. */
type Fields = readonly (readonly [name: string, clean: Cleaner])[]

export interface Written<Value> {
  readonly value: Value
  readonly json: string
}

/** The clean texts of an object, and their JSON. */
type Texts = { [name: string]: string | undefined }

export interface EnvelopeWriter {
  action(text: string, cuts: Cut[]): Clean
  tenant(text: string, cuts: Cut[]): Clean
  reason(text: string, cuts: Cut[]): Clean
  actor(actor: Actor, cuts: Cut[]): Written<Indexed['actor']>
  targets(targets: readonly Target[], cuts: Cut[]): Written<Indexed['targets']>
  request(request: RequestFacts, cuts: Cut[]): Written<NonNullable<Indexed['request']>>
  fault(fault: Fault, cuts: Cut[]): string
}

/** At most so many of a list; the rest is cut, and noted. */
const most = <Item>(
  items: readonly Item[],
  field: string,
  limit: number,
  cuts: Cut[],
): readonly Item[] => {
  if (items.length <= limit) return items
  cuts.push({ field, limit, length: items.length })
  return items.slice(0, limit)
}

/**
 * Writes the members that there are, with a comma before each. `insert` is JSON that stands before
 * the member of that name, already in order.
 */
const members = (
  fields: Fields,
  from: { readonly [name: string]: unknown },
  cuts: Cut[],
  texts: Texts,
  insert = '',
  before = '',
): string => {
  let json = ''
  for (const [name, clean] of fields) {
    if (name === before) json += insert
    const text = from[name]
    if (typeof text !== 'string') continue
    const made = clean(text, cuts)
    texts[name] = made.text
    json += `,"${name}":${made.json}`
  }
  return json
}

const braced = (json: string): string => `{${json.slice(1)}}`

/**
 * The events of one scope share their actor and request: what was written last is not written again.
 * `keyOf` gives what must be the same object for that; what was cut is told each time.
 */
const again = <Value, Made>(
  write: (value: Value, cuts: Cut[]) => Made,
  keyOf: (value: Value) => unknown,
): ((value: Value, cuts: Cut[]) => Made) => {
  let last: unknown
  let made: Made | undefined
  return (value, cuts) => {
    const key = keyOf(value)
    if (made !== undefined && key !== undefined && key === last) return made
    const before = cuts.length
    const written = write(value, cuts)
    made = cuts.length === before ? written : undefined
    last = key
    return written
  }
}

const none: readonly Target[] = []

/** One object for equal lists of one target, or of none. */
const sameTarget = (): ((targets: readonly Target[]) => unknown) => {
  let last: Target | undefined
  return (targets) => {
    if (targets.length === 0) return none
    const [one] = targets
    if (targets.length > 1 || one === undefined) return undefined
    const { id, name, type } = one
    if (last?.id !== id || last.type !== type || last.name !== name) last = { id, name, type }
    return last
  }
}

/** Fields that say something new each time; of the others each text is cleaned once. */
const FRESH = /^(?:targets\.id|error|reason|request\.(?:id|path|spanId|traceId))/

/** Most characters of all targets together; their ids and names may be long. */
const TARGETS = 4_096

export const createEnvelopeWriter = (secrets: Secrets, stackLimit: number): EnvelopeWriter => {
  const cleaner = (field: string, limit: number): Cleaner =>
    createCleaner(secrets, field, limit, FRESH.test(field))
  const all = (
    prefix: string,
    names: string,
    limits: { readonly [name: string]: number } = fieldLimits,
  ): Fields =>
    names
      .split(' ')
      .map((name) => [name, cleaner(`${prefix}.${name}`, limits[name] ?? fieldLimits.name)])

  const party: Fields = [
    ...all('actor', 'id name role'),
    // One of four words, and a column: no rule may mask it.
    ['type', (text) => ({ text, json: `"${text}"`, cut: false })],
    ...all('actor', 'via'),
  ]
  const writeParty = (actor: Actor, behalf: string, cuts: Cut[], texts: Texts): string =>
    braced(members(party, actor, cuts, texts, behalf, 'role'))

  const target = all('targets', 'id name type')
  const place = all(
    'request.geo',
    'city colo country latitude longitude postalCode region timezone',
    {},
  )
  const facts = all(
    'request',
    'host id ip ipFrom method path referrer route scheme spanId traceId userAgent',
    { ...fieldLimits, id: fieldLimits.requestId },
  )
  const cause = all('error.causes', 'message type', { message: fieldLimits.cause })
  const fault = all('error', 'message stack type', {
    message: fieldLimits.message,
    stack: stackLimit,
  })

  const writeActor = (actor: Actor, cuts: Cut[]): Written<Indexed['actor']> => {
    const { onBehalfOf, type } = actor
    const texts: Texts = {}
    if (onBehalfOf === undefined) {
      const json = writeParty(actor, '', cuts, texts)
      return { value: { id: texts['id'] ?? '', type }, json }
    }
    const others = most(onBehalfOf, 'actor.onBehalfOf', countLimits.onBehalfOf, cuts)
    const behalf = others.map((other) => writeParty(other, '', cuts, {})).join(',')
    const json = writeParty(actor, behalf === '' ? '' : `,"onBehalfOf":[${behalf}]`, cuts, texts)
    return { value: { id: texts['id'] ?? '', type }, json }
  }

  const writeTargets = (targets: readonly Target[], cuts: Cut[]): Written<Indexed['targets']> => {
    const value: { id: string; type: string }[] = []
    let json = ''
    for (const one of most(targets, 'targets', countLimits.targets, cuts)) {
      const texts: Texts = {}
      const written = braced(members(target, one, cuts, texts))
      if (json.length + written.length > TARGETS) {
        cuts.push({ field: 'targets', limit: TARGETS, length: targets.length })
        break
      }
      json += `,${written}`
      value.push({ id: texts['id'] ?? '', type: texts['type'] ?? '' })
    }
    return { value, json: `[${json.slice(1)}]` }
  }

  const writeRequest = (
    request: RequestFacts,
    cuts: Cut[],
  ): Written<NonNullable<Indexed['request']>> => {
    const texts: Texts = {}
    const { geo } = request
    const asn = geo?.asn === undefined || !Number.isFinite(geo.asn) ? '' : `,"asn":${geo.asn}`
    const where = geo === undefined ? '' : `,"geo":${braced(asn + members(place, geo, cuts, {}))}`
    const json = braced(where + members(facts, request, cuts, texts))
    const { id = '', ip, method, route } = texts
    return { value: { id, ip, method, route }, json }
  }

  return {
    action: cleaner('action', fieldLimits.action),
    tenant: cleaner('tenant', fieldLimits.tenant),
    reason: cleaner('reason', fieldLimits.reason),
    actor: again(writeActor, (actor) => actor),
    // The events of a process are about one thing, which is named anew each time.
    targets: again(writeTargets, sameTarget()),
    request: again(writeRequest, (request) => request),
    fault: (error, cuts) => {
      const causes = error.causes
        ?.slice(0, countLimits.causes)
        .map((one) => braced(members(cause, one, cuts, {})))
      const chain = causes === undefined ? '' : `,"causes":[${causes.join(',')}]`
      return braced(chain + members(fault, error, cuts, {}))
    },
  }
}
