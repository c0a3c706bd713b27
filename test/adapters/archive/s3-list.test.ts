import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { listPageOf } from '../../../adapters/archive/s3-list.ts'

const listing = (keys: readonly string[], more = '<IsTruncated>false</IsTruncated>'): string => {
  const contents = keys.map((key) => `<Contents><Key>${key}</Key><Size>1</Size></Contents>`)
  return `<?xml version="1.0"?>\n<ListBucketResult xmlns="http://s3">${more}${contents.join('\n')}</ListBucketResult>`
}

const url = '<EncodingType>url</EncodingType><IsTruncated>false</IsTruncated>'

describe('a page of ListObjectsV2', () => {
  it.each([
    // Measured on AWS; MinIO does the same.
    ['a+b%2Bc', 'a b+c'],
    // Ceph, and others that encode paths.
    ['a%20b%2Bc', 'a b+c'],
    ['100%25', '100%'],
    ['%ED%95%9C%EA%B8%80/x', '한글/x'],
    ['a%26amp%3Bb', 'a&amp;b'],
    ['tenant%3Da/day=1', 'tenant=a/day=1'],
  ])('has its keys as they were encoded: %s', (key, expected) => {
    expect(listPageOf(listing([key], url))?.keys).toEqual([expected])
  })

  it.each([
    ['a+b', 'a+b'],
    ['100%', '100%'],
    ['a &amp; b &lt;&gt; &quot;&apos;', `a & b <> "'`],
    ['&amp;lt;', '&lt;'],
    ['&#128077;&#x1F44D;', '👍👍'],
    ['&nbsp;&#x110000;', '&nbsp;&#x110000;'],
  ])('has its keys as they are where the server encodes none: %s', (key, expected) => {
    expect(listPageOf(listing([key]))?.keys).toEqual([expected])
  })

  it('has any keys in their order', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme', minLength: 1 })), (keys) => {
        const page = listPageOf(listing(keys.map(encodeURIComponent), url))
        expect(page).toEqual({ keys, next: undefined })
      }),
    )
  })

  it('goes on with the token as it stands there', () => {
    const more =
      '<IsTruncated>true</IsTruncated><NextContinuationToken>1/a+b%2B==&amp;</NextContinuationToken>'
    expect(listPageOf(listing(['a'], more))).toEqual({ keys: ['a'], next: '1/a+b%2B==&' })
  })

  it('does not go on where all was listed, whatever token stands there', () => {
    const more = '<IsTruncated>false</IsTruncated><NextContinuationToken>1</NextContinuationToken>'
    expect(listPageOf(listing(['a'], more))).toEqual({ keys: ['a'], next: undefined })
  })

  it.each([
    ['an error', '<Error><Code>AccessDenied</Code></Error>'],
    ['a list of buckets', '<ListAllMyBucketsResult></ListAllMyBucketsResult>'],
    ['a broken escape', listing(['%E9'], url)],
    [
      'an object without a key',
      listing([]).replace('</L', '<Contents><Size>1</Size></Contents></L'),
    ],
    ['nothing about the rest', listing(['a'], '')],
    ['a rest without a token', listing(['a'], '<IsTruncated>true</IsTruncated>')],
    [
      'an empty token',
      listing(
        ['a'],
        '<IsTruncated>true</IsTruncated><NextContinuationToken></NextContinuationToken>',
      ),
    ],
    ['half of itself', listing(['a']).slice(0, -10)],
  ])('is none when it is %s', (_, xml) => {
    expect(listPageOf(xml)).toBeUndefined()
  })
})
