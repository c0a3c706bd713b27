import type { Audit } from 'edge-audit'
import { Hono } from 'hono'
import { type User, users } from './users.ts'

/** Getting in and out. The routes of `auth()` record logins and logouts; the rest is said here. */
export const accountRoutes = (audit: Audit) =>
  new Hono<{ Variables: { user?: User } }>()
    .post('/login', async (c) => {
      const { username, password } = await c.req.json<{ username?: string; password?: string }>()
      const user = users.get(username ?? '')
      if (user === undefined || password !== `${user.id}-secret`)
        return c.json({ error: 'wrong name or password' }, 401)
      // The route's event says who came in.
      c.set('user', user)
      return c.json({ token: 'a token of a real app' })
    })
    .post('/logout', (c) => c.body(null, 204))
    .post('/password', (c) => {
      const user = c.get('user')
      if (user === undefined) return c.json({ error: 'sign in first' }, 401)
      audit.auth('password.change', { method: 'password', name: user.id })
      return c.body(null, 204)
    })
    .post('/impersonate/:id', async (c) => {
      const user = c.get('user')
      const other = users.get(c.req.param('id'))
      if (user?.role !== 'accountant' || other === undefined)
        return c.json({ error: 'only accountants may' }, 403)
      const { reason } = await c.req.json<{ reason?: string }>()
      const target = { type: 'user', id: other.id, name: other.name }
      audit.auth('impersonation.start', { target, reason })
      audit.auth('impersonation.end', { target })
      return c.json({ seen: other.name })
    })
