import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { doors, manifest } from '../support/doors.ts'
import { reach, weigh } from './bundle.ts'

// What each door may bring along at run time. A door that is not here does not pass.
const vendors: Readonly<Record<string, readonly string[]>> = {
  '.': ['hono'],
  './body': [],
  './address': [],
  './security': ['hono'],
  './hash': [],
  './auth': [],
  './attempts': [],
  './actions': [],
  './audited': [],
  './lifecycle': [],
  './redeliver': [],
  './schema': ['zod'],
  './query': [],
  './summary': [],
  './views': [],
  './export': [],
  './keep': [],
  './schedule': [],
  './croner': ['croner'],
  './archive': [],
  './archive-parquet': ['hyparquet', 'hyparquet-writer'],
  './parquet': ['hyparquet-writer'],
  './report': [],
  './pdf': ['pdf-lib'],
  './pdf-fonts': ['bidi-js', 'fontkit', 'pdf-lib'],
  './report-text': [],
  './report-html': [],
  './routes': ['hono', 'zod'],
  './libsql': ['@libsql/client', 'drizzle-orm'],
  './neon': ['@neondatabase/serverless', 'drizzle-orm'],
  './postgres': ['drizzle-orm'],
  './d1': ['drizzle-orm'],
  './memory': [],
  './sqlite-table': ['drizzle-orm'],
  './pg-table': ['drizzle-orm'],
  './jwt': ['jose'],
  './hono-jwt': [],
  './hono-auth': [],
  './better-auth': ['better-auth'],
  './auth-js': [],
  './clerk': [],
  './cloudflare-access': ['jose'],
  './directory': ['node:'],
  './r2': [],
  './s3': ['aws4fetch'],
  './dead-letter': [],
  './cloudflare': [],
  './node': ['node:'],
  './bun': ['node:'],
  './deno': ['node:'],
  './conformance': ['vitest', 'fast-check'],
}

const fold = (name: string): string => (name.startsWith('node:') ? 'node:' : name)

describe.each(doors)('the door $name', ({ name, code }) => {
  it('brings along its own vendor and nobody else', async () => {
    const { packages } = await reach(code)
    expect(vendors).toHaveProperty([name])
    expect(packages.filter((found) => !vendors[name]?.includes(fold(found)))).toEqual([])
  })
})

describe('the light doors', () => {
  it.each(['.', './query', './summary', './views', './export', './report'])(
    '%s reaches no adapter and no schema',
    async (name) => {
      const door = doors.find((one) => one.name === name)
      const { modules } = await reach(door?.code ?? '')
      expect(modules).toContain(door?.code)
      expect(modules.filter((path) => !path.startsWith('dist/src/'))).toEqual([])
      expect(modules).not.toContain('dist/src/event/schema.js')
    },
  )
})

const budgets = Object.entries(manifest.budgets).filter(([names]) => names.startsWith('.'))

describe('the weight of the doors', () => {
  it('has a budget for the door that every request goes through', () => {
    expect(budgets.map(([names]) => names)).toContain('.')
  })

  it('is what the README says', async () => {
    const kilobytes = (names: string): number => (manifest.budgets[names] ?? 0) / 1024
    expect(await readFile(new URL('../../README.md', import.meta.url), 'utf8')).toContain(
      `at most ${kilobytes('.')} KB, with libSQL at most ${kilobytes('. + ./libsql')} KB`,
    )
  })

  it.each(budgets)('%s stays within %i bytes', async (names, budget) => {
    const specifiers = names.split(' + ').map((name) => manifest.name + name.slice(1))
    expect(await weigh(specifiers)).toBeLessThanOrEqual(budget)
  })
})
