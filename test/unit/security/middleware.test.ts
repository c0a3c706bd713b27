import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import {
  type Finding,
  security,
  type SecurityOptions,
  securityRules,
} from '../../../src/capture/security/middleware.ts'
import { isAuditError } from '../../../src/errors.ts'
import { trail } from '../../support/app.ts'
import { guarded } from './guarded.ts'

const PROBE = '/.env'

describe('block', () => {
  it('lets a request go on that it says nothing of', async () => {
    for (const answer of [undefined, false, null, 'yes' as never, 1 as never]) {
      const { send, told } = guarded({ security: { block: () => answer } })
      const response = await send(PROBE)
      expect([response.status, await response.text()]).toEqual([200, 'ok'])
      expect(await told()).toMatchObject([{ outcome: 'unknown' }])
    }
  })

  it('answers 403 as problem details, and the event is a denial', async () => {
    const { send, told, events } = guarded({ security: { block: () => true } })
    const response = await send(PROBE)
    expect(response.status).toBe(403)
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    expect(await response.json()).toMatchObject({ type: 'about:blank', status: 403 })
    expect(await told()).toMatchObject([{ action: 'probe.path', outcome: 'denied' }])
    const request = (await events()).find(({ kind }) => kind === 'request')
    expect(request).toMatchObject({ outcome: 'denied', data: { status: 403 } })
  })

  it('answers with the response of the app, also when it has to be waited for', async () => {
    const { send } = guarded({
      security: { block: async () => new Response('no', { status: 418 }) },
    })
    const response = await send(PROBE)
    expect([response.status, await response.text()]).toEqual([418, 'no'])
  })

  it('keeps the handler from running', async () => {
    let ran = false
    const { audit } = trail()
    const app = new Hono().use(security(audit, { block: () => true })).get('*', (c) => {
      ran = true
      return c.text('ok')
    })
    await app.request(PROBE)
    expect(ran).toBe(false)
  })

  it('is asked for each finding, and not about ordinary requests', async () => {
    const asked: Finding[] = []
    const block = (_c: unknown, finding: Finding) => {
      asked.push(finding)
      return finding.severity === 'critical'
    }
    const { send } = guarded({ security: { block } })
    await send('/ordinary')
    expect(asked).toEqual([])
    const response = await send("/.env?id=1'+or+'1'='1")
    expect(asked.map(({ rule }) => rule)).toEqual(['path.dotenv', 'sqli.tautology'])
    expect(response.status).toBe(403)
  })

  it('that throws blocks nothing, and is told', async () => {
    const block = () => {
      throw new Error('hook')
    }
    const { send, errors, told } = guarded({ security: { block } })
    expect((await send(PROBE)).status).toBe(200)
    expect(errors.map(({ where }) => where)).toEqual(['block'])
    expect(await told()).toMatchObject([{ outcome: 'unknown' }])
  })

  it('is asked about a burst as long as it goes on', async () => {
    const asked: string[] = []
    const block = (_c: unknown, { rule }: Finding) => {
      asked.push(rule)
      return true
    }
    const { send, pass, told } = guarded({ security: { block, burst: { count: 2 } } })
    await send('/missing/1')
    await send('/missing/2')
    expect((await send('/')).status).toBe(403)
    expect((await send('/', { ip: '192.0.2.2' })).status).toBe(200)
    pass(60_000)
    expect((await send('/')).status).toBe(200)
    expect(asked).toEqual(['burst.denied'])
    expect((await told()).map(({ action, outcome }) => [action, outcome])).toEqual([
      ['burst.denied', 'unknown'],
      ['burst.denied', 'denied'],
    ])
  })
})

