import { CloudEvent } from 'cloudevents'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cloudEvents, toCloudEvent } from '../../../../src/read/export/export.ts'
import { anyEvent, recorded } from './events.ts'
import { anyRow, event, exported, sourceOf, stored } from './rows.ts'

/** By the package of the CloudEvents project, which holds events to its JSON Schema; throws if not. */
const validate = (made: unknown): boolean => {
  const told = JSON.parse(JSON.stringify(made))
  // What the JSON Schema does not say (1.0.2, type String): no control characters.
  for (const [name, value] of Object.entries(told))
    if (name !== 'data') expect(value).toMatch(/^[^\p{Cc}\p{Cs}]+$/u)
  return new CloudEvent(told, true).validate()
}

describe('toCloudEvent', () => {
  it.each([
    { id: '' },
    { source: '' },
    { time: 'x' },
    { subject: '' },
    { Tenant: 'a' },
    { type: 7 },
  ])('would not pass for valid with %j', (wrong) => {
    expect(() => validate({ ...toCloudEvent(event), ...wrong })).toThrow(/./)
  })

  it('makes a valid event of every kind', async () => {
    for (const one of await recorded())
      expect(validate(toCloudEvent(one, { source: 'https://app.example/audit' }))).toBe(true)
  })

  it('makes a valid event of whatever a record holds', () => {
    fc.assert(
      fc.property(anyEvent, (one) => {
        expect(validate(toCloudEvent(one))).toBe(true)
      }),
      { numRuns: 500 },
    )
  })

  it.each([null, undefined, 7, 'text', [], {}])('makes one of %j too', (one) => {
    expect(validate(toCloudEvent(one))).toBe(true)
  })

  it('names kind, time, target and tenant, and has the event as its data', () => {
    const one = { ...event, id: 'e1', occurredAt: 1_767_225_600_000 }
    expect(toCloudEvent(one, { source: 'urn:app' })).toEqual({
      specversion: '1.0',
      id: 'e1',
      source: 'urn:app',
      type: 'dev.edge-audit.custom',
      time: '2026-01-01T00:00:00.000Z',
      subject: 'invoice/7',
      tenant: 'acme',
      datacontenttype: 'application/json',
      data: one,
    })
  })

  it.each(['', 'a b', 'a"b', '<a>', 'ä', '%zz', 7])('refuses the source %j', (source) => {
    const refused = expect.objectContaining({ code: 'AUDIT_QUERY_INVALID' })
    expect(() => toCloudEvent(event, { source: source as string })).toThrow(refused)
    expect(() => cloudEvents({ source: source as string })).toThrow(refused)
  })
})

describe('cloudEvents', () => {
  it('writes one event a line and nothing else, whatever the records hold', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyRow, { maxLength: 20 }), async (rows) => {
        const { text } = await exported(cloudEvents(), sourceOf(rows))
        const lines = text.split('\n').slice(0, -1)
        expect(lines).toHaveLength(rows.length)
        for (const line of lines) expect(validate(JSON.parse(line))).toBe(true)
      }),
      { numRuns: 30 },
    )
  })

  it('has as its data what may be shown of an event', async () => {
    const show = (): unknown => ({ id: 'e1', kind: 'custom', occurredAt: 0 })
    const { text } = await exported(cloudEvents(), sourceOf([stored()], { show }))
    expect(JSON.parse(text)).toMatchObject({ id: 'e1', data: show() })
    expect(text).not.toContain('acme')
  })
})
