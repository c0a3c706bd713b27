import type { Facts } from './facts.ts'

// OCSF 1.6.0, https://schema.ocsf.io/1.6.0: classes, and activities by their numbers.

export interface Activity {
  readonly id: number
  readonly name: string
}

export interface ClassOf {
  readonly uid: number
  readonly name: string
  readonly category: Activity
  readonly activity: Activity
}

const application: Activity = { id: 6, name: 'Application Activity' }
const identity: Activity = { id: 3, name: 'Identity & Access Management' }
const findings: Activity = { id: 2, name: 'Findings' }

const create: Activity = { id: 1, name: 'Create' }
const read: Activity = { id: 2, name: 'Read' }
const update: Activity = { id: 3, name: 'Update' }
const remove: Activity = { id: 4, name: 'Delete' }

// By the last part of an action, and by the method of a request. What is not here is `Other` (99),
// under its own name.
const byVerb: Readonly<Record<string, Activity>> = {
  add: create,
  create,
  insert: create,
  delete: remove,
  destroy: remove,
  remove,
  edit: update,
  update,
  get: read,
  list: read,
  read,
  search: read,
  view: read,
}
const byMethod: Readonly<Record<string, Activity>> = {
  GET: read,
  HEAD: read,
  PUT: update,
  PATCH: update,
  DELETE: remove,
}
const authentication: Readonly<Record<string, Activity>> = {
  login: { id: 1, name: 'Logon' },
  logout: { id: 2, name: 'Logoff' },
  'impersonation.start': { id: 7, name: 'Account Switch' },
}
const account: Readonly<Record<string, Activity>> = {
  signup: create,
  'password.change': { id: 3, name: 'Password Change' },
  'password.reset': { id: 4, name: 'Password Reset' },
}
const lifecycle: Readonly<Record<string, Activity>> = {
  start: { id: 3, name: 'Start' },
  stop: { id: 4, name: 'Stop' },
  configure: { id: 8, name: 'Update' },
}
const faults: Readonly<Record<string, Activity>> = {
  'system.error': { id: 1, name: 'General Error' },
}
const isFault = /^system\.(?:error|warning|performance|security)$/

const named = (
  activities: Readonly<Record<string, Activity>>,
  name: string,
  otherwise: string,
): Activity => {
  const known = Object.hasOwn(activities, name) ? activities[name] : undefined
  return known ?? { id: 99, name: otherwise }
}

export const AUTHENTICATION = 3002
export const ACCOUNT_CHANGE = 3001
export const DETECTION_FINDING = 2004
export const APPLICATION_LIFECYCLE = 6002
export const API_ACTIVITY = 6003
export const APPLICATION_ERROR = 6008

/** What kind of thing OCSF takes an event for. */
export const classOf = ({ kind, action, request }: Facts): ClassOf => {
  const verb = action.slice(action.lastIndexOf('.') + 1)
  if (kind === 'auth') {
    if (Object.hasOwn(account, action)) {
      const activity = named(account, action, action)
      return { uid: ACCOUNT_CHANGE, name: 'Account Change', category: identity, activity }
    }
    const activity = named(authentication, action, action)
    return { uid: AUTHENTICATION, name: 'Authentication', category: identity, activity }
  }
  if (kind === 'security') {
    return {
      uid: DETECTION_FINDING,
      name: 'Detection Finding',
      category: findings,
      activity: create,
    }
  }
  if (kind === 'system') {
    if (isFault.test(action)) {
      const activity = named(faults, action, action)
      return { uid: APPLICATION_ERROR, name: 'Application Error', category: application, activity }
    }
    const activity = named(lifecycle, verb, action)
    const name = 'Application Lifecycle'
    return { uid: APPLICATION_LIFECYCLE, name, category: application, activity }
  }
  const activity =
    kind === 'request'
      ? named(byMethod, request('method') ?? '', action)
      : named(byVerb, verb, action)
  return { uid: API_ACTIVITY, name: 'API Activity', category: application, activity }
}