describe('allow', () => {
  it.each<[what: string, allow: NonNullable<SecurityOptions['allow']>]>([
    ['a path', { paths: ['/.env'] }],
    ['a path by RegExp', { paths: [/^\/\.env$/g] }],
    ['an agent', { agents: ['SQLmap'] }],
    ['an agent by RegExp', { agents: [/sqlmap\/\d/g] }],
    ['an address', { addresses: ['192.0.2.1'] }],
    ['a network', { addresses: ['10.0.0.0/8', '192.0.2.0/24'] }],
  ])('lets %s do as it likes', async (_what, allow) => {
    const { send, told } = guarded({ security: { allow, burst: { count: 1 } } })
    const headers = { 'user-agent': 'sqlmap/1.8' }
    for (let i = 0; i < 3; i++) await send(PROBE, { headers })
    expect(await told()).toEqual([])
  })

  it('lets nobody else', async () => {
    const allow = { paths: ['/.envy'], agents: ['nikto'], addresses: ['192.0.3.0/24'] }
    const { send, told } = guarded({ security: { allow } })
    await send(PROBE, { headers: { 'user-agent': 'sqlmap/1.8' } })
    expect(await told()).toHaveLength(2)
  })

  it('that throws lets nobody, and is told', async () => {
    const fails = () => {
      throw new Error('predicate')
    }
    const { send, told, errors } = guarded({ security: { allow: { paths: [fails] } } })
    expect((await send(PROBE)).status).toBe(200)
    expect(await told()).toHaveLength(1)
    expect(errors).toMatchObject([{ where: 'allow' }])
  })

  it('lets refusals of whom it names go uncounted', async () => {
    const { send, told } = guarded({
      security: { allow: { addresses: ['192.0.2.1'] }, burst: { count: 1 } },
    })
    await send('/missing/x')
    expect(await told()).toEqual([])
    await send('/missing/x', { ip: '192.0.2.2' })
    expect(await told()).toHaveLength(1)
  })

  it('lets a path be asked for in the middle of a burst', async () => {
    const { send } = guarded({
      security: { allow: { paths: ['/login'] }, burst: { count: 1 }, block: () => true },
    })
    await send('/missing/x')
    expect((await send('/login')).status).toBe(200)
    expect((await send('/other')).status).toBe(403)
  })

  it('still tells that a request was slow', async () => {
    const { send, told } = guarded({ security: { allow: { paths: ['/**'] } } })
    await send('/slow/6000')
    expect(await told()).toMatchObject([{ action: 'system.performance' }])
  })
})

describe('rules', () => {
  const mine = {
    id: 'mine.coupon',
    category: 'coupon',
    severity: 'low',
    where: ['query'],
    pattern: /^FREE/g,
  } as const

  it('are added to, with a category of their own', async () => {
    const { send, told } = guarded({ security: { rules: [mine] } })
    for (let i = 0; i < 3; i++) await send('/?code=FREE100', { ip: `192.0.2.${i}` })
    expect((await told()).map(({ action }) => action)).toEqual(Array(3).fill('probe.coupon'))
  })

  it('that need more than words are not tried on words', async () => {
    const { send, told } = guarded({ security: { rules: [{ ...mine, plain: false }] } })
    await send('/?code=FREE100')
    expect(await told()).toEqual([])
    await send('/?code=FREE(100)')
    expect(await told()).toHaveLength(1)
  })

  it('look at the headers that they name, whatever their case', async () => {
    const rule = { ...mine, where: ['header'], headers: ['X-Coupon'] } as const
    const headers = { 'x-coupon': 'FREE', 'x-other': 'FREE' }
    const { send, told } = guarded({
      security: { rules: [rule], headers: ['x-other', 'X-COUPON'] },
    })
    await send('/', { headers: { 'x-other': 'FREE' } })
    expect(await told()).toEqual([])
    await send('/', { headers })
    expect(await told()).toMatchObject([{ data: { sample: 'x-coupon: FREE' } }])
  })

  it('are switched off by id', async () => {
    const { send, told } = guarded({
      security: { off: ['path.dotenv', 'mine.coupon'], rules: [mine] },
    })
    await send(`${PROBE}?code=FREE`)
    expect(await told()).toEqual([])
  })

  it('name their source, and no id twice', () => {
    expect(securityRules.filter(({ source }) => !source)).toEqual([])
    const ids = securityRules.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    for (const { category, id } of securityRules) expect(id.startsWith(`${category}.`)).toBe(true)
  })
})

describe('options', () => {
  it.each<[options: unknown, told: string]>([
    [{ slwo: 1 }, 'security.slwo is not an option'],
    [{ slow: true }, 'security.slow must be'],
    [{ slow: { routes: [{ match: '/a' }] } }, 'security.slow.routes[0].after must be given'],
    [{ slow: { routes: [{ match: '/a', after: 0 }] } }, 'security.slow.routes[0].after must be'],
    [{ burst: { count: 0 } }, 'security.burst.count must be'],
    [{ burst: { statuses: [200] } }, 'security.burst.statuses[0] must be'],
    [{ off: ['sqli.unoin'] }, 'off names no rule: sqli.unoin'],
    [{ rules: [{ id: 'a' }] }, 'security.rules[0].category must be given'],
    [
      {
        rules: [{ id: 'xss.uri', category: 'xss', severity: 'low', where: ['path'], pattern: /a/ }],
      },
      'rules holds xss.uri twice',
    ],
    [
      { rules: [{ id: 'a', category: 'a', severity: 'bad', where: [], pattern: /a/ }] },
      'security.rules[0].severity must be one of',
    ],
    [{ headers: ['a b'] }, 'security.headers[0] must be'],
    [{ body: 1 }, 'security.body must be'],
    [{ allow: { addresses: ['10.0.0'] } }, 'security.allow.addresses[0] must be'],
    [{ allow: { agents: [''] } }, 'security.allow.agents[0] must be'],
    [{ allow: { paths: [{ pth: '/a' }] } }, 'security.allow.paths[0].pth is not an option'],
    [{ block: true }, 'security.block must be'],
    [{ window: 0 }, 'security.window must be'],
    [{ limits: { windows: 0 } }, 'security.limits.windows must be'],
    [{ ambient: { elapsed: 1 } }, 'security.ambient.elapsed must be'],
  ])('%j are refused when the app starts', (options, message) => {
    const { audit } = trail()
    let thrown: unknown
    try {
      security(audit, options as SecurityOptions)
    } catch (error) {
      thrown = error
    }
    expect(isAuditError(thrown) && [thrown.code, thrown.detail]).toEqual([
      'AUDIT_OPTION_INVALID',
      expect.stringContaining(message),
    ])
  })

  it('may all be left out, or be undefined', () => {
    const { audit } = trail()
    security(audit)
    security(audit, { slow: undefined, burst: undefined, allow: undefined, rules: undefined })
  })
})

