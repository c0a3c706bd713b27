import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import { memory } from '../../adapters/store/memory.ts'
import { trail } from '../support/app.ts'
import { faultyStore, memoryLetters } from '../support/faulty.ts'
import { gate, turn, until } from '../support/gate.ts'
import { account } from './account.ts'

describe('close during traffic', () => {
  it.each([0, 1, 7, 40])(
    'sends each event to one end, and none to a closed store: after %i requests',
    async (before) => {
      const letters = memoryLetters()
      let closed = false
      let late = 0
      const working = faultyStore(memory(), () => {
        if (closed) late += 1
        return undefined
      })
      const store = {
        ...working,
        close: async () => {
          closed = true
        },
      }
      const made = trail({ store, deadLetter: letters })
      const answers: number[] = []
      const app = new Hono().use(made.audit.middleware()).get('/', async (c) => {
        made.audit.record({ action: 'a.read' })
        await turn()
        return c.text('ok')
      })
      const traffic = { stop: false }
      const client = async (): Promise<void> => {
        while (!traffic.stop) answers.push((await app.request('/')).status)
      }
      const clients = [client(), client(), client()]
      await until(() => answers.length >= before)
      await made.audit.close()
      const then = answers.length
      await until(() => answers.length > then + 5)
      traffic.stop = true
      await Promise.all(clients)

      expect(new Set(answers)).toEqual(new Set([200]))
      const { all, lost } = await account({ ...made, store }, letters)
      expect(late).toBe(0)
      expect(lost).toEqual([])
      expect(all.size).toBe(answers.length * 2)
      expect(letters.ids().length).toBeGreaterThan(0)
    },
  )

  it('waits for a write that is under way, and for what gathered behind it', async () => {
    const slow = gate()
    const store = faultyStore(memory(), () => ({ when: 'before', how: slow.passed }))
    const made = trail({ store })
    made.audit.record({ action: 'a.read' })
    await until(() => store.calls.length === 1)
    made.audit.record({ action: 'b.read' })
    const closing = made.audit.close()
    slow.open()
    await closing
    expect((await account(made)).stored).toHaveLength(2)
  })

  it('rejects as the store does when that cannot be closed, and the account is drawn up', async () => {
    const made = trail({ store: { ...memory(), close: () => Promise.reject(new Error('busy')) } })
    made.audit.record({ action: 'a.read' })
    await expect(made.audit.close()).rejects.toThrow('busy')
    expect((await account(made)).stored).toHaveLength(1)
  })
})
