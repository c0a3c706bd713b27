import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fieldLimits } from '../../../src/event/limits.ts'
import { createRedactor } from '../../../src/event/redact.ts'
import type { Truncation } from '../../../src/event/limits.ts'
import { anyText, eventOf, readBack, rowOf, utf8 } from './sample.ts'

const cut = (
  metadata: unknown,
  limits: object,
): { cuts: Truncation[]; record: Record<string, unknown> } => {
  const cuts: Truncation[] = []
  const row = createRedactor({ limits, onTruncate: (one) => cuts.push(one) }).redact(
    eventOf({ metadata }),
  )
  return { cuts, record: readBack(row) }
}
const id = eventOf().id

describe('a text beyond its limit', () => {
  it('keeps its head, and says where it was cut, to how much, and how long it was', () => {
    const { cuts, record } = cut({ a: { b: ['x', 'abcdefghij'] } }, { text: 4 })
    expect(record['metadata']).toEqual({ a: { b: ['x', 'abcd'] } })
    expect(record['truncated']).toEqual(['metadata.a.b.1'])
    expect(cuts).toEqual([{ id, field: 'metadata.a.b.1', limit: 4, length: 10 }])
  })

  it('is not split within a character', () => {
    expect(cut({ a: '\u{1f600}\u{1f600}' }, { text: 7 }).record['metadata']).toEqual({
      a: '\u{1f600}',
    })
  })

  it('is measured after masking, so that a mask is not taken for a cut', () => {
    const jwt = `eyJhbGciOiJIUzI1NiJ9.${'a'.repeat(40)}`
    const { cuts } = cut({ a: jwt }, { text: 50 })
    expect(cuts).toEqual([])
  })
})

describe('what does not fit', () => {
  it('of entries is left out from the end, and the length is told', () => {
    const { cuts, record } = cut({ list: [1, 2, 3, 4, 5] }, { entries: 3 })
    expect(record['metadata']).toEqual({ list: [1, 2, 3] })
    expect(cuts).toEqual([{ id, field: 'metadata.list', limit: 3, length: 5 }])
  })

  it('of members is left out, and the count is told', () => {
    const { cuts, record } = cut({ a: { p: 1, q: 2, r: 3 } }, { entries: 2 })
    expect(record['metadata']).toEqual({ a: { p: 1, q: 2 } })
    expect(cuts).toEqual([{ id, field: 'metadata.a', limit: 2, length: 3 }])
  })

  it('of depth is named and told', () => {
    const { cuts, record } = cut({ a: { b: { c: 1 } } }, { depth: 2 })
    expect(record['metadata']).toEqual({ a: { b: '[too deep]' } })
    expect(cuts).toMatchObject([{ field: 'metadata.a.b', limit: 2 }])
  })

  it('of the record is cut where the bytes end, and the path of it is told', () => {
    const wide = Object.fromEntries(
      Array.from({ length: 100 }, (_, index) => [`k${index + 100}`, 'x'.repeat(1_000)]),
    )
    const { cuts, record } = cut(wide, { record: 49_152 })
    expect(record['metadata']).toHaveProperty('k100')
    expect(record['metadata']).not.toHaveProperty('k199')
    expect(cuts.map(({ field }) => field)).toContain('metadata')
    expect(record['truncated']).toContain('metadata')
  })

  it('is free-form data before metadata: what the library knows counts first', () => {
    const big = (): unknown => Array.from({ length: 60 }, () => 'x'.repeat(1_000))
    const row = rowOf(
      { data: { big: big() }, metadata: { big: big() } },
      { limits: { record: 49_152 } },
    )
    const { data, metadata } = readBack(row)
    expect(JSON.stringify(data).length).toBeGreaterThan(JSON.stringify(metadata ?? {}).length)
  })
})

