import * as fc from 'fast-check'
import { type Context, Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import { body as keeping } from '../../../src/capture/body/body.ts'
import { trail } from '../../support/app.ts'

// The same app with the audit and without it: whatever a handler does with its request, it answers the
// same bytes, status and headers, and throws the same errors.

type Style = (c: Context) => Promise<unknown>

const latin1 = new TextDecoder('latin1')

const told = async (work: () => Promise<unknown> | undefined): Promise<unknown> => {
  try {
    const value = await work()
    if (value instanceof ArrayBuffer || value instanceof Uint8Array) return latin1.decode(value)
    if (value instanceof Blob) return [value.type, await value.text()]
    if (value instanceof FormData) {
      return await Promise.all(
        Array.from(value, async ([name, entry]) => [
          name,
          typeof entry === 'string' ? entry : [entry.name, entry.type, await entry.text()],
        ]),
      )
    }
    return value
  } catch (error) {
    return error instanceof Error ? [error.name, error.message] : error
  }
}

const reads: Readonly<Record<string, Style>> = {
  'c.req.json': (c) => c.req.json(),
  'c.req.text': (c) => c.req.text(),
  'c.req.arrayBuffer': (c) => c.req.arrayBuffer(),
  'c.req.blob': (c) => c.req.blob(),
  'c.req.formData': (c) => c.req.formData(),
  'c.req.parseBody': (c) => c.req.parseBody({ all: true }),
  'raw.json': (c) => c.req.raw.json(),
  'raw.text': (c) => c.req.raw.text(),
  'raw.bytes': (c) => c.req.raw.bytes(),
  'raw.blob': (c) => c.req.raw.blob(),
  'raw.formData': (c) => c.req.raw.formData(),
  'raw.clone': (c) => c.req.raw.clone().text(),
  'clone of a clone': (c) => c.req.raw.clone().clone().json(),
  'new Request': (c) => new Request(c.req.raw).text(),
  stream: async (c) => {
    const chunks: number[] = []
    for await (const chunk of c.req.raw.body ?? []) chunks.push(...chunk)
    return chunks
  },
  used: async (c) => [c.req.raw.bodyUsed, c.req.raw.body === null, Object.keys(c.req.raw)],
  nothing: async () => undefined,
}

const style = fc.constantFrom(...Object.keys(reads))

const body = fc.oneof(
  fc.json().map((text) => ({ type: 'application/json', text })),
  fc.string({ unit: 'binary' }).map((text) => ({ type: 'application/json; charset=utf-8', text })),
  fc.webQueryParameters().map((text) => ({ type: 'application/x-www-form-urlencoded', text })),
  fc.string({ unit: 'grapheme' }).map((text) => ({ type: 'text/plain', text })),
  fc
    .tuple(fc.stringMatching(/^[a-z]{1,8}$/), fc.string({ unit: 'grapheme' }))
    .map(([name, value]) => ({
      type: 'multipart/form-data; boundary=edge',
      text: `--edge\r\ncontent-disposition: form-data; name="${name}"; filename="a"\r\n\r\n${value}\r\n--edge--\r\n`,
    })),
  fc.constant({ type: 'multipart/form-data; boundary=edge', text: 'not multipart' }),
  fc.constant({ type: 'application/json', text: undefined }),
)

const app = (styles: readonly string[], base: Hono): Hono =>
  base
    .use(async (c, next) => {
      await next()
      c.header('x-after', 'set')
    })
    .post('/a', async (c) => {
      const seen: unknown[] = []
      for (const name of styles) seen.push(await told(() => reads[name]?.(c)))
      c.header('x-styles', styles.join())
      return c.json(seen, 201)
    })

const answer = async (made: Hono, type: string, text: string | undefined) => {
  const init = {
    method: 'POST',
    headers: { 'content-type': type },
    ...(text !== undefined && { body: text }),
  }
  const response = await made.request('/a', init)
  // Node invents a boundary when it is asked for the bytes of a form.
  const answered = (await response.text()).replaceAll(/formdata-undici-\d+/g, 'boundary')
  return [response.status, [...response.headers], answered]
}

describe('a handler', () => {
  it('behaves as without us, however it reads its body and whatever is in it', async () => {
    const made = trail({
      rules: [{ match: '**', body: keeping({ request: true, response: true, until: 'end' }) }],
      requestId: { echo: false },
    })
    await fc.assert(
      fc.asyncProperty(
        fc.array(style, { minLength: 1, maxLength: 3 }),
        body,
        async (styles, { type, text }) => {
          const without = await answer(app(styles, new Hono()), type, text)
          const audited = await answer(
            app(styles, new Hono().use(made.audit.middleware())),
            type,
            text,
          )
          expect(audited).toEqual(without)
        },
      ),
      { numRuns: 300 },
    )
    expect(made.errors).toEqual([])
    expect(await made.events()).toHaveLength(made.audit.stats().captured)
    expect(made.audit.stats()).toMatchObject({ captured: 300, stored: 300 })
  })

  it.each(Object.keys(reads))(
    'behaves as without us with each way of reading alone: %s',
    async (name) => {
      const made = trail({ rules: [{ match: '**', body: keeping({ request: true }) }] })
      const base = new Hono().use(made.audit.middleware())
      const [type, text] = ['application/json', '{"a":[1,"\\u00e9"]}'] as const
      expect(await answer(app([name, name], base), type, text)).toEqual(
        await answer(app([name, name], new Hono()), type, text),
      )
    },
  )

  it('finds its Request as it was once it has answered', async () => {
    const made = trail({ rules: [{ match: '**', body: keeping({ request: true }) }] })
    let seen: Request | undefined
    const base = new Hono().use(made.audit.middleware()).post('/a', async (c) => {
      seen = c.req.raw
      return c.text(await seen.text())
    })
    await base.request('/a', { method: 'POST', body: 'x' })
    expect(seen && Object.getOwnPropertyNames(seen)).toEqual([])
  })
})
