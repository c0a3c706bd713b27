import { tenantsIn } from '../../../src/event/bounds.ts'
import type { Ledger } from '../../../src/ports/ledger.ts'
import type { EventSelection } from '../../../src/ports/store.ts'

/** Whether some events of the time and the tenants of a question lie in the archive. */
export const isArchived = async (
  ledger: Pick<Ledger, 'entries'>,
  { from, to, ...query }: EventSelection,
): Promise<boolean> => {
  const asked = { from, to, tenants: tenantsIn(query), state: 'kept', limit: 1 } as const
  return (await ledger.entries(asked)).length > 0
}
