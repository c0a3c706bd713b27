import type { Kind } from './schema.ts'

/** What an event can be about. */
export const KINDS: readonly Kind[] = [
  'request',
  'auth',
  'process',
  'change',
  'access',
  'export',
  'system',
  'security',
  'custom',
]
