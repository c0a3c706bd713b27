import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import { memory } from '../../../adapters/store/memory.ts'
import { eventsOf, trail } from '../../support/app.ts'
import { faultyStore, inOrder, memoryLetters } from '../../support/faulty.ts'
import { gate, isSettled } from '../../support/gate.ts'

const closable = () => {
  const stored = memory()
  let closed = 0
  const late: number[] = []
  const store = {
    ...stored,
    append: async (...call: Parameters<typeof stored.append>) => {
      if (closed > 0) late.push(call[0].length)
      await stored.append(...call)
    },
    close: async () => {
      closed += 1
    },
  }
  return { store, late, closed: () => closed }
}

describe('flush', () => {
  it('resolves at once when there is nothing', async () => {
    expect(await isSettled(trail().audit.flush())).toBe(true)
  })

  it('resolves under steady traffic too: it waits for what came before, not for what comes', async () => {
    const { audit, store } = trail()
    let stop = false
    const { append } = store
    // Each write is followed by another event, so the line is never empty.
    Object.assign(store, {
      append: async (...call: Parameters<typeof append>) => {
        if (!stop) audit.record({ action: 'b.read' })
        await append(...call)
      },
    })
    const id = audit.record({ action: 'first.one' })
    await audit.flush()
    expect(await store.get(id)).toBeDefined()
    stop = true
    await audit.flush()
    expect(audit.stats().pending).toBe(0)
  })

  it('waits for what was captured before it, and stores that where it belongs', async () => {
    const first = gate()
    const { audit, store } = trail({
      store: faultyStore(memory(), inOrder({ when: 'before', how: first.passed })),
    })
    audit.record({ action: 'a.read' })
    const flushed = audit.flush()
    const after = audit.record({ action: 'b.read' })
    const again = audit.flush()
    expect(await isSettled(flushed)).toBe(false)
    first.open()
    await Promise.all([flushed, again])
    expect(await store.get(after)).toBeDefined()
    expect(audit.stats()).toMatchObject({ captured: 2, stored: 2, lost: 0 })
  })
})

describe('close', () => {
  it('stores what was captured, then closes the store, once', async () => {
    const { store, closed, late } = closable()
    const { audit } = trail({ store })
    audit.record({ action: 'a.read' })
    await Promise.all([audit.close(), audit.close()])
    await audit.close()
    expect(await eventsOf(store)).toHaveLength(1)
    expect([closed(), late]).toEqual([1, []])
  })

  it('stores also an event whose actor is still asked for', async () => {
    const asked = gate<{ id: string }>()
    const { store, closed } = closable()
    const { audit, losses } = trail({ store, actor: () => asked.passed })
    await new Hono()
      .use(audit.middleware())
      .get('/', (c) => c.text('ok'))
      .request('/')
    const closing = audit.close()
    expect(await isSettled(closing)).toBe(false)
    asked.open({ id: 'ada' })
    await closing
    expect((await eventsOf(store)).map(({ actor }) => actor.id)).toEqual(['ada'])
    expect([closed(), losses]).toEqual([1, []])
  })

  it('leaves what comes later to the dead letter, or tells it, and flush waits for that', async () => {
    const letters = memoryLetters()
    for (const deadLetter of [letters, undefined]) {
      const { store, late } = closable()
      const { audit, losses } = trail({ store, deadLetter })
      audit.record({ action: 'a.read' })
      await audit.close()
      const id = audit.record({ action: 'late.one' })
      await audit.flush()
      expect(late).toEqual([])
      if (deadLetter === undefined)
        expect(losses.map((loss) => [loss.ids, loss.error.code])).toEqual([[[id], 'AUDIT_CLOSED']])
      else expect(letters.ids()).toEqual([id])
      expect(audit.stats()).toMatchObject({ captured: 2, stored: 1, pending: 0 })
    }
  })

  it('has flush wait also for what came later', async () => {
    const slow = gate()
    const { audit } = trail({ deadLetter: { put: () => slow.passed } })
    await audit.close()
    audit.record({ action: 'late.one' })
    const flushed = audit.flush()
    expect(await isSettled(flushed)).toBe(false)
    slow.open()
    await flushed
    expect(audit.stats()).toMatchObject({ captured: 1, deadLettered: 1, pending: 0 })
  })

  it('changes no response of requests that still come', async () => {
    const { audit } = trail({ delivery: 'await' })
    const app = new Hono().use(audit.middleware()).get('/', (c) => c.text('ok'))
    await audit.close()
    const response = await app.request('/')
    expect([response.status, await response.text()]).toEqual([200, 'ok'])
  })

  it('does not open a store that nobody used', async () => {
    let made = 0
    const { audit } = trail({ store: () => ((made += 1), memory()) })
    await audit.close()
    expect(made).toBe(0)
  })
})
