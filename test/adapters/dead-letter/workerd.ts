import { EventEmitter, once } from 'node:events'
import { Miniflare, Response } from 'miniflare'
import type { Request } from 'miniflare'
import { AuditError } from '../../../src/errors.ts'
import { revive } from '../../../src/event/revive.ts'
import type { DeadLetter, DrainOutcome } from '../../../src/ports/dead-letter.ts'
import type { DeadLetterBackend } from '../../conformance/dead-letter.ts'
import type { Delivery, DrainEnd, DrainStart, SentError } from './worker.ts'
import { bundled } from '../../support/bundle.ts'

type Drain = DeadLetter['drain']

/** A consumer gets at most this many messages at once. */
const LARGEST_BATCH = 100

const collector = `export default { queue: (batch, env) => env.TEST.fetch('http://test/arrived',
  { method: 'POST', body: JSON.stringify(batch.messages.map(({ body }) => body)) }) }`

/** Starts an app in workerd whose `deliver` is the one of the test. */
export const startWorkerd = async () => {
  const drains = new Map<
    string,
    {
      readonly start: DrainStart
      deliver(lines: readonly string[]): Promise<Delivery>
      ended(end: DrainEnd): void
    }
  >()
  const arrivals = new EventEmitter().setMaxListeners(0)

  const test = async (request: Request): Promise<Response> => {
    const [step, name = ''] = new URL(request.url).pathname.slice(1).split('/')
    // Only worker.ts and the collector send, so what comes is what they say.
    const body: unknown = await request.json()
    const drain = drains.get(name)
    if (step === 'arrived') arrivals.emit('messages', body)
    if (step === 'start') return Response.json(drain?.start)
    if (step === 'deliver') return Response.json(await drain?.deliver(body as readonly string[]))
    if (step === 'end') drain?.ended(body as DrainEnd)
    return Response.json(null)
  }

  const miniflare = new Miniflare({
    workers: [
      {
        name: 'app',
        modules: true,
        script: await bundled(new URL('worker.ts', import.meta.url)),
        compatibilityDate: '2026-04-01',
        kvNamespaces: ['KV'],
        r2Buckets: ['R2'],
        queueProducers: { QUEUE: 'letters' },
        serviceBindings: { TEST: test },
      },
      {
        name: 'collector',
        modules: true,
        script: collector,
        queueConsumers: { letters: { maxBatchSize: LARGEST_BATCH, maxBatchTimeout: 0 } },
        serviceBindings: { TEST: test },
      },
    ],
  })
  const app = await miniflare.getWorker('app')

  const send = async (path: string, lines: readonly string[] = []): Promise<void> => {
    const answer = await app.fetch(`http://app/${path}`, {
      method: 'POST',
      body: JSON.stringify(lines),
    })
    const error = (await answer.json()) as SentError | null
    if (error !== null) throw new AuditError('AUDIT_DEAD_LETTER_FAILED', error.detail)
  }

  /** Runs one drain over there: `run` makes it start under the name that it is given. */
  const drain = async (
    deliver: Parameters<Drain>[0],
    { portion, signal }: NonNullable<Parameters<Drain>[1]>,
    run: (name: string) => Promise<void>,
  ): Promise<DrainOutcome> => {
    const name = `drain-${drains.size}`
    let end: DrainEnd = {}
    let failure: unknown
    drains.set(name, {
      start: { ...(portion !== undefined && { portion }), aborted: signal?.aborted === true },
      deliver: async (lines) => {
        const fails = await deliver(lines.flatMap((line) => revive(line) ?? [])).then(
          () => false,
          (cause: unknown) => {
            failure = cause
            return true
          },
        )
        return { fails, aborts: signal?.aborted === true }
      },
      ended: (how) => {
        end = how
      },
    })
    await run(name)
    if (end.rejected === 'by deliver') throw failure
    if (end.rejected === 'by signal') throw signal?.reason
    if (end.error?.code === 'AUDIT_OPTION_INVALID') throw new AuditError(end.error.code)
    if (end.outcome === undefined) throw new Error(`the drain ended with ${JSON.stringify(end)}`)
    return end.outcome
  }

  return { app, arrivals, drain, send, close: () => miniflare.dispose() }
}

/** KV or R2: the adapter runs in workerd, next to its binding. */
export const bundlesBackend = async (kind: 'kv' | 'r2'): Promise<DeadLetterBackend> => {
  const { send, drain, close } = await startWorkerd()
  let opened = 0
  return {
    open: async () => {
      const path = `${kind}/test-${opened++}`
      return {
        letters: {
          put: (rows) =>
            send(
              `${path}/put`,
              rows.map(({ record }) => record),
            ),
          drain: (deliver, options = {}) =>
            drain(deliver, options, (name) => send(`${path}/drain/${name}`)),
        },
        plant: (lines) => send(`${path}/plant`, lines),
      }
    },
    close,
  }
}

/**
 * A real producer sends to a real queue, a real consumer drains real batches. Between the two the test
 * stands in for the broker, so that it decides when there is a batch and needs no clock: it keeps a
 * message until the runtime says that it was acknowledged.
 */
export const queueBackend = async (): Promise<DeadLetterBackend> => {
  const { app, arrivals, drain, send, close } = await startWorkerd()
  let waiting: readonly { readonly id: string; readonly body: string }[] = []
  let sent = 0
  let arrived = 0
  arrivals.on('messages', (bodies: readonly string[]) => {
    waiting = [...waiting, ...bodies.map((body) => ({ id: String(arrived++), body }))]
  })

  const allArrived = async (): Promise<void> => {
    if (arrived >= sent) return
    await once(arrivals, 'messages')
    await allArrived()
  }

  const sendAll = async (step: string, lines: readonly string[]): Promise<void> => {
    await send(`queue/all/${step}`, lines)
    sent += lines.length
    await allArrived()
  }

  const drainAll: Drain = async (deliver, options = {}) => {
    let delivered = 0
    let unreadable = 0
    const all = waiting
    for (let from = 0; from < all.length; from += LARGEST_BATCH) {
      const batch = all.slice(from, from + LARGEST_BATCH)
      const outcome = await drain(deliver, options, async (name) => {
        const messages = batch.map((item) => ({ ...item, timestamp: new Date(), attempts: 1 }))
        const result = await app.queue(name, messages)
        if (result.outcome !== 'ok') throw new Error(`the consumer ended with ${result.outcome}`)
        const gone = new Set(result.explicitAcks)
        const decided = new Set([...gone, ...result.retryMessages.map(({ msgId }) => msgId)])
        if (decided.size !== batch.length) throw new Error('messages were left to chance')
        waiting = waiting.filter(({ id }) => !gone.has(id))
      })
      delivered += outcome.delivered
      unreadable += outcome.unreadable
    }
    return { delivered, unreadable }
  }

  return {
    open: async () => {
      waiting = []
      return {
        letters: {
          put: (rows) =>
            sendAll(
              'put',
              rows.map(({ record }) => record),
            ),
          drain: drainAll,
        },
        plant: (lines) => sendAll('plant', lines),
      }
    },
    close,
  }
}
