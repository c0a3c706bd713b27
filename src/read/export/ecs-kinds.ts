import type { Facts } from './facts.ts'

// ECS 8.17: values of event.kind, event.category and event.type, and which types go with a category.

interface Kinds {
  readonly kind: 'event' | 'alert'
  readonly category?: readonly string[]
  readonly type: readonly string[]
}

const verbs: Readonly<Record<string, string>> = {
  add: 'creation',
  create: 'creation',
  insert: 'creation',
  delete: 'deletion',
  destroy: 'deletion',
  remove: 'deletion',
  edit: 'change',
  update: 'change',
  get: 'access',
  list: 'access',
  read: 'access',
  search: 'access',
  view: 'access',
}

const auth: Readonly<Record<string, Kinds>> = {
  login: { kind: 'event', category: ['authentication', 'session'], type: ['start'] },
  logout: { kind: 'event', category: ['authentication', 'session'], type: ['end'] },
  signup: { kind: 'event', category: ['iam'], type: ['user', 'creation'] },
  'password.change': { kind: 'event', category: ['iam'], type: ['user', 'change'] },
  'password.reset': { kind: 'event', category: ['iam'], type: ['user', 'change'] },
}

const kindsOfApi = (type: string, outcome: Facts['outcome']): Kinds => ({
  kind: 'event',
  category: ['api'],
  type: outcome === 'denied' ? [type, 'denied'] : [type],
})

/** What ECS takes an event for. A business process and a fault of the system's are of no category it has. */
export const kindsOf = ({ kind, action, outcome, data }: Facts): Kinds => {
  switch (kind) {
    case 'request':
      return {
        kind: 'event',
        category: ['web'],
        type: outcome === 'failure' ? ['access', 'error'] : ['access'],
      }
    case 'auth': {
      const known = Object.hasOwn(auth, action) ? auth[action] : undefined
      return known ?? { kind: 'event', category: ['authentication'], type: ['info'] }
    }
    case 'security': {
      const type = outcome === 'denied' ? ['info', 'denied'] : ['info']
      return { kind: 'alert', category: ['intrusion_detection'], type }
    }
    case 'system':
      return { kind: 'event', type: [action === 'system.error' ? 'error' : 'info'] }
    case 'process': {
      const phase = data('phase')
      const type = phase === 'started' ? 'start' : phase === 'ended' ? 'end' : 'info'
      return { kind: 'event', type: [type] }
    }
    case 'access':
    case 'export':
      return kindsOfApi('access', outcome)
    default: {
      const verb = action.slice(action.lastIndexOf('.') + 1)
      const type = Object.hasOwn(verbs, verb) ? verbs[verb] : undefined
      return kindsOfApi(type ?? (kind === 'change' ? 'change' : 'info'), outcome)
    }
  }
}
