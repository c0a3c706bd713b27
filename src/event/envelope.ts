import { type Clean, type Cleaner, createCachingCleaner, createCleaner, type Cut } from './clean.ts'
import { countLimits, fieldLimits } from './limits.ts'
import type { Indexed } from './row.ts'
import type { Actor, Fault, Geo, RequestFacts, Target } from './schema.ts'
import type { Secrets } from './secrets.ts'

// The fixed fields as canonical JSON, keys in order. What is written is also what the columns are
// derived from, so both are made of the same clean texts.

/** Undefined values are left out, as JSON does. */
const member = (name: string, clean: Clean | undefined): string =>
  clean === undefined ? '' : `,"${name}":${clean.json}`

/** Opens an object whose first member may be missing. */
const braced = (members: string): string => (members === '' ? '{}' : `{${members.slice(1)}}`)

export interface Written<Value> {
  readonly value: Value
  readonly json: string
}

export interface EnvelopeWriter {
  action(text: string, cuts: Cut[]): Clean
  tenant(text: string, cuts: Cut[]): Clean
  reason(text: string, cuts: Cut[]): Clean
  actor(actor: Actor, cuts: Cut[]): Written<Indexed['actor']>
  targets(targets: readonly Target[], cuts: Cut[]): Written<Indexed['targets']>
  request(request: RequestFacts, cuts: Cut[]): Written<NonNullable<Indexed['request']>>
  fault(fault: Fault, cuts: Cut[]): string
}

const NO_TARGETS: Written<Indexed['targets']> = { value: [], json: '[]' }