describe('fixed fields', () => {
  const long = 'y'.repeat(20_000)
  const cuts: Truncation[] = []
  const row = createRedactor({ onTruncate: (one) => cuts.push(one) }).redact(
    eventOf({
      action: long,
      tenant: long,
      reason: long,
      actor: { id: long, name: long, role: long, via: long, type: 'user' },
      targets: [{ id: long, name: long, type: long }],
      request: {
        id: long,
        host: long,
        ip: long,
        method: long,
        path: long,
        referrer: long,
        route: long,
        userAgent: long,
      },
      error: { type: long, message: long, stack: long },
    }),
  )

  it.each([
    ['action', fieldLimits.action],
    ['tenant', fieldLimits.tenant],
    ['reason', fieldLimits.reason],
    ['actor.id', fieldLimits.id],
    ['actor.name', fieldLimits.name],
    ['actor.role', fieldLimits.role],
    ['actor.via', fieldLimits.via],
    ['request.id', fieldLimits.requestId],
    ['request.host', fieldLimits.host],
    ['request.ip', fieldLimits.ip],
    ['request.method', fieldLimits.method],
    ['request.path', fieldLimits.path],
    ['request.referrer', fieldLimits.referrer],
    ['request.route', fieldLimits.route],
    ['request.userAgent', fieldLimits.userAgent],
    ['error.message', fieldLimits.message],
    ['error.stack', 8_192],
  ])('%s keeps %i bytes, and the cut is told', (field, limit) => {
    expect(readBack(row)).toHaveProperty(field, 'y'.repeat(limit))
    expect(readBack(row)['truncated']).toContain(field)
    expect(cuts).toContainEqual({ id, field, limit, length: 20_000 })
  })

  it('gives the columns the same cut texts', () => {
    expect(row.actorId).toBe('y'.repeat(fieldLimits.id))
    expect(row.route).toBe('y'.repeat(fieldLimits.route))
    expect(row.targetType).toBe('y'.repeat(fieldLimits.type))
    expect(row.tenant).toBe('y'.repeat(fieldLimits.tenant))
  })

  it('never lets a column take more bytes than its limit, whatever the text', () => {
    fc.assert(
      fc.property(anyText(600), (text) => {
        const made = rowOf({
          tenant: text,
          actor: { id: text, type: 'user' },
          targets: [{ id: text, type: text }],
          request: { id: text, method: text, route: text, ip: text },
        })
        const { id: most, tenant, type, requestId, method, route, ip } = fieldLimits
        expect(utf8(made.tenant ?? '')).toBeLessThanOrEqual(tenant)
        expect(utf8(made.actorId)).toBeLessThanOrEqual(most)
        expect(utf8(made.targetId ?? '')).toBeLessThanOrEqual(most)
        expect(utf8(made.targetType ?? '')).toBeLessThanOrEqual(type)
        expect(utf8(made.requestId ?? '')).toBeLessThanOrEqual(requestId)
        expect(utf8(made.method ?? '')).toBeLessThanOrEqual(method)
        expect(utf8(made.route ?? '')).toBeLessThanOrEqual(route)
        expect(utf8(made.ip ?? '')).toBeLessThanOrEqual(ip)
      }),
    )
  })
})

describe('`truncated`', () => {
  it('names each path once, in order, and is missing when nothing was cut', () => {
    const { record } = cut({ b: 'xxxxx', a: ['xxxxx', 'xxxxx'] }, { text: 2 })
    expect(record['truncated']).toEqual(['metadata.a.0', 'metadata.a.1', 'metadata.b'])
    expect(readBack(rowOf({ metadata: { a: 1 } }))).not.toHaveProperty('truncated')
  })

  it('stays small when thousands of values were cut, and onTruncate hears of them all', () => {
    const { cuts, record } = cut(
      Array.from({ length: 500 }, () => 'xxxxx'),
      { text: 2 },
    )
    expect((record['truncated'] as unknown[]).length).toBeLessThanOrEqual(24)
    expect(cuts.length).toBeGreaterThanOrEqual(500)
  })
})
