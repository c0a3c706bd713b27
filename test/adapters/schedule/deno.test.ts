import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const path = (from: string): string => fileURLToPath(new URL(from, import.meta.url))

let home: string
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'edge-audit-deno-'))
})
afterAll(() => rm(home, { recursive: true }))

interface Ended {
  readonly lines: readonly string[]
  readonly errors: string
}

const deno = (
  flags: readonly string[],
  schedule: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> =>
  new Promise((resolve) => {
    const app = [path('deno-app.ts'), 'deno', join(home, 'archive'), schedule]
    execFile(
      path('../../../node_modules/.bin/deno'),
      ['run', '--quiet', '--allow-all', ...flags, ...app],
      { env: { ...process.env, NO_COLOR: '1', ...env } },
      (_error, stdout, stderr) => {
        resolve({ lines: stdout.trimEnd().split('\n'), errors: stderr })
      },
    )
  })

describe('denoCron on Deno', () => {
  it('is fired by Deno.cron, again after a run that failed, and ends by its signal', async () => {
    // Deno's own tests make it fire so many ms from now, whatever the schedule says.
    const soon = { DENO_CRON_TEST_SCHEDULE_OFFSET: '1' }
    const { lines, errors } = await deno(['--unstable-cron'], '17 3 * * *', soon)
    expect(lines).toEqual(['registered', 'objects 2'])
    expect(errors).toContain('the archive is away')
  })

  it('hands its schedule to Deno, which refuses one that is none', async () => {
    const { lines } = await deno(['--unstable-cron'], 'sometimes')
    expect(lines.join('\n')).toMatch(/Invalid cron/i)
  })

  it('says what is missing where there is no Deno.cron', async () => {
    const { lines } = await deno([], '17 3 * * *')
    expect(lines).toEqual([
      'AUDIT_OPTION_INVALID: there is no Deno.cron: add "cron" to `unstable` in deno.json, or run with --unstable-cron',
    ])
  })
})
