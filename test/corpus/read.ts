import { globSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import {
  bodyFields,
  type Field,
  headerFields,
  pathFields,
  queryFields,
} from '../../src/capture/security/facts.ts'
import { root } from '../support/doors.ts'

/** One request of the corpus, as it is sent. */
export interface Sample {
  readonly part: 'tune' | 'held-out'
  readonly url: string
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  /** Content type and text of a body. */
  readonly type?: string
  readonly body?: string
}

const BROWSER =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0 Safari/537.36'

const read = (path: string): readonly Sample[] =>
  readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line): Sample => JSON.parse(line))

/** The attacks by category, in the order of the alphabet. */
export const attacks: ReadonlyMap<string, readonly Sample[]> = new Map(
  globSync(`${root}test/corpus/attacks/*.ndjson`)
    .toSorted()
    .map((path) => [basename(path, '.ndjson'), read(path)]),
)

/** Requests that nobody should be told of. */
export const ordinary: readonly Sample[] = read(`${root}test/corpus/ordinary.ndjson`)

export const requestOf = ({ url, method = 'GET', headers, type, body }: Sample): Request =>
  new Request(`http://localhost${url}`, {
    method,
    headers: {
      'user-agent': BROWSER,
      ...(type !== undefined && { 'content-type': type }),
      ...headers,
    },
    ...(body !== undefined && { body }),
  })

const parsed = (type: string | undefined, body: string): unknown => {
  if (type === 'application/x-www-form-urlencoded') return new URLSearchParams(body)
  return type === 'application/json' ? JSON.parse(body) : body
}

/** All that is judged of a sample, as the middleware takes it out of a request. */
export const fieldsOf = (sample: Sample): readonly Field[] => {
  const { url, headers } = requestOf(sample)
  const [, path = '', query = ''] = /^http:\/\/localhost([^?]*)\??(.*)$/s.exec(url) ?? []
  return [
    ...pathFields(path),
    ...queryFields(query),
    ...['user-agent', 'referer'].flatMap((name) => headerFields(name, headers.get(name) ?? '')),
    ...(sample.body === undefined ? [] : bodyFields(parsed(sample.type, sample.body))),
  ]
}
