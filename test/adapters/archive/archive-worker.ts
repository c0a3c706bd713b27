// Runs in workerd, driven by runtimes.test.ts: archives in R2 and in S3 as an app on Cloudflare does.
import type { R2Bucket } from '@cloudflare/workers-types'
import { r2 } from '../../../adapters/archive/r2.ts'
import { s3, type S3Options } from '../../../adapters/archive/s3.ts'
import { roundTrip } from './round-trip.ts'

// oxlint-disable-next-line import/no-default-export -- where workerd looks
export default {
  fetch: async (request: Request, env: { readonly BUCKET: R2Bucket }): Promise<Response> => {
    const options = (await request.json()) as S3Options | null
    const store = options === null ? r2(env.BUCKET, { prefix: 'audit/' }) : s3(options)
    return Response.json(await roundTrip(store, AbortSignal.abort()))
  },
}