describe('the middleware', () => {
  it.each(['below', 'above', 'alone'] as const)(
    'records with the actor of the request that was judged, mounted %s',
    async (order) => {
      const { send, told } = guarded({ order, audit: { actor: () => ({ id: 'u1' }) } })
      await send(PROBE, { headers: { 'x-request-id': 'r-1' } })
      const [event] = await told()
      expect(event?.request?.ip).toBe('192.0.2.1')
      expect([event?.actor.id, event?.request?.id]).toEqual(
        order === 'alone' ? ['anonymous', ''] : ['u1', 'r-1'],
      )
    },
  )

  it('judges a request once, mounted twice', async () => {
    const { audit, recorded } = trail()
    const guard = security(audit, { window: 1 })
    const inner = new Hono().use(guard).get('*', (c) => c.text('ok'))
    const app = new Hono().use(audit.middleware(), guard).route('/', inner)
    await app.request(PROBE)
    guard.flush()
    expect(await recorded()).toHaveLength(1)
  })

  it('changes no answer and no error', async () => {
    const paths = ['/', PROBE, '/throws', '/missing/x', '/status/401', '/slow/9999']
    const plain = guarded({ order: 'alone', security: { rules: [], allow: { paths: ['/**'] } } })
    for (const order of ['below', 'above'] as const) {
      const { app } = guarded({ order })
      for (const path of paths) {
        const [one, other] = [await plain.app.request(path), await app.request(path)]
        expect([other.status, await other.text(), [...other.headers]]).toEqual([
          one.status,
          await one.text(),
          [...one.headers],
        ])
      }
    }
  })

  it('records what came with a handler that throws', async () => {
    const { send, told } = guarded()
    expect((await send('/throws?x={{7*7}}')).status).toBe(500)
    expect(await told()).toHaveLength(1)
  })

  it('lets through what is thrown and is no error', async () => {
    const { audit, recorded } = trail()
    const app = new Hono().use(audit.middleware(), security(audit)).get('*', () => {
      // oxlint-disable-next-line typescript/only-throw-error
      throw 'text'
    })
    await expect(app.request(PROBE)).rejects.toBe('text')
    expect(await recorded()).toHaveLength(1)
  })

  it('never throws into the app, whatever its functions do', async () => {
    const fails = () => {
      throw new Error('mine')
    }
    const { send, errors } = guarded({
      security: {
        address: fails,
        tenant: fails,
        block: fails,
        slow: { routes: [{ match: fails, after: 1 }] },
        onError: undefined,
      },
    })
    const { audit } = trail()
    const told: string[] = []
    const broken = security(
      { record: fails, tryScope: () => audit.tryScope() },
      { onError: (where) => told.push(where) },
    )
    expect(
      (
        await new Hono()
          .use(broken)
          .get('*', (c) => c.text('ok'))
          .request(PROBE)
      ).status,
    ).toBe(200)
    broken.flush()
    expect(told).toEqual(['security'])
    expect((await send(PROBE)).status).toBe(200)
    expect(errors).toEqual([])
  })

  it('reads addresses as it is told', async () => {
    const address = () => '203.0.113.5'
    const { send, told } = guarded({ security: { address } })
    await send(PROBE)
    expect((await told())[0]?.request).toMatchObject({ ip: '203.0.113.5', ipFrom: 'app' })
  })

  it('does nothing that shows when the audit is switched off', async () => {
    const { send, events } = guarded({ audit: { enabled: false } })
    expect((await send(PROBE)).status).toBe(200)
    expect(await events()).toEqual([])
  })
})
