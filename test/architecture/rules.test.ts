import { describe, expect, it } from 'vitest'
import { read } from './read.ts'
import { check } from './rules.ts'

/** Checks planted files, and tells what the rules say of them. */
const verdict = (...files: readonly (readonly [path: string, text: string])[]): readonly string[] =>
  check(files.map(([path, text]) => read({ path, text }))).map(
    ({ path, line, rule }) => `${path}:${line} ${rule}`,
  )

const forbidden: readonly (readonly [promise: string, path: string, text: string, rule: string])[] =
  [
    [
      'event imports nothing',
      'src/event/a.ts',
      `import { b } from '../errors.ts'`,
      'may not import src/errors.ts',
    ],
    [
      'event imports no third party',
      'src/event/a.ts',
      `import { z } from 'zod'`,
      'may not import zod',
    ],
    [
      'Zod stays behind the schema',
      'src/event/a.ts',
      `import { auditEvent } from './schema.ts'`,
      'may import only types of the schema: it brings Zod along',
    ],
    [
      'the schema stays out of the middleware',
      'src/index.ts',
      `export { auditEvent } from './event/schema.ts'`,
      'may import only types of the schema: it brings Zod along',
    ],
    [
      'ports are types',
      'src/ports/a.ts',
      `import { columnsOf } from '../event/row.ts'`,
      'may import only types of src/event/row.ts',
    ],
    [
      'ports know no error',
      'src/ports/a.ts',
      `import type { A } from '../errors.ts'`,
      'may not import src/errors.ts',
    ],
    [
      'capture does not deliver',
      'src/capture/a.ts',
      `import { send } from '../deliver/send.ts'`,
      'may not import src/deliver/send.ts',
    ],
    [
      'what judges requests knows none',
      'src/capture/security/judge.ts',
      `import type { AnyContext } from '../../input.ts'`,
      'may not import src/input.ts',
    ],
    [
      'what judges requests has no clock',
      'src/capture/security/window.ts',
      `import { ambient } from '../../runtime/ambient.ts'`,
      'may not import src/runtime/ambient.ts',
    ],
    [
      'capture does not carry the door that judges requests',
      'src/capture/middleware.ts',
      `import { judgeOf } from './security/judge.ts'`,
      'may not import src/capture/security/judge.ts',
    ],
    [
      'nor does the door of the middleware',
      'src/index.ts',
      `export type { Finding } from './capture/security/rule.ts'`,
      'may not import src/capture/security/rule.ts',
    ],
    [
      'stages do not share types either',
      'src/keep/a.ts',
      `import type { Page } from '../read/page.ts'`,
      'may not import src/read/page.ts',
    ],
    [
      'a stage does not know the whole',
      'src/read/a.ts',
      `import type { Audit } from '../audit.ts'`,
      'may not import src/audit.ts',
    ],
    [
      'hono is types only',
      'src/capture/a.ts',
      `import { Hono } from 'hono'`,
      'may import only types of hono',
    ],
    [
      'a type among values is no excuse',
      'src/capture/a.ts',
      `import { type Context, Hono } from 'hono'`,
      'may import only types of hono',
    ],
    [
      'an import for its effect counts',
      'src/capture/a.ts',
      `import 'hono'`,
      'may import only types of hono',
    ],
    [
      'an import at run time counts',
      'src/deliver/a.ts',
      `export const a = () => import('drizzle-orm')`,
      'may not import drizzle-orm',
    ],
    [
      'an import inside a type counts',
      'src/deliver/a.ts',
      `export type A = import('drizzle-orm').SQL`,
      'may not import drizzle-orm',
    ],
    [
      'the core imports no adapter',
      'src/audit.ts',
      `import { memory } from '../adapters/store/memory.ts'`,
      'may not import adapters/store/memory.ts',
    ],
    [
      'the core imports no Node module',
      'src/runtime/a.ts',
      `import { env } from 'node:process'`,
      'may not import node:process',
    ],
    [
      'src/runtime knows no stage',
      'src/runtime/a.ts',
      `import { send } from '../deliver/send.ts'`,
      'may not import src/deliver/send.ts',
    ],
    [
      'an adapter knows its own port only',
      'adapters/store/a.ts',
      `import { r2 } from '../archive/r2.ts'`,
      'may not import adapters/archive/r2.ts',
    ],
    [
      'an adapter knows its own vendor only',
      'adapters/actor/a.ts',
      `import { sql } from 'drizzle-orm'`,
      'may not import drizzle-orm',
    ],
    [
      'an adapter does not reach into a stage',
      'adapters/store/a.ts',
      `import { send } from '../../src/deliver/send.ts'`,
      'may not import src/deliver/send.ts',
    ],
    [
      'nothing imports the worker',
      'adapters/cli/a.ts',
      `import worker from '../worker.ts'`,
      'nothing imports the worker',
    ],
    [
      'an import says its extension',
      'src/capture/a.ts',
      `import { b } from './b'`,
      './b lacks its extension',
    ],
    [
      'the core has no process',
      'src/deliver/a.ts',
      `export const a = process.env`,
      'process belongs to one runtime: src/runtime asks for it',
    ],
    [
      'the core has no Buffer, by any way',
      'src/event/a.ts',
      `export const a = globalThis.Buffer`,
      'Buffer belongs to one runtime: src/runtime asks for it',
    ],
    [
      'the core has no Buffer in a type',
      'src/event/a.ts',
      `export type A = Buffer`,
      'Buffer belongs to one runtime: src/runtime asks for it',
    ],
    ...[
      'Date.now()',
      'performance.now()',
      'crypto.randomUUID()',
      'crypto.getRandomValues(b)',
      'Math.random()',
    ].map(
      (call) =>
        [
          `${call} is handed in`,
          'adapters/store/a.ts',
          `export const a = ${call}`,
          `${call.replace(/\(.*/, '')} is handed in as an argument; src/runtime has the real one`,
        ] as const,
    ),
    [
      'the clock is handed in, also as a value',
      'src/deliver/a.ts',
      `export const now = Date.now`,
      'Date.now is handed in as an argument; src/runtime has the real one',
    ],
    [
      'a date without a time reads the clock',
      'src/deliver/a.ts',
      `export const now = new Date()`,
      'new Date() is handed in as an argument; src/runtime has the real one',
    ],
    ['exports have names', 'src/capture/a.ts', `export default 1`, 'has named exports only'],
    [
      'no barrel',
      'src/index.ts',
      `export * from './audit.ts'`,
      'names what it exports, no export *',
    ],
    [
      'a file has its place',
      'src/utils/a.ts',
      `export const a = 1`,
      'has no place in the layout: add it to the table or move it',
    ],
  ]

