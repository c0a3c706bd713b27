import * as z from 'zod'
import type { Operation } from './operation.ts'
import { operations } from './operations.ts'
import type { Shape } from './parameters.ts'
import { event, problem } from './schemas.ts'

type Json = Readonly<Record<string, unknown>>

/** Of the routes, not of the package. */
const VERSION = '1.0.0'

export interface Document {
  readonly openapi: string
  readonly info: { readonly title: string; readonly version: string }
  readonly servers: readonly { readonly url: string }[]
  readonly paths: Readonly<Record<string, Json>>
  readonly components: { readonly schemas: Readonly<Record<string, Json>> }
}

/** Schemas that stand in the document once, by their names. */
const named: Readonly<Record<string, z.ZodType>> = { Event: event, Problem: problem }

const at = (id: string): string => `#/components/schemas/${id}`

/** The registry tells the converter which schemas have names. */
const registryOf = (): z.core.$ZodRegistry<{ id: string }> => {
  const registry = z.registry<{ id: string }>()
  for (const [id, schema] of Object.entries(named)) registry.add(schema, { id })
  for (const one of all)
    if (one.answer !== undefined) registry.add(one.answer, { id: titleOf(one) })
  return registry
}

const all: readonly Operation[] = Object.values(operations)

const titleOf = ({ name }: Operation): string =>
  `${name.slice(0, 1).toUpperCase()}${name.slice(1)}Answer`

/** What a schema says of itself, and not of where it stands. */
const APART: ReadonlySet<string> = new Set(['$schema', '$id', 'id'])

const without = (schema: Json): Json =>
  Object.fromEntries(Object.entries(schema).filter(([name]) => !APART.has(name)))

const schemaOf = (schema: z.ZodType): Json => without(z.toJSONSchema(schema))

const parameterOf = (place: 'path' | 'query', name: string, schema: z.ZodType): Json => {
  const { description, ...written } = schemaOf(schema)
  const told = { in: place, name, ...(description !== undefined && { description }) }
  const required = place === 'path' || !schema.safeParse(undefined).success
  const base = { ...told, required }
  // Each member is a parameter of its own, by the name that it has here.
  if (name === 'metadata') return { ...base, style: 'form', explode: true, schema: written }
  // An object in a parameter is JSON.
  if (written['type'] === 'object')
    return { ...base, content: { 'application/json': { schema: written } } }
  return { ...base, schema: written }
}

const parametersOf = (place: 'path' | 'query', shape: Shape): readonly Json[] =>
  Object.entries(shape).map(([name, schema]) => parameterOf(place, name, schema))

const problems: Readonly<Record<string, string>> = {
  400: 'A parameter is wrong: `errors` names it',
  403: 'Not allowed',
  404: 'There is none, or none for you',
  405: 'Another method',
  406: 'It cannot be had as that',
  413: 'The body is too large, or the report would be',
  414: 'The URL is too long',
  415: 'The body is no JSON',
  429: 'Too many requests',
  503: 'The audit trail cannot be read right now',
}

const problemContent = {
  'application/problem+json': { schema: { $ref: at('Problem') } },
}

const foundOf = (one: Operation, formats: readonly string[]): Json => {
  if (one.answer === undefined)
    return {
      description: 'The file; `x-export-id` is the id of its events',
      headers: { 'x-export-id': { schema: { type: 'string' } } },
      content: Object.fromEntries(
        (one.file === undefined ? formats : [one.file]).map((type) => [type, { schema: {} }]),
      ),
    }
  const json = { 'application/json': { schema: { $ref: at(titleOf(one)) } } }
  const lines = { 'application/x-ndjson': { schema: { type: 'string' } } }
  return {
    description: one.summary,
    content: { ...json, ...(one.lines !== undefined && lines) },
  }
}

const answersOf = (one: Operation, formats: readonly string[]): Json => {
  const isFor = (status: string): boolean => {
    if (status === '404') return Object.hasOwn(one.ids, 'id') || one.file !== undefined
    if (status === '413' && one.file !== undefined) return true
    if (status === '413' || status === '415') return one.body !== undefined
    return status !== '406' || one.answer !== undefined
  }
  const refused = Object.entries(problems)
    .filter(([status]) => isFor(status))
    .map(([status, description]) => [status, { description, content: problemContent }])
  return { 200: foundOf(one, formats), ...Object.fromEntries(refused) }
}

/**
 * The routes as OpenAPI 3.1, of the schemas that requests are held to.
 * @see https://spec.openapis.org/oas/v3.1.1.html
 */
export const documentOf = (formats: readonly string[]): Document => {
  // As input: what a later version adds is no fault of an answer.
  const { schemas } = z.toJSONSchema(registryOf(), { uri: at, io: 'input' })
  const paths: Record<string, Json> = {}
  for (const one of all) {
    const { path, method, name, summary, ids, query, body } = one
    paths[path.replaceAll(/:(\w+)/g, '{$1}')] = {
      [method.toLowerCase()]: {
        operationId: name,
        summary,
        parameters: [...parametersOf('path', ids), ...parametersOf('query', query)],
        ...(body !== undefined && {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: schemaOf(z.strictObject(body)) } },
          },
        }),
        responses: answersOf(one, formats),
      },
    }
  }
  return {
    openapi: '3.1.1',
    info: { title: 'Audit trail', version: VERSION },
    // Relative to where the document is.
    servers: [{ url: '.' }],
    paths,
    components: {
      schemas: Object.fromEntries(Object.entries(schemas).map(([id, one]) => [id, without(one)])),
    },
  }
}
