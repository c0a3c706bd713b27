import { joined } from '../../event/bytes.ts'

/** How a response body came to its end. `open`: it had not, when the deadline passed. */
export type BodyEnd = 'complete' | 'cancelled' | 'error' | 'open'

export interface StreamWatch {
  /** Bytes that are kept, at most. */
  readonly keep: number
  readonly deadline: number
  /** Called exactly once. The client's end waits for a promise: the platform freezes after it. */
  readonly onEnd: (
    end: BodyEnd,
    bytes: number,
    kept: Uint8Array,
    error: unknown,
  ) => Promise<unknown> | undefined
}

/** Responses that have no body to watch, or that must not be touched: RFC 9110, section 6.4.1. */
export const isBodiless = (method: string, status: number): boolean =>
  method === 'HEAD' || status < 200 || status === 204 || status === 205 || status === 304

/**
 * A body that passes through unchanged while it is counted. Closures, not async context: a lazy pull
 * runs in the reader's context on workerd. After `cancel` a pending read resolves too, so the end is
 * told once.
 */
export const watchStream = (
  body: ReadableStream<Uint8Array>,
  { keep, deadline, onEnd }: StreamWatch,
): ReadableStream<Uint8Array> => {
  const reader = body.getReader()
  const kept: Uint8Array[] = []
  let room = keep
  let bytes = 0
  let over = false

  const end = async (how: BodyEnd, error?: unknown): Promise<void> => {
    if (over) return
    over = true
    clearTimeout(timer)
    await onEnd(how, bytes, joined(kept), error)
  }
  const timer = setTimeout(end, deadline, 'open')

  return new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        try {
          const { done, value } = await reader.read()
          if (done) {
            await end('complete')
            controller.close()
            return
          }
          bytes += value.byteLength
          if (room > 0) kept.push(value.slice(0, room))
          room -= value.byteLength
          controller.enqueue(value)
        } catch (error) {
          await end('error', error)
          controller.error(error)
        }
      },
      cancel: async (reason) => {
        await Promise.all([end('cancelled'), reader.cancel(reason)])
      },
    },
    // Nothing is read ahead: the body is made as fast as the client takes it, as without us.
    { highWaterMark: 0 },
  )
}
