import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { revive } from '../../../src/event/revive.ts'
import { columnsOf } from '../../../src/event/row.ts'
import { eventSchema } from '../../../src/event/schema.ts'
import { letter } from '../../conformance/dead-letter.ts'

const event = {
  action: 'invoice.refund',
  actor: { id: 'u1', type: 'user' },
  data: { status: 200 },
  id: '01890000-0000-7000-8000-000000000001',
  kind: 'request',
  occurredAt: 1_700_000_000_000,
  outcome: 'success',
  request: { id: 'r1', ip: '192.0.2.1', method: 'POST', route: '/invoices/:id' },
  targets: [{ id: 'i1', type: 'invoice' }],
  tenant: 't1',
  v: 1,
}

const kinds = [
  'request',
  'auth',
  'process',
  'change',
  'access',
  'export',
  'system',
  'security',
  'custom',
]

describe('revive', () => {
  it('keeps the record byte for byte and derives the columns', () => {
    const record = JSON.stringify(event)
    expect(revive(record)).toEqual({ ...columnsOf(eventSchema.parse(event)), record })
  })

  it.each(kinds)('knows the kind %s', (kind) => {
    expect(revive(JSON.stringify({ ...event, kind }))?.kind).toBe(kind)
  })

  it('takes fields of a later minor version', () => {
    expect(revive(JSON.stringify({ ...event, later: { field: 1 } }))).toBeDefined()
  })

  it.each([
    ['another version', { v: 2 }],
    ['no id', { id: undefined }],
    ['an id that is no UUID', { id: 'i1' }],
    ['a tenant that is no text', { tenant: 1 }],
    ['no tenant, not even null', { tenant: undefined }],
    ['a time that is no number', { occurredAt: '2026' }],
    ['a time between two milliseconds', { occurredAt: 1.5 }],
    ['an unknown kind', { kind: 'gossip' }],
    ['a kind that every object has', { kind: 'constructor' }],
    ['an unknown outcome', { outcome: 'maybe' }],
    ['no action', { action: undefined }],
    ['no actor', { actor: null }],
    ['an actor of an unknown type', { actor: { id: 'u1', type: 'ghost' } }],
    ['an actor without an id', { actor: { type: 'user' } }],
    ['targets that are no list', { targets: {} }],
    ['a target without an id', { targets: [{ type: 'invoice' }] }],
    ['a request without an id', { request: { method: 'GET' } }],
    ['a route that is no text', { request: { id: 'r1', route: 1 } }],
    ['data that is no object', { data: 'text' }],
  ])('gives nothing for %s', (_, change) => {
    expect(revive(JSON.stringify({ ...event, ...change }))).toBeUndefined()
  })

  it('gives nothing, and throws nothing, for any other text', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.json(), fc.constantFrom('null', '[]', '1', '')),
        (text) => {
          expect(revive(text)).toBeUndefined()
        },
      ),
    )
  })

  it('gives nothing for a record that was cut anywhere', () => {
    const { record } = letter(1, '👩‍👩‍👧')
    fc.assert(
      fc.property(fc.integer({ min: 0, max: record.length - 1 }), (end) => {
        expect(revive(record.slice(0, end))).toBeUndefined()
      }),
    )
  })
})
