import { expect, it } from 'vitest'
import { sizeOf } from '../../../src/read/size.ts'

it.each([
  [0, '0 B'],
  [999, '999 B'],
  [1_000, '1.0 kB'],
  [1_049, '1.0 kB'],
  [1_234_567, '1.2 MB'],
  [999_949, '999.9 kB'],
  [999_950, '1.0 MB'],
  [999_999_999, '1.0 GB'],
  [5e12, '5.0 TB'],
  [5e15, '5.0 PB'],
  [5e19, '50000.0 PB'],
])('says of %i bytes that they are %s', (bytes, size) => {
  expect(sizeOf(bytes)).toBe(size)
})
