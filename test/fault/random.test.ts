import * as fc from 'fast-check'
import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import { memory } from '../../adapters/store/memory.ts'
import { executionContext, trail } from '../support/app.ts'
import { type Fault, faultyLetters, faultyStore, memoryLetters } from '../support/faulty.ts'
import { gate, turn } from '../support/gate.ts'
import { account } from './account.ts'

interface Asked {
  readonly records: number
  readonly how: 'ok' | 'throws' | 'rejects' | 'skips'
  readonly actor: 'none' | 'sync' | 'async' | 'fails'
  readonly turns: number
  readonly held: boolean
  readonly awaited: boolean
}

const asked = (awaited: fc.Arbitrary<boolean>): fc.Arbitrary<Asked> =>
  fc.record({
    records: fc.nat({ max: 4 }),
    how: fc.constantFrom('ok', 'throws', 'rejects', 'skips'),
    actor: fc.constantFrom('none', 'sync', 'async', 'fails'),
    turns: fc.nat({ max: 3 }),
    held: fc.boolean(),
    awaited,
  })

type Planned = {
  readonly when: Fault['when']
  readonly how: Exclude<Fault['how'], Promise<unknown>> | 'slow'
}
const fault = (hang: readonly 'hang'[]): fc.Arbitrary<Planned | undefined> =>
  fc.option(
    fc.record({
      when: fc.constantFrom('before', 'after'),
      how: fc.constantFrom('retriable', 'refused', 'foreign', 'thrown', 'slow', ...hang),
    }),
    { nil: undefined, freq: 2 },
  )

const run = async (
  requests: readonly Asked[],
  appends: readonly (Planned | undefined)[],
  puts: readonly (Planned | undefined)[],
  slow: Promise<unknown>,
) => {
  const at =
    (planned: readonly (Planned | undefined)[]) =>
    (call: number): Fault | undefined => {
      const one = planned[call % Math.max(1, planned.length)]
      return one && { when: one.when, how: one.how === 'slow' ? slow : one.how }
    }
  const letters = memoryLetters()
  const made = trail({
    store: faultyStore(memory(), at(appends)),
    deadLetter: faultyLetters(letters, at(puts)),
    retry: { base: 0, attempts: 3 },
    batch: { events: 5 },
    queue: { events: 12 },
    deadline: 40,
    actor: (c) => {
      const who = c.req.query('actor')
      if (who === 'fails') throw new Error('mine')
      return who === 'async'
        ? turn().then(() => ({ id: who }))
        : who === 'sync'
          ? { id: who }
          : null
    },
  })
  const recorded: string[] = []
  const app = new Hono()
    .onError((error, c) => c.text(error.message, 500))
    .use(made.audit.middleware())
    .use('/await/*', made.audit.route({ delivery: 'await' }))
    .get('/:mode/:n', async (c) => {
      const ask = requests[Number(c.req.param('n'))]
      for (let count = 0; count < (ask?.turns ?? 0); count += 1) await turn()
      for (let count = 0; count < (ask?.records ?? 0); count += 1) {
        recorded.push(made.audit.record({ action: 'a.read' }))
      }
      if (ask?.how === 'skips') made.audit.scope().override({ skip: true })
      if (ask?.how === 'throws') throw new Error('handler')
      if (ask?.how === 'rejects') return Promise.reject('no error')
      return c.text('ok', 202)
    })
  const answers = requests.map(async ({ actor, held, awaited }, n) => {
    const context = held ? executionContext() : undefined
    const init = { headers: { 'x-request-id': `r${n}` } }
    const [answer] = await Promise.allSettled([
      app.request(`/${awaited ? 'await' : 'defer'}/${n}?actor=${actor}`, init, {}, context),
    ])
    return answer.status === 'rejected'
      ? answer.reason
      : [answer.value.status, await answer.value.text()]
  })
  return { made, letters, recorded, answers }
}

const check = async (
  requests: readonly Asked[],
  { made, letters, recorded, answers }: Awaited<ReturnType<typeof run>>,
) => {
  expect(await Promise.all(answers)).toEqual(
    requests.map(({ how }) =>
      how === 'throws' ? [500, 'handler'] : how === 'rejects' ? 'no error' : [202, 'ok'],
    ),
  )
  const { all } = await account(made, letters)
  const ended = [...all.values()]
  expect(
    ended
      .filter(({ kind }) => kind !== 'request')
      .map(({ id }) => id)
      .toSorted(),
  ).toEqual(recorded.toSorted())
  expect(
    ended
      .filter(({ kind }) => kind === 'request')
      .map(({ request }) => request?.id)
      .toSorted(),
  ).toEqual(requests.flatMap(({ how }, n) => (how === 'skips' ? [] : [`r${n}`])).toSorted())
}

describe('whatever breaks, and however requests interleave', () => {
  it('each event comes to one end, and no response is changed or waits for the store', async () => {
    const lists = [
      fc.array(asked(fc.constant(false)), { maxLength: 8 }),
      fc.array(fault([]), { maxLength: 6 }),
    ] as const
    await fc.assert(
      fc.asyncProperty(...lists, lists[1], async (requests, appends, puts) => {
        // Slow calls go on only when every response is out: one that waited for them would never be.
        const out = gate()
        const made = await run(requests, appends, puts, out.passed)
        await Promise.all(made.answers)
        out.open()
        await check(requests, made)
      }),
      { numRuns: 300 },
    )
  })

  it('each event comes to one end also where calls hang and requests wait for them', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(asked(fc.boolean()), { maxLength: 6 }),
        fc.array(fault(['hang']), { maxLength: 6 }),
        fc.array(fault(['hang']), { maxLength: 4 }),
        async (requests, appends, puts) => {
          await check(requests, await run(requests, appends, puts, turn()))
        },
      ),
      { numRuns: 60 },
    )
  })
})
