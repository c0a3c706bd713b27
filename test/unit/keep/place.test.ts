import { createHash } from 'node:crypto'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isPath, isWindowsPath } from '../../../adapters/archive/path.ts'
import { manifestsPlace, placeOf } from '../../../src/keep/archive/place.ts'
import { anyText } from '../event/sample.ts'

const id = '019b7600-0000-7000-8000-000000000001'
const day = Date.UTC(2026, 0, 31)

const tenantOf = (tenant: string | null): string =>
  placeOf({ id, tenant, day }, 'parquet').split('/')[1] ?? ''

const dayOf = (ms: number): string =>
  placeOf({ id, tenant: 'a', day: ms }, 'parquet').split('/').slice(2, 5).join('/')

const tenants = fc.option(
  fc.oneof(
    anyText(40),
    fc.string({ minLength: 180, maxLength: 220 }),
    fc.string({ unit: 'binary', minLength: 50, maxLength: 300 }),
    fc.constantFrom(
      'null',
      'NULL',
      '.',
      '..',
      '%',
      '~',
      '__HIVE_DEFAULT_PARTITION__',
      'con',
      '*?[]',
    ),
  ),
)

describe('placeOf', () => {
  it('is a path by tenant, year, month and day, as Hive lays them out', () => {
    expect(placeOf({ id, tenant: 'acme', day }, 'ndjson.gz')).toBe(
      `events/tenant=acme/year=2026/month=01/day=31/${id}.ndjson.gz`,
    )
  })

  it.each([
    [null, '__HIVE_DEFAULT_PARTITION__'],
    ['', ''],
    ['Zoë & Co./a=b', 'Zo%C3%AB%20%26%20Co.%2Fa%3Db'],
    ['a.b-c_d', 'a.b-c_d'],
    ["!'()*~", '%21%27%28%29%2A%7E'],
    ['%41', '%2541'],
    ['a.', 'a%2E'],
    ['..', '.%2E'],
    ['null', '%6Eull'],
    ['NULL', '%4EULL'],
    ['nullable', 'nullable'],
    ['__HIVE_DEFAULT_PARTITION__', '%5F_HIVE_DEFAULT_PARTITION__'],
    ['x'.repeat(200), 'x'.repeat(200)],
    ['x'.repeat(201), `~${createHash('sha256').update('x'.repeat(201)).digest('hex')}`],
  ])('writes the tenant %j', (tenant, part) => {
    expect(tenantOf(tenant)).toBe(`tenant=${part}`)
  })

  it('is a path that every store takes, and another one for each tenant', () => {
    const seen = new Map<string, string | null>()
    fc.assert(
      fc.property(tenants, (given) => {
        const tenant = given?.toWellFormed() ?? null
        const place = placeOf({ id, tenant, day }, 'parquet')
        expect(isPath(place)).toBe(true)
        expect(isWindowsPath(place)).toBe(true)
        expect(seen.get(place) ?? tenant).toBe(tenant)
        seen.set(place, tenant)
      }),
      { numRuns: 2_000 },
    )
  })

  it('tells the tenant by its path, but for one that is too long', () => {
    fc.assert(
      fc.property(anyText(20), (given) => {
        const tenant = given.toWellFormed()
        expect(decodeURIComponent(tenantOf(tenant))).toBe(`tenant=${tenant}`)
      }),
    )
  })

  it.each([
    [0, 'year=1970/month=01/day=01'],
    [-1, 'year=1969/month=12/day=31'],
    [Date.UTC(2024, 1, 29), 'year=2024/month=02/day=29'],
    [8.64e15, 'year=275760/month=09/day=13'],
    [-8.64e15, 'year=-271821/month=04/day=20'],
    [-62_167_219_200_000 - 1, 'year=-0001/month=12/day=31'],
  ])('writes the day of %d', (ms, parts) => {
    expect(dayOf(ms)).toBe(parts)
  })

  it.each([Number.NaN, 1e300, -Infinity])('has no day for %d', (ms) => {
    const none = '__HIVE_DEFAULT_PARTITION__'
    expect(dayOf(ms)).toBe(`year=${none}/month=${none}/day=${none}`)
  })
})

describe('manifestsPlace', () => {
  it('is in the order of the chain', () => {
    const places = [1, 9, 10, 999_999_999_999].map((number) => manifestsPlace(number, number))
    expect(places.toSorted()).toEqual(places)
    expect(manifestsPlace(9, 208)).toBe('manifests/000000000009-000000000208.ndjson')
  })
})
