import type { Position } from '../../ports/store.ts'
import type { Due } from '../policy/due.ts'
import { heldNow, type Run, unheld } from './run.ts'

/** Deletes live events that a policy lets go. What is about to happen is recorded before it does. */
export const deleteDue = async (run: Run, due: Due): Promise<void> => {
  const { store, remover, holder, budget, kept, done, tell } = run
  let after: Position | undefined
  let told = false
  while (await budget.goOn()) {
    const held = await heldNow(run)
    const where = unheld(due.where, held)
    const limit = Math.min(remover.size(), budget.rows())
    const page = await store.page({ where, to: due.to, order: 'oldest', after, limit })
    const ids = page.rows.filter((row) => !held.skips(row)).map(({ id }) => id)
    if (ids.length > 0 && !told) {
      await tell({ action: 'audit.delete', data: { phase: 'started', before: due.to } })
      told = true
    }
    const stayed = await remover.remove(ids, () => ({ holder }))
    for (const id of stayed) kept.add(id)
    done.deleted += ids.length - stayed.length
    budget.spend(ids.length - stayed.length)
    if (page.next === null) return
    after = page.next
  }
}
