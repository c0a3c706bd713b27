import * as fc from 'fast-check'
import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import type { AuditOptions } from '../../../src/options.ts'
import { trail } from '../../support/app.ts'
import { anyValue } from '../event/sample.ts'

const thrower = (): never => {
  throw new TypeError('trap')
}
const refusing = (target: object): object =>
  new Proxy(
    target,
    Object.fromEntries(
      ['get', 'has', 'ownKeys', 'getPrototypeOf', 'getOwnPropertyDescriptor', 'apply'].map(
        (trap) => [trap, thrower],
      ),
    ),
  )
/** An object of which each member named here throws when it is read. */
const trapped = (...names: readonly string[]): object =>
  Object.defineProperties(
    {},
    Object.fromEntries(names.map((name) => [name, { enumerable: true, get: thrower }])),
  )

/** In functions, for fast-check itself would trip over them. */
const resisting: readonly unknown[] = [
  undefined,
  null,
  0,
  -1,
  Number.NaN,
  1n,
  '',
  ' ',
  '\0',
  '\ud800',
  true,
  Symbol('s'),
  Symbol.iterator,
  thrower,
  [],
  {},
  [null],
  [[]],
  Object.create(null),
  refusing({}),
  refusing([]),
  refusing(thrower),
  [refusing({})],
  trapped('type'),
  trapped('id', 'name'),
  trapped('steps', 'tenant', 'actor', 'reason'),
  trapped('list', 'data', 'metadata', 'error', 'title'),
  { toString: thrower },
  { type: { toString: thrower }, id: { toString: thrower } },
  { steps: [null, refusing({}), trapped('name')] },
  { steps: { map: thrower } },
  { error: refusing({}), title: Symbol('s'), code: Object.create(null) },
  { by: refusing({}), note: refusing([]), reason: Object.create(null) },
  { of: refusing({}), data: refusing({}), action: refusing({}) },
  { length: 3, list: 'x' },
  { length: -1, [Symbol.iterator]: thrower },
]
const hostile: fc.Arbitrary<() => unknown> = fc.oneof(
  fc.nat(resisting.length - 1).map((index) => () => resisting[index]),
  anyValue.map((value) => () => value),
)

type Call = (...args: readonly unknown[]) => unknown

/** Every function of an audit that an app calls with something of its own. */
const calls = (made: ReturnType<typeof trail>, where: unknown): readonly Call[] => {
  const audit = made.audit as unknown as Record<string, Call>
  const here = made.audit.in(where as never) as unknown as Record<string, Call>
  const names = [
    'record',
    'auth',
    'login',
    'loginFailed',
    'logout',
    'viewed',
    'exported',
    'downloaded',
    'process',
    'system',
    'resolve',
    'reopen',
    'fields',
  ]
  const of = (from: Record<string, Call>) =>
    names.map(
      (name): Call =>
        (...args) =>
          from[name]?.(...args),
    )
  const { process } = made.audit as unknown as {
    process: {
      (...args: readonly unknown[]): Handle
      resume: (...args: readonly unknown[]) => Handle
    }
  }
  interface Handle {
    step: (of: unknown) => Record<string, Call>
    process: Call
    end: Call
  }
  const inHandle =
    (open: (...args: readonly unknown[]) => Handle): Call =>
    (one, two, three) => {
      const handle = open(one, two)
      handle.step(three)['ok']?.(one, two)
      handle.step(one)['fail']?.(two, three, one)
      handle.step(one)['run']?.(() => two, three)
      handle.process(two, three)
      handle.end(one)
    }
  return [
    ...of(audit),
    ...of(here),
    inHandle(process),
    inHandle(process.resume),
    (one, two) => made.audit.exported(one as never).downloaded(two as never),
    (one, two) => audit['without']?.(() => one, two),
    (one) => audit['event']?.(one),
    (one) => audit['set']?.(one),
    (one, two) => audit['demand']?.(one, two),
    (one) => {
      audit['pause']?.(one)
      audit['resume']?.(one)
    },
    (one) => {
      const scope = made.audit.tryScope() as unknown as Record<string, Call> | undefined
      scope?.['extra']?.(one)
      scope?.['set']?.(one)
      scope?.['override']?.(one)
    },
  ]
}
const CALLS = calls(trail(), undefined).length

