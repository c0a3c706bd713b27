import { Validator } from '@seriousme/openapi-schema-validator'
import { describe, expect, it } from 'vitest'
import { parquet } from '../../../adapters/export/parquet.ts'
import * as schemas from '../../../adapters/http/schemas.ts'
import { operations } from '../../../adapters/http/operations.ts'
import { desk } from './desk.ts'

interface Parameter {
  readonly in: 'path' | 'query'
  readonly name: string
  readonly required: boolean
}
interface Operation {
  readonly operationId: string
  readonly parameters: readonly Parameter[]
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, unknown>> }>
  >
}
interface Document {
  readonly openapi: string
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
}

const read = (made = desk()): Promise<Document> => made.get<Document>('/openapi.json')

const operationsOf = ({ paths }: Document) =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, ...operation })),
  )

describe('the OpenAPI document', () => {
  it('is valid OpenAPI 3.1', async () => {
    const document = await read()
    expect(document.openapi).toBe('3.1.1')
    const validator = new Validator()
    const { valid, errors } = await validator.validate({ ...structuredClone(document) })
    expect({ valid, errors }).toEqual({ valid: true, errors: undefined })
    expect(validator.version).toBe('3.1')
  })

  it('tells of every route there is, and of no other', async () => {
    const { routes } = desk()
    const told = operationsOf(await read()).map(
      ({ path, method }) => `${method.toUpperCase()} ${path}`,
    )
    const there = routes.routes
      .filter(({ method }) => method !== 'ALL')
      .map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`)
    expect(told.toSorted()).toEqual([...new Set(there)].toSorted())
    expect(new Set(operationsOf(await read()).map(({ operationId }) => operationId)).size).toBe(
      told.length,
    )
  })

  it('tells of every parameter that a route knows, and of no other', async () => {
    const { ask } = desk()
    const json = { 'content-type': 'application/json' }
    for (const { path, method, parameters } of operationsOf(await read())) {
      const init = method === 'get' ? {} : { method: 'POST', body: '{}', headers: json }
      const response = await ask(`${path.replace(/\{\w+\}/, 'x')}?nobody-knows=1`, init)
      const { errors }: { errors: { parameter: string; detail: string }[] } = await response.json()
      const { detail = '' } = errors.find(({ parameter }) => parameter === 'nobody-knows') ?? {}
      const [, known = ''] = /known are (.*)$/.exec(detail) ?? []
      const names = parameters.filter((one) => one.in === 'query').map(({ name }) => name)
      const told = known.replace('metadata.…', 'metadata').split(', ').filter(Boolean)
      expect({ path, told }).toEqual({ path, told: names })
      const inPath = parameters.filter((one) => one.in === 'path')
      expect(inPath.map(({ name }) => `{${name}}`)).toEqual(path.match(/\{\w+\}/g) ?? [])
      expect(inPath.every(({ required }) => required)).toBe(true)
    }
  })

  it('says which parameters must be given, as the routes do', async () => {
    const { ask } = desk()
    for (const { path, method, parameters } of operationsOf(await read())) {
      if (method !== 'get') continue
      const required = parameters.filter((one) => one.in === 'query' && one.required)
      const response = await ask(path.replace(/\{\w+\}/, 'x'))
      if (required.length === 0) expect([path, response.status]).not.toEqual([path, 400])
      else {
        const { errors }: { errors: { parameter: string }[] } = await response.json()
        expect(errors.map(({ parameter }) => parameter).toSorted()).toEqual(
          required.map(({ name }) => name).toSorted(),
        )
      }
    }
  })

  it('names the formats that the app handed in', async () => {
    const made = desk({ formats: [parquet()] })
    const { responses } =
      operationsOf(await read(made)).find(({ path }) => path === '/export') ?? {}
    expect(Object.keys(responses?.['200']?.content ?? {})).toContain(
      'application/vnd.apache.parquet',
    )
  })
})

describe('what the routes answer', () => {
  it('is what the document says of each of them', async () => {
    const { audit, ask, get } = desk()
    await audit.runAs(
      { source: 'cron', tenant: 'acme', actor: { id: 'ada', onBehalfOf: [{ id: 'eve' }] } },
      () => {
        audit
          .process('order.place', { id: 'p', steps: ['pay'] })
          .step('pay')
          .fail('card', 'no', new Error('no'))
        audit.system('error', { error: new Error('disk'), fingerprint: 'i' })
        audit.resolve('i', { note: 'ok' })
        audit.loginFailed({ name: 'eve', method: 'password' })
        audit
          .exported({ type: 'invoices', format: 'csv', records: 1, bytes: 1, filters: { a: 1 } })
          .downloaded()
        const target = { type: 'invoice', id: '7' }
        audit.record({
          kind: 'change',
          action: 'invoice.create',
          target,
          changes: { sum: { new: 1 } },
        })
      },
    )
    const { exports } = await get<{ exports: { id: string }[] }>('/exports')
    const { events } = await get<{ events: { id: string }[] }>('/events')
    const ids = { event: events[0]?.id, process: 'p', issue: 'i', exported: exports[0]?.id }
    const checked: string[] = []
    for (const [name, { path, method, answer }] of Object.entries(operations)) {
      if (answer === undefined) continue
      const id = Object.hasOwn(ids, name) ? Reflect.get(ids, name) : 'i'
      const query =
        name === 'history'
          ? '?targetType=invoice&targetId=7'
          : name === 'events'
            ? '?count=true'
            : ''
      const init =
        method === 'GET'
          ? {}
          : { method, body: '{}', headers: { 'content-type': 'application/json' } }
      const response = await ask(`${path.replace(':id', String(id))}${query}`, init)
      const body: unknown = await response.json()
      expect([name, response.status, answer.safeParse(body).error]).toEqual([name, 200, undefined])
      checked.push(name)
    }
    const answering = Object.values(operations).filter((one) => one.answer !== undefined)
    expect(checked).toHaveLength(answering.length)
    const refused = await get('/events?x=1', {}, 400)
    expect(schemas.problem.safeParse(refused).error).toBeUndefined()
  })
})
