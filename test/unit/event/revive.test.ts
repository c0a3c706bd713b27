import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRedactor } from '../../../src/event/redact.ts'
import { revive } from '../../../src/event/revive.ts'
import { anyEvent, anyText, anyValue, eventOf, readBack } from './sample.ts'

const { redact } = createRedactor({})

describe('revive', () => {
  it('makes of any record the row that it was', () => {
    const objects = anyEvent.map(({ changes, metadata, ...event }) => ({
      ...event,
      changes: { value: changes },
      data: { status: 200 },
      metadata: { value: metadata },
    }))
    fc.assert(
      fc.property(objects, (event) => {
        const row = redact(event)
        expect(revive(row.record)).toStrictEqual(row)
      }),
    )
  })

  it('makes nothing of what is not an event', () => {
    const event = readBack(redact(eventOf()))
    const broken: readonly unknown[] = [
      { ...event, v: 2 },
      { ...event, id: 'x' },
      { ...event, tenant: 7 },
      { ...event, kind: 'constructor' },
      { ...event, outcome: '__proto__' },
      { ...event, occurredAt: 1.5 },
      { ...event, actor: { id: 'u1', type: 'root' } },
      { ...event, actor: null },
      { ...event, targets: [{ id: 7, type: 'x' }] },
      { ...event, targets: {} },
      { ...event, request: { id: 'r', ip: 7 } },
      { ...event, data: [] },
    ]
    for (const one of broken) expect(revive(JSON.stringify(one))).toBeUndefined()
    expect(revive(JSON.stringify(event))).toBeDefined()
  })

  it('never throws, whatever the text', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          anyText(),
          fc.json(),
          anyValue.map((value) => typeof value),
        ),
        (text) => {
          expect(revive(text)).toBeUndefined()
        },
      ),
    )
  })
})
