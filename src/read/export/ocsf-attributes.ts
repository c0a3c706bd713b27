import { normaliseAddress } from '../../event/address.ts'
import { type Facts, type Person, some } from './facts.ts'
import { hostOf } from './network.ts'
import {
  ACCOUNT_CHANGE,
  APPLICATION_ERROR,
  APPLICATION_LIFECYCLE,
  AUTHENTICATION,
  type ClassOf,
  DETECTION_FINDING,
} from './ocsf-classes.ts'

// OCSF 1.6.0, https://schema.ocsf.io/1.6.0: the attributes of its classes and the objects in them.

const severities: Readonly<Record<string, readonly [id: number, name: string]>> = {
  low: [2, 'Low'],
  medium: [3, 'Medium'],
  high: [4, 'High'],
  critical: [5, 'Critical'],
}

export const severityOf = ({ data }: Facts): readonly [id: number, name: string] => {
  const said = data('severity') ?? ''
  const known = Object.hasOwn(severities, said) ? severities[said] : undefined
  return known ?? [1, 'Informational']
}

const userTypes: Readonly<Record<string, readonly [id: number, name: string]>> = {
  user: [1, 'User'],
  system: [3, 'System'],
  service: [4, 'Service'],
}

const userOf = ({ type, id, name }: Partial<Person>): Readonly<Record<string, unknown>> => {
  const known = type !== undefined && Object.hasOwn(userTypes, type) ? userTypes[type] : undefined
  const [typeId, typeName] = known ?? (type === undefined ? [0, 'Unknown'] : [99, type])
  const who = some({ uid: id, name }) ?? { name: 'unknown' }
  return { ...who, type_id: typeId, type: typeName }
}

/** A finding has states of its own, and is new when it is told. */
export const statusOf = ({ outcome }: Facts, uid: number): Readonly<Record<string, unknown>> => {
  if (uid === DETECTION_FINDING) return { status_id: 1, status: 'New' }
  if (outcome === 'success') return { status_id: 1, status: 'Success' }
  if (outcome === 'unknown') return { status_id: 0, status: 'Unknown' }
  return { status_id: 2, status: 'Failure' }
}

const endpointOf = (facts: Facts, service: string): Readonly<Record<string, unknown>> => {
  const { request } = facts
  const written = request('ip')
  const ip = normaliseAddress(written)
  if (ip !== undefined) return { ip }
  if (written !== undefined) return { name: written }
  // What no request asked for was asked for by the app itself.
  return request('method') === undefined ? { svc_name: service } : { name: 'unknown' }
}

const httpOf = ({ request }: Facts): Readonly<Record<string, unknown>> | undefined => {
  const { name: hostname, port } = hostOf(request('host'))
  const path = request('path')
  const method = request('method')
  return some({
    http_method: method !== undefined && methods.has(method) ? method : undefined,
    referrer: request('referrer'),
    user_agent: request('userAgent'),
    uid: request('id'),
    url: path === undefined ? undefined : some({ hostname, path, port, scheme: request('scheme') }),
  })
}

const methods: ReadonlySet<string> = new Set([
  'CONNECT',
  'DELETE',
  'GET',
  'HEAD',
  'OPTIONS',
  'PATCH',
  'POST',
  'PUT',
  'TRACE',
])

const resourcesOf = ({ targets }: Facts): readonly unknown[] | undefined => {
  const resources = targets.flatMap(({ type, id, name }) =>
    id === undefined && name === undefined ? [] : [some({ type, uid: id, name })],
  )
  return resources.length === 0 ? undefined : resources
}

const protocols: Readonly<Record<string, readonly [id: number, name: string]>> = {
  oauth: [6, 'OAUTH 2.0'],
  oidc: [4, 'OpenID'],
  openid: [4, 'OpenID'],
  saml: [5, 'SAML'],
  basic: [11, 'Basic Authentication'],
}

const protocolOf = (method: string | undefined): Readonly<Record<string, unknown>> => {
  if (method === undefined) return {}
  const known = Object.hasOwn(protocols, method) ? protocols[method] : undefined
  const [id, name] = known ?? [99, method]
  return { auth_protocol_id: id, auth_protocol: name }
}

/** Whose account it is: the one that was aimed at, else the one that was tried, else the actor's. */
const accountOf = ({ targets, actor, data }: Facts): Readonly<Record<string, unknown>> => {
  const [target] = targets
  if (target !== undefined) return userOf({ ...target, type: 'user' })
  const name = data('name')
  return actor.type === 'anonymous' && name !== undefined ? userOf({ name }) : userOf(actor)
}

const operationOf = ({ kind, action, request }: Facts): string => {
  const route = request('route')
  return kind !== 'request' || route === undefined ? action : `${request('method')} ${route}`
}

const apiOf = (facts: Facts, service: string): unknown => {
  const { error, request, status } = facts
  const id = request('id')
  return some({
    operation: operationOf(facts),
    request: id === undefined ? undefined : { uid: id },
    response: some({ code: status, error: error.type, error_message: error.message }),
    service: { name: service },
  })
}

const findingOf = ({ action, data, id }: Facts): unknown => {
  const rule = data('rule')
  return some({
    uid: id,
    title: data('title') ?? action,
    desc: data('description'),
    types: [action],
    analytic: rule === undefined ? undefined : { name: rule, uid: rule, type_id: 1, type: 'Rule' },
  })
}

const switched = { account_switch_type_id: 2, account_switch_type: 'Impersonate' }

/** What the class wants besides what all have. */
export const ownOf = (
  facts: Facts,
  { uid }: ClassOf,
  service: string,
): Readonly<Record<string, unknown>> => {
  const { action, data, outcome, status } = facts
  const src_endpoint = endpointOf(facts, service)
  const actor = { user: userOf(facts.actor) }
  const http_request = httpOf(facts)
  const http_response = status === undefined ? undefined : { code: status }
  const app = { name: service, vendor_name: service }
  switch (uid) {
    case AUTHENTICATION: {
      const session = data('sessionHash')
      return {
        actor,
        src_endpoint,
        http_request,
        http_response,
        user: accountOf(facts),
        ...protocolOf(data('method')),
        service: { name: service },
        session: session === undefined ? undefined : { uid: session },
        ...(action === 'impersonation.start' && switched),
      }
    }
    case ACCOUNT_CHANGE:
      return { actor, src_endpoint, http_request, http_response, user: accountOf(facts) }
    case DETECTION_FINDING:
      return {
        finding_info: findingOf(facts),
        evidences: [{ actor, api: apiOf(facts, service), src_endpoint }],
        resources: resourcesOf(facts),
        is_alert: outcome !== 'success',
      }
    case APPLICATION_LIFECYCLE:
      return { actor, app }
    case APPLICATION_ERROR:
      return { actor }
    default: {
      const api = apiOf(facts, service)
      return {
        actor,
        api,
        src_endpoint,
        resources: resourcesOf(facts),
        http_request,
        http_response,
      }
    }
  }
}

/**
 * Which profiles apply. `host` is the one that lets these two classes name an actor; by
 * `security_control` an event says that something was denied.
 */
export const profilesOf = ({ outcome }: Facts, { uid }: ClassOf): readonly string[] | undefined => {
  const names = uid === APPLICATION_LIFECYCLE || uid === APPLICATION_ERROR ? ['host'] : []
  if (outcome === 'denied') names.push('security_control')
  return names.length === 0 ? undefined : names
}
