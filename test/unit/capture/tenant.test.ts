import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import { trail } from '../../support/app.ts'

describe('the tenant', () => {
  it('is the explicit one, then the scope’s, then the option’s, then none', async () => {
    const made = trail({ tenant: (c) => c.req.header('x-tenant') })
    const app = new Hono().use(made.audit.middleware()).get('/', (c) => {
      made.audit.record({ action: 'a.read', tenant: 'explicit' })
      made.audit.record({ action: 'b.read', tenant: null })
      if (c.req.query('scope') !== undefined) made.audit.scope().override({ tenant: 'scope' })
      return c.text('ok')
    })
    await app.request('/?scope', { headers: { 'x-tenant': 'option' } })
    await app.request('/', { headers: { 'x-tenant': 'option' } })
    await app.request('/')
    expect((await made.events()).map(({ tenant }) => tenant)).toEqual([
      'explicit',
      null,
      'scope',
      'explicit',
      null,
      'option',
      'explicit',
      null,
      null,
    ])
  })

  it('is none when the option throws, and the event is kept', async () => {
    const made = trail({
      tenant: () => {
        throw new Error('mine')
      },
    })
    await new Hono().use(made.audit.middleware()).request('/')
    expect((await made.request()).tenant).toBeNull()
    expect(made.errors).toEqual([{ where: 'tenant', error: new Error('mine') }])
  })
})
