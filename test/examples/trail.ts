import { sign } from 'hono/jwt'
import type { AuditEvent } from '../../src/event/schema.ts'
import { page, type StoredEvent } from '../../src/read/page.ts'
import type { AuditStore } from '../../src/ports/store.ts'

export const secret = 'a secret of the tests, not of anybody'

/** A refund by a known user, and one by nobody. */
export const refundRequests = async (): Promise<readonly RequestInit[]> => {
  const token = await sign({ sub: 'ada', name: 'Ada Lindqvist' }, secret)
  const authorizations = [{ authorization: `Bearer ${token}` }, {}]
  return authorizations.map((authorization) => ({
    method: 'POST',
    headers: { 'content-type': 'application/json', ...authorization },
    body: JSON.stringify({ reason: 'paid twice' }),
  }))
}

export const refundPath = '/invoices/7/refund'

/** Sends both to an example, one after the other, and gives the two status codes. */
export const refunds = async (address: string): Promise<readonly number[]> => {
  const statuses: number[] = []
  for (const request of await refundRequests()) {
    const response = await fetch(address + refundPath, request)
    await response.text()
    statuses.push(response.status)
  }
  return statuses
}

/** What the two leave behind, as `trailOf` tells it. */
export const expectedTrail = [
  { action: 'http.post', kind: 'request', outcome: 'denied', actor: 'anonymous', status: 401 },
  { action: 'http.post', kind: 'request', outcome: 'success', actor: 'ada', status: 200 },
  {
    action: 'invoice.refund',
    kind: 'change',
    outcome: 'success',
    actor: 'ada',
    target: '7',
    reason: 'paid twice',
  },
]

/** What the trails of all examples have in common, by action and outcome. */
export const trailOf = (events: readonly AuditEvent[]): readonly object[] =>
  events
    .toSorted((one, other) => (sortKey(one) < sortKey(other) ? -1 : 1))
    .map(({ action, kind, outcome, actor, targets, reason, data }) => ({
      action,
      kind,
      outcome,
      actor: actor.id,
      target: targets[0]?.id,
      reason,
      status: data?.['status'],
    }))

const sortKey = ({ action, outcome }: AuditEvent): string => `${action} ${outcome}`

/** How the runs of `keep` came out, oldest first. */
export const runsOf = async (store: AuditStore): Promise<readonly unknown[]> =>
  (await eventsOf(store))
    .filter(({ action }) => action === 'audit.keep')
    .map(({ data, outcome }) => data?.['state'] ?? outcome)

/** All events of a store, oldest first. */
export const eventsOf = async (store: AuditStore): Promise<readonly StoredEvent[]> =>
  (await page({ store: () => store }, { order: 'oldest', limit: 1_000 })).events
