import { describe, expect, it } from 'vitest'
import { guarded } from './guarded.ts'

const PROBE = "/items?id=1'+or+'1'='1"

describe('a finding', () => {
  it('is recorded with its rule, source, place and count, and with who sent it from where', async () => {
    const { send, told, audit } = guarded({
      audit: { actor: () => ({ id: 'u1' }), tenant: () => 'acme' },
    })
    const answer = await send(PROBE, { headers: { 'x-request-id': 'r-1' } })
    expect(await answer.text()).toBe('ok')
    await audit.flush()
    const [event, ...others] = await told()
    expect(others).toEqual([])
    expect(event).toMatchObject({
      kind: 'security',
      action: 'probe.sqli',
      outcome: 'unknown',
      actor: { id: 'u1' },
      tenant: 'acme',
      request: { id: 'r-1', ip: '192.0.2.1', ipFrom: 'socket', method: 'GET', path: '/items' },
      data: {
        rule: 'sqli.tautology',
        severity: 'critical',
        source: expect.stringContaining('CWE-89'),
        where: 'query',
        sample: "id=1'+or+'1'='1",
        count: 1,
        windowMs: 60_000,
      },
    })
  })

  it.each<[place: string, path: string, init: RequestInit, where: string, action: string]>([
    ['a path', '/static/..%252f..%252fetc/passwd', {}, 'path', 'probe.traversal'],
    ['a file that is probed', '/.env', {}, 'path', 'probe.path'],
    ['the name of a parameter', '/?user[$ne]=1', {}, 'query', 'probe.sqli'],
    ['a scanner', '/', { headers: { 'user-agent': 'sqlmap/1.8' } }, 'header', 'probe.scanner'],
    [
      'a referer',
      '/',
      { headers: { referer: 'https://a.example/?q=<script>alert(1)</script>' } },
      'header',
      'probe.xss',
    ],
  ])('is made in %s', async (_place, path, init, where, action) => {
    const { send, told } = guarded()
    await send(path, init)
    expect(await told()).toMatchObject([{ action, data: { where } }])
  })

  it('is one for each category of a request, the most severe', async () => {
    const { send, told } = guarded()
    await send("/?a=1+order+by+9--&b=1'+or+'1'='1&c={{7*7}}", {
      headers: { 'user-agent': 'zgrab/0.x sqlmap/1' },
    })
    const rules = (await told()).map(({ data }) => data?.['rule'])
    expect(rules.toSorted()).toEqual(['scanner.tool', 'sqli.tautology', 'template.sum'])
  })

  it('holds no secret that stood beside it', async () => {
    const { send, told } = guarded()
    await send("/?password=correct+horse'+or+'1'='1&x=1")
    const [event] = await told()
    expect(event?.data?.['sample']).toBe('password=***REDACTED***')
    expect(JSON.stringify(event)).not.toContain('horse')
  })

  it('holds no secret of an address in a header', async () => {
    const { send, told } = guarded()
    const referer = 'https://a.example/?x=1&token=tok+en<script>alert(1)</script>'
    await send('/', { headers: { referer } })
    const [event] = await told()
    expect(event?.data?.['sample']).toBe('referer: token=***REDACTED***')
  })

  it('masks what the app calls a secret', async () => {
    const { send, told } = guarded({ audit: { redact: { keys: ['iban'] } } })
    await send("/?iban=NL91+ABNA'+or+'1'='1")
    expect(JSON.stringify(await told())).not.toContain('ABNA')
  })

  it('masks by the end of a long name', async () => {
    const { send, told } = guarded()
    await send(`/?${'x '.repeat(300)}password=hunter2'+or+'1'='1`)
    const sample = String((await told())[0]?.data?.['sample'])
    expect(sample).toMatch(/password=\*\*\*REDACTED\*\*\*$/)
    expect(sample.length).toBeLessThan(100)
  })

  it('shows no more than a piece of a long value', async () => {
    const { send, told } = guarded()
    await send(`/?id=${'x'.repeat(40)}'+or+'1'='1'+--+${'y'.repeat(5_000)}`)
    const sample = String((await told())[0]?.data?.['sample'])
    expect(sample).toContain("or+'1'='1")
    expect(sample.length).toBeLessThan(250)
  })
})

describe('an ordinary request', () => {
  it('has no event of security', async () => {
    const { send, told } = guarded()
    for (const path of ['/admin', '/config-help', '/docs/sql-injection', "/?q=O'Brien"])
      await send(path)
    expect(await told()).toEqual([])
  })
})

describe('headers', () => {
  it('are judged when they are asked for, and only then', async () => {
    const headers = { 'x-forwarded-host': '${jndi:ldap://x/a}' }
    const plain = guarded()
    await plain.send('/', { headers })
    expect(await plain.told()).toEqual([])
    const asked = guarded({ security: { headers: ['X-Forwarded-Host'] } })
    await asked.send('/', { headers: { ...headers, 'user-agent': 'sqlmap/1' } })
    expect((await asked.told()).map(({ action }) => action)).toEqual(['probe.template'])
  })
})

describe('a body', () => {
  const json = (value: unknown): RequestInit => ({
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(value),
  })
  const attack = json({ user: { name: "x' or '1'='1" } })

  it('is judged only where the app asked for it', async () => {
    const { send, told } = guarded()
    await send('/json', attack)
    expect(await told()).toEqual([])
  })

  it('is judged as the handler has read it, and answered as before', async () => {
    const { send, told } = guarded({ security: { body: true } })
    const answer = await send('/json', attack)
    expect(await answer.json()).toEqual({ user: { name: "x' or '1'='1" } })
    expect(await told()).toMatchObject([
      { action: 'probe.sqli', data: { where: 'body', sample: "user[name]=x'+or+'1'='1" } },
    ])
  })

  it('adds no second event of a category that the query had already', async () => {
    const { guard, send, told } = guarded({ security: { body: true } })
    await send("/json?id=1'+or+'1'='1", attack)
    guard.flush()
    expect(await told()).toMatchObject([{ data: { where: 'query', count: 1 } }])
  })

  it('is judged as a form', async () => {
    const { send, told } = guarded({ security: { body: true } })
    await send('/form', { method: 'POST', body: new URLSearchParams({ a: '{{7*7}}' }) })
    expect(await told()).toMatchObject([{ action: 'probe.template', data: { where: 'body' } }])
  })

  it('is found out by its names', async () => {
    const { send, told } = guarded({ security: { body: true } })
    await send('/json', json({ username: { $ne: null } }))
    expect(await told()).toMatchObject([{ data: { rule: 'sqli.nosql' } }])
  })

  it('is not read for it', async () => {
    const { send, told, app } = guarded({ security: { body: true } })
    await send('/unread', attack)
    expect(await told()).toEqual([])
    const request = new Request('http://localhost/unread', attack)
    await app.fetch(request)
    expect(request.bodyUsed).toBe(false)
    expect(Object.keys(Object.getOwnPropertyDescriptors(request))).not.toContain('json')
  })

  it('is no attack when it is a document', async () => {
    const { send, told } = guarded({ security: { body: true } })
    await send('/json', json({ markdown: "```sql\nSELECT 1\n```\n' or '1'='1" }))
    expect(await told()).toEqual([])
  })
})
