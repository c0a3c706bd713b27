import { describe, expect, it } from 'vitest'
import { redeliver } from '../../src/deliver/redeliver.ts'
import { memory } from '../../adapters/store/memory.ts'
import type { AuditStore } from '../../src/ports/store.ts'
import { eventsOf, trail } from '../support/app.ts'
import { type Fault, faultyStore, memoryLetters } from '../support/faulty.ts'

const LETTERS = 7

/** Letters in several bundles, one of them refused, and every call of both backends numbered through. */
const outage = async (faultAt: (call: number) => Fault | undefined) => {
  let armed = false
  let calls = 0
  const next = (): Fault | undefined => (armed ? faultAt(calls++) : undefined)
  const letters = memoryLetters(next)
  const stored: AuditStore = memory()
  const refused = new Set<string>()
  const store = faultyStore(stored, (_, ids) =>
    !armed || ids.some((id) => refused.has(id)) ? { when: 'before', how: 'refused' } : next(),
  )
  const { audit } = trail({ store, deadLetter: letters, batch: { events: 3 }, deadline: 40 })
  const ids: string[] = []
  for (let count = 0; count < LETTERS; count += 1) {
    ids.push(audit.record({ action: 'a.read' }))
    await audit.flush()
  }
  refused.add(ids[2] ?? '')
  return {
    ids,
    letters,
    refused,
    calls: () => calls,
    run: async () => {
      armed = true
      return redeliver(audit, letters, { portion: 3, deadline: 40 })
    },
    stored: async () => (await eventsOf(stored)).map(({ id }) => id),
  }
}

const whole = await outage(() => undefined)
await whole.run()
const steps = whole.calls()

describe.each(['before', 'after'] as const)(
  'a redelivery that is cut off %s a call took effect',
  (when) => {
    it.each(
      Array.from({ length: steps }, (_, step) => step).flatMap((step) =>
        (['retriable', 'foreign', 'hang'] as const).map((how) => ({ step, how })),
      ),
    )('loses no letter and stores none twice: call $step, $how', async ({ step, how }) => {
      // Only the store's calls have a deadline: a backend that hangs is cut off with the process.
      const made = await outage((call) => (call === step ? { when, how } : undefined))
      const first = made.run()
      await Promise.race([
        first.catch(() => undefined),
        new Promise((resolve) => setTimeout(resolve, 60)),
      ])

      const between = new Set([...(await made.stored()), ...made.letters.ids()])
      expect([...between].toSorted()).toEqual(made.ids)

      made.refused.clear()
      await made.run()
      expect(await made.stored()).toEqual(made.ids)
      expect(made.letters.ids()).toEqual([])
    })
  },
)

describe('two redeliveries at once', () => {
  it('lose no letter and store none twice', async () => {
    const made = await outage(() => undefined)
    made.refused.clear()
    await Promise.all([made.run(), made.run(), made.run()])
    expect(await made.stored()).toEqual(made.ids)
    expect(made.letters.ids()).toEqual([])
  })
})
