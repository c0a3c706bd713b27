import { type Check, isFunction, object, oneOf, text, that } from '../../src/shape.ts'
import type { Fetch } from './s3-send.ts'

export interface S3Options {
  readonly bucket: string
  /**
   * Where S3 is spoken by somebody else: `https://<account>.r2.cloudflarestorage.com`. The bucket is
   * then the first part of the path. @default that of AWS in the region
   */
  readonly endpoint?: string | undefined
  /** `eu-central-1`; `auto` for R2; `us-east-1` where a store has none. */
  readonly region: string
  readonly accessKeyId: string
  /** Signs requests, and is never sent. */
  readonly secretAccessKey: string
  /** Of temporary keys, which end: make the store anew for each run then. */
  readonly sessionToken?: string | undefined
  /** What the keys of all objects begin with, at most 124 bytes: `audit/`. @default '' */
  readonly prefix?: string | undefined
  /**
   * How objects are locked that have a `retainUntil`. `governance`: those with a special right may
   * remove them earlier. `compliance`: nobody can, not even the account. The bucket must have Object
   * Lock. @default no lock
   */
  readonly objectLock?: 'governance' | 'compliance' | undefined
  /** What sends the requests. @default the global `fetch` */
  readonly fetch?: Fetch | undefined
}

const matches =
  (pattern: RegExp) =>
  (value: unknown): boolean =>
    typeof value === 'string' && pattern.test(value)

const isEndpoint = (value: unknown): boolean => {
  if (typeof value !== 'string' || !URL.canParse(value)) return false
  const { protocol, username, password, search, hash } = new URL(value)
  return /^https?:$/.test(protocol) && username + password + search + hash === ''
}

// A line feed at the end, as files and pipes leave one, would fail each request, in words that quote it.
const printable: Check = that('printable ASCII without spaces', matches(/^[\x21-\x7e]+$/))

const check = object(
  {
    bucket: that('the name of a bucket', matches(/^[\w.-]{3,255}$/)),
    endpoint: that('an URL of http or https without a query or user', isEndpoint),
    region: that('the name of a region', matches(/^[\w-]+$/)),
    accessKeyId: printable,
    secretAccessKey: printable,
    sessionToken: printable,
    prefix: text,
    objectLock: oneOf('governance', 'compliance'),
    fetch: that('a function', isFunction),
  },
  ['bucket', 'region', 'accessKeyId', 'secretAccessKey'],
)

/** @throws {AuditError} AUDIT_OPTION_INVALID, which names the option and never its value. */
export const checkOptions = (options: S3Options): void => check(options, '')

/** The URL of a bucket, with a slash at its end. */
export const bucketUrl = ({ bucket, endpoint, region }: S3Options): string => {
  if (endpoint !== undefined) return `${endpoint.replace(/\/+$/, '')}/${bucket}/`
  const host = `s3.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`
  // No certificate covers a host with more dots, and no host has capitals or underscores.
  return /[^a-z0-9-]/.test(bucket) ? `https://${host}/${bucket}/` : `https://${bucket}.${host}/`
}
