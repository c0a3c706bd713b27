import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRedactor } from '../../../src/event/redact.ts'
import { columnsOf, type EventRow, type Indexed } from '../../../src/event/row.ts'
import { eventSchema } from '../../../src/event/schema.ts'
import { anyEvent, anyValue, canonical, eventOf, readBack, rowOf, utf8 } from './sample.ts'

const runs = { numRuns: 150 }
const { redact } = createRedactor({})

const columns = ({ record, ...rest }: EventRow): unknown => (record === '' ? undefined : rest)
const derived = (row: EventRow): unknown => columnsOf(readBack(row) as unknown as Indexed)

describe('the record of any event', () => {
  it('is the canonical JSON of what it says, byte for byte', () => {
    fc.assert(
      fc.property(anyEvent, (event) => {
        const row = redact(event)
        expect(canonical(readBack(row))).toBe(row.record)
      }),
      runs,
    )
  })

  it('can be stored anywhere: well-formed and without NUL', () => {
    fc.assert(
      fc.property(anyEvent, (event) => {
        const { record, ...rest } = redact(event)
        for (const text of [record, ...Object.values(rest).map(String)]) {
          expect(text.isWellFormed()).toBe(true)
          expect(text).not.toContain('\0')
        }
        // An escaped one would be a NUL again for who parses it.
        expect(record).not.toMatch(/(?<!\\)(?:\\\\)*\\u0000/)
      }),
      runs,
    )
  })

  it('is what the schema promises to readers', () => {
    fc.assert(
      fc.property(anyEvent, (event) => {
        expect(eventSchema.safeParse(readBack(redact(event))).error).toBeUndefined()
      }),
      runs,
    )
  })

  it('says the same as the columns beside it', () => {
    fc.assert(
      fc.property(anyEvent, (event) => {
        const row = redact(event)
        expect(derived(row)).toStrictEqual(columns(row))
      }),
      runs,
    )
  })

  it.each([49_152, 65_536])('takes no more than %i bytes when that is the limit', (record) => {
    const redactor = createRedactor({ limits: { record } })
    fc.assert(
      fc.property(anyEvent, (event) => {
        expect(utf8(redactor.redact(event).record)).toBeLessThanOrEqual(record)
      }),
      runs,
    )
  })
})

const long = (length: number): string => '\u20ac'.repeat(length)

/** Every fixed field at its limit, and as many of them as there may be. */
const largest = eventOf({
  action: 'a'.repeat(500),
  tenant: long(500),
  reason: long(5_000),
  actor: {
    id: long(500),
    name: long(500),
    role: long(500),
    type: 'user',
    via: long(500),
    onBehalfOf: Array.from({ length: 9 }, () => ({
      id: long(500),
      name: long(500),
      role: long(500),
      type: 'user' as const,
      via: long(500),
    })),
  },
  targets: Array.from({ length: 90 }, () => ({ id: long(500), name: long(500), type: long(500) })),
  request: {
    id: long(500),
    host: long(500),
    ip: long(500),
    method: long(500),
    path: long(5_000),
    referrer: long(5_000),
    route: long(5_000),
    scheme: long(500),
    userAgent: long(5_000),
    geo: {
      city: long(500),
      region: long(500),
      timezone: long(500),
      country: long(500),
      colo: long(500),
    },
  },
  error: {
    type: long(500),
    message: long(5_000),
    stack: long(50_000),
    causes: Array.from({ length: 9 }, () => ({ type: long(500), message: long(5_000) })),
  },
})

describe('the largest event', () => {
  const wide = Object.fromEntries(
    Array.from({ length: 900 }, (_, index) => [`${index}`, long(200)]),
  )

  it.each([49_152, 65_536, 200_000])(
    'stays within %i bytes with all fixed fields full',
    (record) => {
      const row = createRedactor({ limits: { record } }).redact({
        ...largest,
        changes: wide,
        data: wide,
        metadata: wide,
      })
      expect(utf8(row.record)).toBeLessThanOrEqual(record)
    },
  )

  it('stays within its limit when names take more bytes than characters', () => {
    const control = Object.fromEntries(
      Array.from({ length: 900 }, (_, index) => [`\u0001${'\u0002'.repeat(50)}${index}`, 1]),
    )
    const euros = Object.fromEntries(
      Array.from({ length: 900 }, (_, index) => [`${long(70)}${index}`, 1]),
    )
    for (const metadata of [control, euros, { deep: { deep: control, more: euros } }]) {
      expect(utf8(redact({ ...largest, targets: [], metadata }).record)).toBeLessThanOrEqual(65_536)
    }
  })

  it('loses free-form values before it loses who did what', () => {
    const row = redact({ ...largest, metadata: wide })
    expect(readBack(row)['actor']).toHaveProperty('onBehalfOf.0.id')
    expect(eventSchema.safeParse(readBack(row)).success).toBe(true)
  })
})

describe('an event whose free-form values are no objects', () => {
  it('is still one that the schema accepts', () => {
    for (const value of [
      'text',
      7,
      true,
      [1, 2],
      new Set([1]),
      7n,
      Symbol('s'),
      null,
      () => 1,
      new Date(0),
    ]) {
      const row = rowOf({ changes: value, data: value, metadata: value })
      expect(eventSchema.safeParse(readBack(row)).error).toBeUndefined()
    }
  })

  it('is accepted whatever value stands there', () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        const row = rowOf({ changes: value, data: value, metadata: value })
        expect(eventSchema.safeParse(readBack(row)).error).toBeUndefined()
        expect(derived(row)).toStrictEqual(columns(row))
      }),
      runs,
    )
  })

  it('is accepted when a rule masks all of them', () => {
    const row = rowOf(
      { changes: { a: { old: 1 } }, data: { status: 200 }, metadata: { a: 1 } },
      { redact: { paths: ['changes', 'data', 'metadata', 'metadata.**'] } },
    )
    expect(eventSchema.safeParse(readBack(row)).error).toBeUndefined()
  })
})

describe('the column `status`', () => {
  it.each([
    ['NaN', Number.NaN],
    ['Infinity', Infinity],
    ['-0', -0],
    ['a text', '200'],
    ['null', null],
    ['a card number', 4_111_111_111_111_111],
  ])('says the same as the record when the status is %s', (_, status) => {
    const row = rowOf({ data: { status } })
    expect(derived(row)).toStrictEqual(columns(row))
  })

  it('says the same as the record when the status is masked by a rule', () => {
    for (const redact of [
      { paths: ['data.status'] },
      { keys: ['status'] },
      { paths: ['data.*'] },
    ]) {
      const row = rowOf({ data: { status: 418 } }, { redact })
      expect(derived(row)).toStrictEqual(columns(row))
    }
  })

  it('says the same as the record when a getter answers differently each time', () => {
    let asked = 0
    const data = {
      get status() {
        asked += 1
        return asked
      },
    }
    const row = rowOf({ data })
    expect(derived(row)).toStrictEqual(columns(row))
  })
})
