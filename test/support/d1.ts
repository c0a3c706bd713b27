import type { D1Binding, D1Statement } from '../../adapters/store/d1.ts'

/** Statements for one database, as they go to the desk. */
interface Order {
  readonly database: string
  readonly batch: boolean
  readonly statements: readonly { readonly sql: string; readonly args: readonly unknown[] }[]
}

// Runs in workerd, next to the bindings, and does what it is told.
const script = `export default {
  async fetch(request, env) {
    const { database, batch, statements } = await request.json()
    const prepared = statements.map(({ sql, args }) => env[database].prepare(sql).bind(...args))
    try {
      return Response.json(batch ? await env[database].batch(prepared) : await prepared[0].raw())
    } catch (error) {
      return Response.json(error.message, { status: 500 })
    }
  },
}`

/** A worker that runs statements for a test, at a port of its own. */
export const desk = (databases: Readonly<Record<string, string>>) => ({
  name: 'desk',
  modules: true as const,
  script,
  compatibilityDate: '2026-04-01',
  d1Databases: databases,
  unsafeDirectSockets: [{ host: '127.0.0.1', port: 0 }],
})

/**
 * The binding `database` of a desk, for a test outside of workerd. Miniflare's own way there waits
 * for each property on a shared cell, and a late wake-up of one wait ends the next one too early
 * (`message?.id === id`), about once in some ten thousand.
 */
export const throughDesk = (url: URL, database: string): D1Binding => {
  const send = async (batch: boolean, statements: Order['statements']): Promise<unknown> => {
    const order: Order = { database, batch, statements }
    // A connection of its own: workerd closes one that was idle for 5 s, even while a busy test writes to it.
    const headers = { connection: 'close' }
    const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(order) })
    const result: unknown = await answer.json()
    if (!answer.ok) throw new Error(String(result))
    return result
  }
  const sent = new WeakMap<D1Statement, Order['statements'][number]>()
  return {
    prepare: (sql) => ({
      bind: (...args) => {
        const raw = () => send(false, [{ sql, args }]) as Promise<unknown[][]>
        const statement = { raw }
        sent.set(statement, { sql, args })
        return statement
      },
    }),
    batch: (statements) =>
      send(
        true,
        statements.flatMap((one) => sent.get(one) ?? []),
      ),
  }
}
