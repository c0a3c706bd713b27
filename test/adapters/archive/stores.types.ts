// Compiled, never run: the binding of Cloudflare's own types is what the factory takes.
import type { KVNamespace, R2Bucket } from '@cloudflare/workers-types'
import { r2 } from '../../../adapters/archive/r2.ts'
import { s3 } from '../../../adapters/archive/s3.ts'
import type { ObjectStore } from '../../../src/ports/archive.ts'

export const accepted = (bucket: R2Bucket): readonly ObjectStore[] => [
  r2(bucket),
  r2(bucket, { prefix: 'audit/' }),
  s3({ bucket: 'a', region: 'auto', accessKeyId: 'a', secretAccessKey: 'b', fetch }),
]

export const refused = (namespace: KVNamespace): readonly unknown[] => [
  // @ts-expect-error another kind of binding
  r2(namespace),
  // @ts-expect-error S3 has two modes
  s3({ bucket: 'a', region: 'b', accessKeyId: 'a', secretAccessKey: 'b', objectLock: 'hold' }),
]
