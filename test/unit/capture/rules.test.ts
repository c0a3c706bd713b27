import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import type { AuditOptions, Rule } from '../../../src/options.ts'
import { trail } from '../../support/app.ts'

/** Which of these requests are audited: `GET /a`, or `/a` for short. */
const audited = async (options: Partial<AuditOptions>, asked: readonly string[]) => {
  const { audit, events } = trail(options)
  const app = new Hono().use(audit.middleware()).all('*', (c) => c.text('ok'))
  for (const line of asked) {
    const [path = '', method = 'GET'] = line.split(' ').toReversed()
    await app.request(path, { method })
  }
  const found = new Set(
    (await events()).map(
      ({ request }) => `${request?.method === 'GET' ? '' : `${request?.method} `}${request?.path}`,
    ),
  )
  return asked.filter((line) => found.has(line))
}

const paths = ['/', '/api/users', '/api/users/7', '/health', '/app.js', 'POST /api/users']

describe('what is audited', () => {
  it('is everything but static assets by default', async () => {
    const assets = ['/app.js', '/a/b.CSS', '/favicon.ico', '/font.woff2', 'HEAD /logo.svg']
    const rest = ['/', '/a.json', '/download.pdf', '/js', 'POST /app.js', 'DELETE /logo.png']
    expect(await audited({}, [...assets, ...rest])).toEqual(rest)
  })

  it.each<[string, Partial<AuditOptions>, readonly string[]]>([
    ['a glob', { include: ['/api/**'] }, ['/api/users', '/api/users/7', 'POST /api/users']],
    ['one segment', { include: ['/api/*'] }, ['/api/users', 'POST /api/users']],
    ['a RegExp', { include: [/^\/api\/users\/\d+$/] }, ['/api/users/7']],
    ['a global RegExp', { include: [/users/g] }, ['/api/users', '/api/users/7', 'POST /api/users']],
    ['a predicate', { include: [(c) => c.req.method === 'POST'] }, ['POST /api/users']],
    ['methods', { include: [{ path: '/api/**', methods: ['post'] }] }, ['POST /api/users']],
    ['a RegExp in an object', { include: [{ path: /7$/ }] }, ['/api/users/7']],
    ['the source of a RegExp', { include: [{ regexp: '7$' }] }, ['/api/users/7']],
    [
      'all of an object',
      { include: [{ path: '/api/**', when: (c) => c.req.path.endsWith('7') }] },
      ['/api/users/7'],
    ],
    ['any of a list', { include: ['/', '/health'] }, ['/', '/health']],
    ['nothing', { include: [] }, []],
  ])('is what include names: %s', async (_, options, found) => {
    expect(await audited(options, paths)).toEqual(found)
  })

  it('is not what exclude names, even if include does', async () => {
    const options = { include: ['/api/**'], exclude: [{ path: '/api/users', methods: ['GET'] }] }
    expect(await audited(options, paths)).toEqual(['/api/users/7', 'POST /api/users'])
  })

  it('has static assets too when exclude is empty', async () => {
    expect(await audited({ exclude: [] }, ['/app.js'])).toEqual(['/app.js'])
  })

  it('hides nothing when a predicate throws, and tells', async () => {
    const broken = (): boolean => {
      throw new Error('mine')
    }
    const made = trail({
      include: [broken],
      exclude: [broken],
      rules: [{ match: broken, audit: false }],
    })
    const app = new Hono().use(made.audit.middleware()).get('/', (c) => c.text('ok'))
    expect((await app.request('/')).status).toBe(200)
    await made.request()
    expect(made.errors.map(({ where }) => where)).toEqual(['match', 'match', 'match'])
  })
})

describe('rules', () => {
  const rules = (...list: readonly Rule[]): Partial<AuditOptions> => ({ rules: list })

  it('leave requests out', async () => {
    const options = rules({ match: '/health', audit: false })
    expect(await audited(options, ['/', '/health'])).toEqual(['/'])
  })

  it('win over those before them, option by option', async () => {
    const options = rules(
      { match: '**', audit: false },
      { match: '/api/**', audit: true },
      { match: '/api/users', sample: 1 },
    )
    expect(await audited(options, ['/', '/api/users', '/api/users/7'])).toEqual([
      '/api/users',
      '/api/users/7',
    ])
  })

  it('bring back nothing that exclude leaves out', async () => {
    expect(await audited(rules({ match: '**', audit: true }), ['/app.js', '/'])).toEqual(['/'])
  })

  it('keep what a handler records in a request that is left out', async () => {
    const { audit, events } = trail(rules({ match: '**', audit: false }))
    const app = new Hono().use(audit.middleware()).get('/', (c) => {
      audit.record({ action: 'a.read' })
      return c.text('ok')
    })
    await app.request('/')
    expect((await events()).map(({ action }) => action)).toEqual(['a.read'])
  })

  it('name the action', async () => {
    const { audit, request } = trail(rules({ match: '/login', action: ' User Login ' }))
    await new Hono().use(audit.middleware()).request('/login')
    expect((await request()).action).toBe('user_login')
  })
})

describe('sampling', () => {
  /** 100 requests under a die that shows 0.00, 0.01 … 0.99. */
  const hundred = async (status: number) => {
    let rolled = 0
    const made = trail({
      rules: [{ match: '/sampled', sample: 0.25 }],
      ambient: {
        random: (bytes) => {
          if (bytes.length === 4)
            new DataView(bytes.buffer).setUint32(0, (rolled++ / 100) * 2 ** 32)
          else crypto.getRandomValues(bytes)
        },
      },
    })
    const app = new Hono()
      .use(made.audit.middleware())
      .all('*', () => new Response('x', { status }))
    for (let request = 0; request < 100; request += 1) await app.request('/sampled')
    return { ...made, app }
  }

  it('keeps its share of successes, says so in them, and counts the others', async () => {
    const { audit, events } = await hundred(200)
    const found = await events()
    expect(found).toHaveLength(25)
    expect(found.every(({ data }) => data?.['sample'] === 0.25)).toBe(true)
    expect(audit.stats()).toMatchObject({ sampledOut: 75, captured: 25 })
  })

  it.each([500, 401])('keeps every failure and denial: %i', async (status) => {
    expect(await (await hundred(status)).events()).toHaveLength(100)
  })

  it('touches no request that its rule does not match', async () => {
    const { app, events } = await hundred(200)
    await app.request('/other')
    expect(await events()).toHaveLength(26)
  })
})