describe('the rules of the layout', () => {
  it.each(forbidden)('%s', (_promise, path, text, rule) => {
    expect(verdict([path, text])).toContain(`${path}:1 ${rule}`)
  })

  it('lets the way of an event through', () => {
    expect(
      verdict(
        ['src/event/schema.ts', `import * as z from 'zod'\nexport const auditEvent = z.object({})`],
        [
          'src/event/row.ts',
          `import type { AuditEvent } from './schema.ts'\nexport const a = (e: AuditEvent) => e`,
        ],
        [
          'src/ports/store.ts',
          `import type { AuditEvent } from '../event/schema.ts'\nexport type A = AuditEvent`,
        ],
        ['src/runtime/clock.ts', `export const now = () => Date.now() + process.pid`],
        [
          'src/capture/scope.ts',
          `import type { Context } from 'hono'\nimport { a } from '../event/row.ts'\nexport const b = (c: Context) => [c, a, new Date(0), crypto.subtle]`,
        ],
        ['src/audit.ts', `import { b } from './capture/scope.ts'\nexport const createAudit = b`],
        ['src/index.ts', `export { createAudit } from './audit.ts'`],
        [
          'adapters/store/libsql.ts',
          `import { sql } from 'drizzle-orm'\nimport { createClient } from '@libsql/client/web'\nexport const a = [sql, createClient]`,
        ],
        [
          'adapters/worker.ts',
          `import { createAudit } from '../src/index.ts'\nexport default createAudit`,
        ],
      ),
    ).toEqual([])
  })

  it('takes no comment, text or property for an import or a global', () => {
    const text = `
      // import { z } from 'zod' and process.env
      export const a = { process: "import 'drizzle-orm'", b: \`Buffer\` }
      export const c = a.process
      export interface D { process(): void; Buffer: string }`
    expect(verdict(['src/capture/a.ts', text])).toEqual([])
  })

  it('finds a circle through three files', () => {
    expect(
      verdict(
        ['src/capture/a.ts', `import { b } from './b.ts'\nexport const a = b`],
        ['src/capture/b.ts', `import { c } from './c.ts'\nexport const b = c`],
        ['src/capture/c.ts', `import type { a } from './a.ts'\nexport const c: typeof a = 1`],
      ),
    ).toEqual([
      'src/capture/a.ts:1 imports in a circle: src/capture/a.ts > src/capture/b.ts > src/capture/c.ts > src/capture/a.ts',
    ])
  })

  it('finds a file that has two subjects', () => {
    const text = 'export {}\n'
    expect(verdict(['src/capture/a.ts', text.repeat(300)])).toEqual([])
    expect(verdict(['src/capture/a.ts', text.repeat(301)])).toEqual([
      'src/capture/a.ts:300 is longer than 300 lines',
    ])
  })

  it('refuses to judge a file that it cannot read', () => {
    expect(() => read({ path: 'src/event/a.ts', text: 'export const = 1' })).toThrow(
      'src/event/a.ts does not parse',
    )
  })
})
