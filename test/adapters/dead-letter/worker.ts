// Runs in workerd, driven by workerd.ts: puts and drains letters as an app on Cloudflare does.
import type { Fetcher, KVNamespace, MessageBatch, Queue, R2Bucket } from '@cloudflare/workers-types'
import {
  kvDeadLetter,
  queueDeadLetter,
  queueLetters,
  r2DeadLetter,
} from '../../../adapters/dead-letter/cloudflare.ts'
import { isAuditError } from '../../../src/errors.ts'
import { revive } from '../../../src/event/revive.ts'
import type { DeadLetter } from '../../../src/ports/dead-letter.ts'

interface Env {
  readonly KV: KVNamespace
  readonly R2: R2Bucket
  readonly QUEUE: Queue
  /** The test itself. */
  readonly TEST: Fetcher
}

/** What the test's `deliver` did. */
export interface Delivery {
  readonly fails: boolean
  readonly aborts: boolean
}

export interface DrainStart {
  readonly portion?: number
  readonly aborted: boolean
}

export interface DrainEnd {
  readonly outcome?: { readonly delivered: number; readonly unreadable: number }
  readonly rejected?: 'by deliver' | 'by signal' | 'otherwise'
  readonly error?: SentError
}

export interface SentError {
  readonly code: string
  readonly detail: string | undefined
}

const sentError = (error: unknown): SentError =>
  isAuditError(error)
    ? { code: error.code, detail: error.detail }
    : { code: String(error), detail: undefined }

const ask = async (env: Env, path: string, body: unknown): Promise<unknown> => {
  const answer = await env.TEST.fetch(`http://test/${path}`, {
    method: 'POST',
    body: JSON.stringify(body),
  })
  return answer.json()
}

const drain = async (env: Env, letters: Pick<DeadLetter, 'drain'>, name: string): Promise<void> => {
  const { portion, aborted } = (await ask(env, `start/${name}`, null)) as DrainStart
  const stop = new AbortController()
  if (aborted) stop.abort()
  const failure = new Error('the store is down')
  const deliver = async (rows: readonly { readonly record: string }[]): Promise<void> => {
    const sent = rows.map(({ record }) => record)
    const { fails, aborts } = (await ask(env, `deliver/${name}`, sent)) as Delivery
    if (aborts) stop.abort()
    if (fails) throw failure
  }
  const end = await letters.drain(deliver, { portion, signal: stop.signal }).then(
    (outcome): DrainEnd => ({ outcome }),
    (error: unknown): DrainEnd => {
      if (error === failure) return { rejected: 'by deliver' }
      if (error === stop.signal.reason) return { rejected: 'by signal' }
      return { rejected: 'otherwise', error: sentError(error) }
    },
  )
  await ask(env, `end/${name}`, end)
}

const plant = async (env: Env, kind: string, prefix: string, lines: readonly string[]) => {
  if (kind === 'kv') return env.KV.put(`${prefix}/planted`, lines.join('\n'))
  if (kind === 'r2') return env.R2.put(`${prefix}/planted`, lines.join('\n'))
  return env.QUEUE.sendBatch(lines.map((body) => ({ body, contentType: 'text' })))
}

// oxlint-disable-next-line import/no-default-export -- where workerd looks
export default {
  /** `POST /<kind>/<prefix>/<put|plant|drain>/<name of the drain>`, the body a list of records. */
  fetch: async (request: Request, env: Env): Promise<Response> => {
    const { pathname } = new URL(request.url)
    const [kind = '', prefix = '', step, name = ''] = pathname.slice(1).split('/')
    const lines = (await request.json()) as readonly string[]
    const bundled =
      kind === 'kv'
        ? kvDeadLetter(env.KV, { prefix: `${prefix}/` })
        : r2DeadLetter(env.R2, { prefix: `${prefix}/` })
    if (step === 'drain') await drain(env, bundled, name)
    if (step === 'plant') await plant(env, kind, prefix, lines)
    if (step !== 'put') return Response.json(null)
    try {
      const { put } = kind === 'queue' ? queueDeadLetter(env.QUEUE) : bundled
      await put(lines.flatMap((line) => revive(line) ?? []))
      return Response.json(null)
    } catch (error) {
      return Response.json(sentError(error), { status: 500 })
    }
  },

  /** Ends well in each case, so that only what `drain` itself asked for is sent again. */
  queue: (batch: MessageBatch, env: Env): Promise<void> =>
    drain(env, queueLetters(batch), batch.queue),
}
