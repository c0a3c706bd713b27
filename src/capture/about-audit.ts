import type { EventInput } from '../input.ts'
import { system } from './actor.ts'

/** What every event of auditing itself is about. */
export const settingsTarget = { type: 'audit', id: 'settings' }

/** An event of auditing itself. */
export const aboutAudit = (
  action: string,
  more: Partial<Omit<EventInput, 'action' | 'kind' | 'target'>> = {},
): EventInput => ({
  actor: system,
  tenant: null,
  ...more,
  kind: 'system',
  action,
  target: settingsTarget,
})
