import { dataOf } from '../../event/data.ts'
import { digestOf } from '../archive/manifest.ts'
import type { Run } from './run.ts'

const ACTION = 'audit.policy'

/**
 * Records the policies of the first run, and of each that has others than the one before it: what was
 * kept how long, and since when, is a question that auditors ask.
 */
export const tellPolicies = async ({
  store,
  policies,
  tell,
}: Pick<Run, 'store' | 'policies' | 'tell'>): Promise<void> => {
  const digest = digestOf(JSON.stringify(policies))
  const asked = { tenant: null, kind: 'system', action: ACTION, limit: 1 } as const
  const [last] = (await store.page(asked)).rows
  const before = last === undefined ? undefined : dataOf(last.record)
  if (before?.['digest'] === digest) return
  await tell({
    action: ACTION,
    data: { digest, policies },
    ...(before !== undefined && {
      changes: { policies: { old: before['policies'], new: policies } },
    }),
  })
}