const plan = fc.array(fc.tuple(fc.nat(CALLS - 1), hostile, hostile, hostile), {
  minLength: 1,
  maxLength: 20,
})

describe('whatever an app hands to whichever function', () => {
  it.each<[string, Partial<AuditOptions>]>([
    ['with the defaults', {}],
    [
      'with everything demanded',
      { require: { target: ['*'], reason: ['nothing.*'] }, systemErrors: true },
    ],
    [
      'without async context',
      { asyncContext: { run: (_, fn) => fn(), getStore: () => undefined } },
    ],
    ['with the kill switch', { enabled: false }],
  ])('nothing is thrown into it, and every event comes to its end: %s', async (_, options) => {
    await fc.assert(
      fc.asyncProperty(plan, async (steps) => {
        const made = trail(options)
        const { audit } = made
        const run = (where: unknown): void => {
          const all = calls(made, where)
          for (const [index, ...args] of steps) all[index]?.(...args.map((make) => make()))
        }
        const app = new Hono().use(audit.middleware()).get('/', (c) => {
          run(c)
          return c.text('ok')
        })
        run(undefined)
        expect((await app.request('/')).status).toBe(200)
        await audit.runAs({}, run)
        const found = await made.events()
        const { captured, stored, lost, pending } = audit.stats()
        expect({ captured: stored + lost, lost, pending }).toEqual({
          captured,
          lost: 0,
          pending: 0,
        })
        expect(found).toHaveLength(stored)
        expect(options.enabled !== false || found.length === 0).toBe(true)
      }),
      { numRuns: 60 },
    )
  })

  it('keeps of each what is certain: its kind, its action, and that a login failed', async () => {
    const { audit, recorded, errors } = trail()
    const wrong = refusing({}) as never
    audit.loginFailed(wrong)
    audit.viewed(wrong)
    audit.exported(wrong).downloaded(wrong)
    audit.process('a.run', wrong).end(wrong)
    audit.system('error', wrong)
    audit.resolve('x', wrong)
    audit.resolve(wrong)
    audit.fields(wrong, wrong, wrong)
    expect(
      (await recorded()).map(({ kind, action, outcome }) => `${kind} ${action} ${outcome}`),
    ).toEqual([
      'auth login failure',
      'access view success',
      'export export success',
      'export export.download success',
      'process a.run unknown',
      'process a.run unknown',
      'system system.error failure',
      'system system.resolve success',
      'system system.resolve success',
      'custom snapshot success',
    ])
    expect(errors.every(({ where }) => where === 'record')).toBe(true)
    expect(errors.length).toBeGreaterThanOrEqual(8)
  })

  it('gives ids and handles that work also with the kill switch', async () => {
    const { audit, events } = trail({ enabled: false })
    const id = expect.stringMatching(/[\da-f-]{16,}$/)
    expect(audit.viewed({ type: 'a', id: 1 })).toEqual(id)
    expect(audit.exported({ type: 'a' })).toMatchObject({ id })
    expect(audit.exported({ type: 'a' }).downloaded()).toEqual(id)
    expect(audit.system('error', { title: 'x' })).toEqual(id)
    const run = audit.process('a.run')
    expect([run.id, run.step('one').ok(), run.end()]).toEqual([id, id, id])
    expect(run.step('one').run(() => 7)).toBe(7)
    await expect(run.step('one').run(() => Promise.reject(new Error('mine')))).rejects.toThrow(
      'mine',
    )
    expect(audit.without(() => 7)).toBe(7)
    expect(await events()).toEqual([])
  })
})
