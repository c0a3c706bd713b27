import { describe, expect, it } from 'vitest'
import type { AuditError } from '../../../src/errors.ts'
import { keep, type KeepOptions, restore, type RestoreOptions } from '../../../src/keep/keep.ts'
import { desk } from './desk.ts'

const never = [null, 'text', -1, Number.NaN, [], 1.5] as const
const count = [0, ...never, '5', Infinity, 1n] as const

const wrongOf = (
  options: Readonly<Record<string, readonly unknown[]>>,
): readonly (readonly [string, unknown])[] =>
  Object.entries(options).flatMap(([name, values]) => values.map((value) => [name, value] as const))

const wrong = wrongOf({
  to: [null, 'directory', {}, { put: () => undefined }, 7, true],
  format: [null, 'ndjson', {}, () => undefined],
  archiveAfter: [null, '90', '0d', '30m', 59_000, -1, '90 days', 'never', '2000y'],
  deleteAfter: [null, '90', '0d', 'always', 59_000, true],
  policies: [null, {}, 'all', 7],
  redeliver: [null, {}, 'yes'],
  budgetMs: [...count, 86_400_001],
  budgetRows: count,
  segmentRows: [...count, 100_001],
  segmentBytes: [...count, 268_435_457],
  signal: [null, true, [], {}],
  ambient: [null, 'clock', []],
  archiveBefore: ['90d'],
})

/** A run by these options alone, on an empty trail. */
const run = (options: unknown): Promise<unknown> => {
  const { audit, objects } = desk()
  const right = { archiveAfter: '90d', to: objects } as const
  return keep(audit, { ...right, ...(options as Partial<KeepOptions>) })
}

/** What is said against options; they are wrong on purpose. */
const toldBy = async (call: Promise<unknown>): Promise<string> => {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason as AuditError,
  )
  expect(error?.code).toBe('AUDIT_OPTION_INVALID')
  return error?.detail ?? ''
}

describe('keep', () => {
  it.each(wrong)('names the option %s that is wrong: %o', async (name, value) => {
    const detail = await toldBy(run({ [name]: value }))
    expect(detail.startsWith(`${name} `)).toBe(true)
  })

  it.each([
    ['ambient.now', { ambient: { now: 7 } }],
    ['policies[1].kind', { policies: [{ deleteAfter: '1y' }, { kind: 'all', deleteAfter: '1y' }] }],
    ['policies[0].tenant', { policies: [{ tenant: undefined, deleteAfter: '1y' }] }],
    ['policies[0]', { policies: [{ tenant: 'a' }] }],
    ['deleteAfter', { archiveAfter: '90d', deleteAfter: '30d' }],
  ])('names what is wrong: %s', async (name, options) => {
    const detail = await toldBy(run(options))
    expect(detail.startsWith(`${name} `)).toBe(true)
  })

  it('asks for a place to archive to', async () => {
    expect(await toldBy(run({ to: undefined }))).toMatch(/^to /)
    expect(await toldBy(run({ to: () => null }))).toMatch(/^to /)
  })

  it('does nothing before its options are right', async () => {
    const { aged, keep, live, told } = desk()
    await aged([400])
    let called = false
    const redeliver = (): void => {
      called = true
    }
    await toldBy(keep({ deleteAfter: '30d', budgetMs: 0, redeliver }))
    expect([called, await told(), (await live()).length]).toEqual([false, [], 1])
  })

  it('takes what is undefined for what is left out', async () => {
    const { aged, keep } = desk()
    await aged([100])
    const none = { format: undefined, budgetMs: undefined, budgetRows: undefined, env: undefined }
    const sizes = { segmentRows: undefined, segmentBytes: undefined, signal: undefined }
    expect(await keep({ ...none, ...sizes })).toMatchObject({ moved: 1 })
  })

  it('gives the bindings to the function that gives the archive', async () => {
    const { aged, keep, objects } = desk()
    await aged([100])
    const given: unknown[] = []
    const to = (env: unknown) => {
      given.push(env)
      return objects
    }
    await keep({ to, env: { BUCKET: 1 } })
    expect(given).toEqual([{ BUCKET: 1 }])
  })
})

const wrongRestore = wrongOf({
  from: [null, undefined, '2026', Number.NaN, 0.5, -1, new Date('x')],
  to: [null, undefined, '2026', Infinity],
  tenant: ['', 7, ['a']],
  archive: [null, undefined, {}, 'directory'],
  into: [undefined, null, 'archive', 'lives'],
  reason: [undefined, null, '', ' ', 'x'.repeat(1_001)],
  by: [undefined, null, '', 7, 'x'.repeat(201)],
  hold: [null, '', 7],
  since: [0],
})

describe('restore', () => {
  it.each(wrongRestore)('names the option %s that is wrong: %o', async (name, value) => {
    const { audit, objects, told } = desk()
    const options = {
      from: 0,
      to: 1,
      archive: objects,
      into: 'live',
      reason: 'r',
      by: 'b',
    } as const
    const given = { ...options, [name]: value } as RestoreOptions
    expect((await toldBy(restore(audit, given))).startsWith(`${name} `)).toBe(true)
    expect(await told()).toEqual([])
  })

  it('asks for a time that is none before it begins', async () => {
    const { audit, objects } = desk()
    const options = { archive: objects, into: 'live', reason: 'r', by: 'b' } as const
    expect(await toldBy(restore(audit, { ...options, from: 5, to: 5 }))).toMatch(/^to /)
  })
})
