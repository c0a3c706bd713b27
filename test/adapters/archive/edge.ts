// Runs in the VM of Vercel's edge runtime, driven by runtimes.test.ts.
import { s3, type S3Options } from '../../../adapters/archive/s3.ts'
import { roundTrip } from './round-trip.ts'

declare function addEventListener(
  type: 'fetch',
  listener: (event: {
    readonly request: Request
    respondWith(response: Promise<Response>): void
  }) => void,
): void

const archive = async (request: Request): Promise<Response> => {
  const options = (await request.json()) as S3Options
  return Response.json(await roundTrip(s3(options), AbortSignal.abort()))
}

addEventListener('fetch', (event) => event.respondWith(archive(event.request)))
