import * as z from 'zod'
import { describe, expect, it } from 'vitest'
import { defineActions, type StandardSchema } from '../../../src/capture/actions.ts'
import type { Invalid } from '../../../src/index.ts'
import { trail } from '../../support/app.ts'

const thrower = (): never => {
  throw new Error('mine')
}

const refund = z.strictObject({
  amount: z.number(),
  lines: z.array(z.object({ sku: z.string() })).optional(),
})

const withActions = (onInvalid?: (invalid: Invalid) => void) => {
  const told: Invalid[] = []
  const actions = defineActions({ 'invoice.refund': refund })
  return { told, ...trail({ actions, onInvalid: onInvalid ?? ((invalid) => told.push(invalid)) }) }
}

/** A schema that does as it is told. */
const schema = (validate: (value: unknown) => unknown): StandardSchema => ({
  '~standard': { validate },
})

describe('defineActions', () => {
  it('marks what is wrong with the metadata of an action, tells of it, and keeps the event', async () => {
    const { audit, recorded, told, errors } = withActions()
    const ids = [
      { amount: 'all', lines: [{ sku: 's' }, { sku: 7 }] },
      undefined,
      'none',
      { amount: 12 },
    ].map((metadata) =>
      audit.record({ action: 'invoice.refund', metadata: metadata as never, data: { n: 1 } }),
    )
    const found = await recorded()
    expect(found.map(({ data }) => data)).toEqual([
      { invalid: ['metadata.amount', 'metadata.lines.1.sku'], n: 1 },
      { invalid: ['metadata.amount'], n: 1 },
      { invalid: ['metadata'], n: 1 },
      { n: 1 },
    ])
    expect(told).toEqual([
      {
        id: ids[0],
        action: 'invoice.refund',
        problems: ['metadata.amount', 'metadata.lines.1.sku'],
      },
      { id: ids[1], action: 'invoice.refund', problems: ['metadata.amount'] },
      { id: ids[2], action: 'invoice.refund', problems: ['metadata'] },
    ])
    expect(JSON.stringify(told)).not.toContain('all')
    expect(errors).toEqual([])
  })

  it('asks nothing of other actions, nor of what the scope adds', async () => {
    const { audit, recorded, told } = withActions()
    await audit.runAs({}, ({ extra }) => {
      extra({ region: 'eu' })
      audit.record({ action: 'invoice.refund', metadata: { amount: 1 } })
      for (const action of ['invoice.read', 'toString', '__proto__', 'constructor'])
        audit.record({ action, metadata: { amount: 'x' } })
    })
    expect((await recorded()).every(({ metadata }) => metadata?.['region'] === 'eu')).toBe(true)
    expect(told).toEqual([])
  })

  it('finds the schema of an action in its one spelling too', async () => {
    const { audit, told } = withActions()
    audit.record({ action: ' Invoice.Refund ', metadata: {} })
    expect(told.map(({ action }) => action)).toEqual(['invoice.refund'])
  })

  it('asks a schema once', () => {
    let asked = 0
    const actions = defineActions({ 'a.read': schema(() => ({ value: (asked += 1) })) })
    trail({ actions }).audit.record({ action: 'a.read' })
    expect(asked).toBe(1)
  })

  it.each<[string, StandardSchema]>([
    ['throws', schema(thrower)],
    ['is asynchronous', schema(() => Promise.resolve({ issues: [{ message: 'no' }] }))],
    ['rejects', schema(() => Promise.reject(new Error('mine')))],
    ['is an asynchronous one of Zod', z.object({ a: z.string().refine(async () => false) })],
    [
      'has issues with paths that throw',
      schema(() => ({ issues: [{ path: [{ key: Object.create(null) }] }] })),
    ],
  ])('keeps the event, and tells, when a schema %s', async (_, wrong) => {
    const { audit, recorded, errors } = trail({ actions: defineActions({ 'a.read': wrong }) })
    audit.record({ action: 'a.read', metadata: { a: 'x' } })
    expect(await recorded()).toMatchObject([{ action: 'a.read', metadata: { a: 'x' } }])
    expect(errors.map(({ where }) => where)).toEqual(['actions'])
  })

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['a text', 'no'],
    ['issues that are no list', { issues: 'no' }],
    ['a value', { value: 1 }],
  ])('takes %s for no problem', async (_, result) => {
    const { audit, recorded } = trail({
      actions: defineActions({ 'a.read': schema(() => result) }),
    })
    audit.record({ action: 'a.read' })
    expect((await recorded())[0]).not.toHaveProperty('data')
  })

  it('tells of a bounded number of problems, whatever their paths are', async () => {
    const issues = [
      {},
      { path: 'x' },
      { path: [{ key: 'k' }, 0, Symbol('s')] },
      ...Array.from({ length: 100_000 }, () => ({ path: ['a'] })),
    ]
    const { audit, recorded } = trail({
      actions: defineActions({ 'a.read': schema(() => ({ issues })) }),
    })
    audit.record({ action: 'a.read' })
    const invalid = (await recorded())[0]?.data?.['invalid'] as readonly string[]
    expect(invalid.slice(0, 4)).toEqual([
      'metadata',
      'metadata',
      'metadata.k.0.Symbol(s)',
      'metadata.a',
    ])
    expect(invalid).toHaveLength(50)
  })

  it.each<[string, () => unknown]>([
    ['throws', thrower],
    ['rejects', () => Promise.reject(new Error('mine'))],
  ])('keeps the event when onInvalid %s', async (_, onInvalid) => {
    const { audit, recorded, errors } = withActions(onInvalid)
    audit.record({ action: 'invoice.refund', metadata: {} })
    expect((await recorded())[0]?.data).toEqual({ invalid: ['metadata.amount'] })
    expect(errors.map(({ where }) => where)).toEqual(['onInvalid'])
  })
})