export const createEnvelopeWriter = (secrets: Secrets, stackLimit: number): EnvelopeWriter => {
  const fresh = (field: string, limit: number): Cleaner => createCleaner(secrets, field, limit)
  const cleaner = (field: string, limit: number): Cleaner => createCachingCleaner(secrets, field, limit)
  const maybe =
    (clean: Cleaner) =>
    (text: string | undefined, cuts: Cut[]): Clean | undefined =>
      text === undefined ? undefined : clean(text, cuts)

  const actorId = cleaner('actor.id', fieldLimits.id)
  const actorName = maybe(cleaner('actor.name', fieldLimits.name))
  const role = maybe(cleaner('actor.role', fieldLimits.role))
  const via = maybe(cleaner('actor.via', fieldLimits.via))

  const party = (actor: Actor, onBehalfOf: string, cuts: Cut[]): Written<Indexed['actor']> => {
    const id = actorId(actor.id, cuts)
    return {
      value: { id: id.text, type: actor.type },
      json: `{"id":${id.json}${member('name', actorName(actor.name, cuts))}${onBehalfOf}${member(
        'role',
        role(actor.role, cuts),
      )},"type":"${actor.type}"${member('via', via(actor.via, cuts))}}`,
    }
  }

  const actor: EnvelopeWriter['actor'] = (one, cuts) => {
    const { onBehalfOf = [] } = one
    if (onBehalfOf.length === 0) return party(one, '', cuts)
    const { onBehalfOf: most } = countLimits
    if (onBehalfOf.length > most) {
      cuts.push({ field: 'actor.onBehalfOf', limit: most, length: onBehalfOf.length })
    }
    const parties = onBehalfOf.slice(0, most).map((other) => party(other, '', cuts).json)
    return party(one, `,"onBehalfOf":[${parties.join(',')}]`, cuts)
  }

  const targetId = fresh('targets.id', fieldLimits.id)
  const targetName = maybe(fresh('targets.name', fieldLimits.name))
  const targetType = cleaner('targets.type', fieldLimits.type)

  const targets: EnvelopeWriter['targets'] = (all, cuts) => {
    if (all.length === 0) return NO_TARGETS
    const { targets: most } = countLimits
    if (all.length > most) cuts.push({ field: 'targets', limit: most, length: all.length })
    const kept = all.slice(0, most).map((target) => {
      const id = targetId(target.id, cuts)
      const type = targetType(target.type, cuts)
      const name = member('name', targetName(target.name, cuts))
      return { value: { id: id.text, type: type.text }, json: `{"id":${id.json}${name},"type":${type.json}}` }
    })
    return {
      value: kept.map(({ value }) => value),
      json: `[${kept.map(({ json }) => json).join(',')}]`,
    }
  }

  const place = maybe(cleaner('request.geo', fieldLimits.city))
  const geo = (where: Geo | undefined, cuts: Cut[]): string => {
    if (where === undefined) return ''
    const asn = where.asn === undefined || !Number.isFinite(where.asn) ? '' : `,"asn":${where.asn}`
    return `,"geo":${braced(
      `${asn}${member('city', place(where.city, cuts))}${member('colo', place(where.colo, cuts))}${member(
        'country',
        place(where.country, cuts),
      )}${member('latitude', place(where.latitude, cuts))}${member(
        'longitude',
        place(where.longitude, cuts),
      )}${member('postalCode', place(where.postalCode, cuts))}${member(
        'region',
        place(where.region, cuts),
      )}${member('timezone', place(where.timezone, cuts))}`,
    )}`
  }

  const requestId = fresh('request.id', fieldLimits.requestId)
  const host = maybe(cleaner('request.host', fieldLimits.host))
  const ip = maybe(cleaner('request.ip', fieldLimits.ip))
  const ipFrom = maybe(cleaner('request.ipFrom', fieldLimits.ip))
  const method = maybe(cleaner('request.method', fieldLimits.method))
  const path = maybe(fresh('request.path', fieldLimits.path))
  const referrer = maybe(cleaner('request.referrer', fieldLimits.referrer))
  const route = maybe(cleaner('request.route', fieldLimits.route))
  const scheme = maybe(cleaner('request.scheme', fieldLimits.scheme))
  const trace = maybe(fresh('request.traceId', fieldLimits.scheme * 4))
  const userAgent = maybe(cleaner('request.userAgent', fieldLimits.userAgent))

  const request: EnvelopeWriter['request'] = (facts, cuts) => {
    const id = requestId(facts.id, cuts)
    // An explicit event only points at its request.
    if (facts.method === undefined) return { value: { id: id.text }, json: `{"id":${id.json}}` }
    const address = ip(facts.ip, cuts)
    const verb = method(facts.method, cuts)
    const pattern = route(facts.route, cuts)
    return {
      value: { id: id.text, ip: address?.text, method: verb?.text, route: pattern?.text },
      json: braced(
        `${geo(facts.geo, cuts)}${member('host', host(facts.host, cuts))},"id":${id.json}${member(
          'ip',
          address,
        )}${member('ipFrom', ipFrom(facts.ipFrom, cuts))}${member('method', verb)}${member(
          'path',
          path(facts.path, cuts),
        )}${member('referrer', referrer(facts.referrer, cuts))}${member('route', pattern)}${member(
          'scheme',
          scheme(facts.scheme, cuts),
        )}${member('spanId', trace(facts.spanId, cuts))}${member(
          'traceId',
          trace(facts.traceId, cuts),
        )}${member('userAgent', userAgent(facts.userAgent, cuts))}`,
      ),
    }
  }

  const faultType = cleaner('error.type', fieldLimits.name)
  const message = fresh('error.message', fieldLimits.message)
  const cause = fresh('error.causes', fieldLimits.cause)
  const stack = maybe(fresh('error.stack', stackLimit))

  const fault: EnvelopeWriter['fault'] = (error, cuts) => {
    const causes = error.causes
      ?.slice(0, countLimits.causes)
      .map((one) => `{"message":${cause(one.message, cuts).json},"type":${faultType(one.type, cuts).json}}`)
    return braced(
      `${causes === undefined ? '' : `,"causes":[${causes.join(',')}]`},"message":${
        message(error.message, cuts).json
      }${member('stack', stack(error.stack, cuts))},"type":${faultType(error.type, cuts).json}`,
    )
  }

  return {
    action: cleaner('action', fieldLimits.action),
    tenant: cleaner('tenant', fieldLimits.tenant),
    reason: fresh('reason', fieldLimits.reason),
    actor,
    targets,
    request,
    fault,
  }
}
