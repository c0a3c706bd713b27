import { judgeOf } from '../../src/capture/security/judge.ts'
import { securityRules } from '../../src/capture/security/rules.ts'
import { createLook } from '../../src/capture/security/look.ts'
import { Hono } from 'hono'
import { attacks, fieldsOf, ordinary, requestOf, type Sample } from '../corpus/read.ts'
import { type Bench, median, type Row } from './rows.ts'

type Nothing = Record<string, never>

const ROUNDS = 15
const parts = ['tune', 'held-out'] as const

const percent = (samples: readonly Sample[], isHit: (sample: Sample) => boolean): number =>
  (100 * samples.filter(isHit).length) / samples.length

/** Microseconds of what the middleware does before the handler, for each request of a round. */
const cost = async (samples: readonly Sample[]): Promise<number> => {
  const { look } = createLook({}, () => undefined)
  const rounds: number[] = []
  const requests = samples.map(requestOf)
  let spent = 0
  const app = new Hono<{ Bindings: Nothing; Variables: Nothing }>().all('*', (c) => {
    const start = performance.now()
    look(c)
    spent += performance.now() - start
    return c.body(null)
  })
  for (let round = 0; round < ROUNDS; round++) {
    spent = 0
    for (const request of requests) await app.fetch(request)
    rounds.push((1_000 * spent) / requests.length)
  }
  return median(rounds)
}

const run = async (): Promise<readonly Row[]> => {
  const judge = judgeOf(securityRules)
  const rows: Row[] = []
  const add = (subject: string, value: number, unit: string): void => {
    rows.push({ bench: 'security', subject, value, unit })
  }
  for (const part of parts) {
    for (const [category, samples] of attacks) {
      const share = percent(
        samples.filter((sample) => sample.part === part),
        (sample) => judge(fieldsOf(sample)).some((found) => found.category === category),
      )
      add(`${category} found, ${part}`, share, '%')
    }
    const share = percent(
      ordinary.filter((sample) => sample.part === part),
      (sample) => judge(fieldsOf(sample)).length > 0,
    )
    add(`false alarms, ${part}`, share, '%')
  }
  add(
    'an ordinary request judged',
    await cost(ordinary.filter(({ body }) => body === undefined)),
    'µs',
  )
  add(
    'an attack judged',
    await cost([...attacks.values()].flat().filter(({ body }) => body === undefined)),
    'µs',
  )
  return rows
}

export const security: Bench = {
  name: 'security',
  about: 'attacks of test/corpus that are found, ordinary requests that are told of, and the cost',
  run,
}
