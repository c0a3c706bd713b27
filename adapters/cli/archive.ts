import type { ArchiveFormat } from '../../src/ports/archive.ts'
import { ndjson } from '../../src/keep/archive/format/ndjson.ts'
import type { ArchiveTarget } from '../../src/keep/options.ts'
import type { Given } from './command.ts'

/** How the help says what an archive may be. */
export const archiveHelp = `An archive is a directory (./archive), s3://bucket/prefix, or table: the second table of the
database. The keys of S3 are taken from AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and
AWS_SESSION_TOKEN, the region from AWS_REGION, and AWS_ENDPOINT_URL_S3 names another server.
`

const set = (env: Given['env'], ...names: readonly string[]): string | undefined =>
  names.map((name) => env[name]).find((value) => value !== undefined && value !== '')

const from = (env: Given['env'], ...names: readonly string[]): string => {
  const value = set(env, ...names)
  if (value === undefined) throw new Error(`S3 needs ${names[0]} in the environment.`)
  return value
}

const lockOf = (mode: string | undefined): 'governance' | 'compliance' | undefined => {
  if (mode === undefined || mode === 'governance' || mode === 'compliance') return mode
  throw new Error('--object-lock must be governance or compliance.')
}

const bucketIn = async (
  { values, env }: Given,
  bucket: string,
  path: string,
): Promise<ArchiveTarget> => {
  const { s3 } = await import('../archive/s3.ts')
  return s3({
    bucket,
    prefix: path.replace(/(?<=[^/])$/, '/'),
    region: from(env, 'AWS_REGION', 'AWS_DEFAULT_REGION'),
    accessKeyId: from(env, 'AWS_ACCESS_KEY_ID'),
    secretAccessKey: from(env, 'AWS_SECRET_ACCESS_KEY'),
    sessionToken: set(env, 'AWS_SESSION_TOKEN'),
    endpoint: set(env, 'AWS_ENDPOINT_URL_S3', 'AWS_ENDPOINT_URL'),
    objectLock: lockOf(values['object-lock']),
  })
}

/** Opens what stands for an archive. Each kind is loaded only where it is needed. */
export const openArchive = async (given: Given, written: string): Promise<ArchiveTarget> => {
  if (written === 'table') return written
  const [, bucket, path = ''] = /^s3:\/\/([^/]+)\/?(.*)$/.exec(written) ?? []
  if (bucket !== undefined) return bucketIn(given, bucket, path)
  if (/^[a-z][\w+.-]*:\/\//i.test(written))
    throw new Error('An archive is a directory, s3://bucket/prefix, or table.')
  const { directory } = await import('../archive/directory.ts')
  return directory(written)
}

export const formatOf = async ({ values: { format } }: Given): Promise<ArchiveFormat> => {
  if (format === undefined || format === 'ndjson') return ndjson()
  if (format !== 'parquet') throw new Error('--format must be ndjson or parquet.')
  const { parquetArchive } = await import('../archive/parquet.ts')
  return parquetArchive()
}
