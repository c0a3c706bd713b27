import { Miniflare } from 'miniflare'
import type { BucketPage, ObjectBucket } from '../../adapters/archive/r2.ts'

/** One call of a bucket; the value of a `put` is the body. */
interface Order {
  readonly method: 'put' | 'get' | 'list' | 'delete'
  readonly key?: string
  readonly options?: unknown
}

// Runs in workerd, next to the binding, and does what it is told.
const script = `export default {
  async fetch(request, { BUCKET }) {
    const { method, key, options } = JSON.parse(decodeURIComponent(request.headers.get('order')))
    try {
      if (method === 'put') await BUCKET.put(key, await request.arrayBuffer(), options)
      if (method === 'delete') await BUCKET.delete(key)
      if (method === 'list') return Response.json(await BUCKET.list(options))
      if (method !== 'get') return new Response()
      const object = await BUCKET.get(key)
      return object === null ? new Response(null, { status: 404 }) : new Response(object.body)
    } catch ({ name, message }) {
      return Response.json({ name, message }, { status: 500 })
    }
  },
}`

export interface R2 {
  /** The binding, for a test outside of workerd. */
  readonly bucket: ObjectBucket
  close(): Promise<void>
}

/** Starts workerd with an empty R2 bucket, and a worker that does there what the test asks of the binding. */
export const startR2 = async (): Promise<R2> => {
  const miniflare = new Miniflare({
    modules: true,
    script,
    compatibilityDate: '2026-04-01',
    r2Buckets: ['BUCKET'],
  })
  const url = await miniflare.ready

  const send = async (order: Order, body?: Uint8Array<ArrayBuffer>): Promise<Response> => {
    // A connection of its own: workerd closes one that was idle for 5 s, even while a busy test writes to it.
    const headers = { order: encodeURIComponent(JSON.stringify(order)), connection: 'close' }
    const answer = await fetch(url, { method: 'POST', headers, ...(body && { body }) })
    if (answer.status !== 500) return answer
    // Only the script answers, so what comes is what it says.
    const { name, message } = (await answer.json()) as { name: string; message: string }
    throw name === 'TypeError' ? new TypeError(message) : new Error(message)
  }

  const bucket: ObjectBucket = {
    put: (key, value, options) => send({ method: 'put', key, options }, value),
    get: async (key) => {
      const answer = await send({ method: 'get', key })
      return answer.status === 404 ? null : answer
    },
    list: async (options) =>
      (await send({ method: 'list', options })).json() as Promise<BucketPage>,
    delete: async (key) => {
      await send({ method: 'delete', key })
    },
  }
  return { bucket, close: () => miniflare.dispose() }
}
