import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { createDatabase } from '../../support/postgres.ts'
import { run } from '../cli/run.ts'

describe('edge-audit migrate', () => {
  let directory: string

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'edge-audit-cli-'))
  })

  afterAll(() => rm(directory, { recursive: true }))

  it('prints what it applied, and the second time that nothing was left to do', async () => {
    const url = `file:${join(directory, 'a.db')}`
    expect(await run(['migrate', '--url', url])).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^(?:Applied \d{4}_\w+\n)+$/),
      stderr: '',
    })
    expect((await run(['migrate'], { EDGE_AUDIT_URL: url })).stdout).toMatch(/^Nothing to do/)
  })

  it('migrates PostgreSQL', async () => {
    const url = await createDatabase(inject('postgresUrl'))
    expect(await run(['migrate', '--url', url])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^(?:Applied \d{4}_\w+\n)+$/),
    })
  })

  it.each([
    ['a PostgreSQL that is away', ['--url', 'postgres://u:s3cret@127.0.0.1:1/x']],
    ['a libSQL that is away', ['--url', 'http://127.0.0.1:1', '--auth-token', 's3cret']],
    ['an address of no known kind', ['--url', 'gopher://s3cret']],
    ['an address that is none', ['--url', 'postgres://u:s3cret@[']],
    ['an unknown option', ['--urk', 's3cret']],
    ['an unknown command', ['s3cret']],
  ])('fails with a sentence and without secrets for %s', async (_, args) => {
    const { code, stdout, stderr } = await run(['migrate', ...args])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(/^edge-audit: .+\n$/)
    expect(stderr).not.toContain('s3cret')
  })

  it('says how it is used', async () => {
    expect(await run(['--help'])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^Usage/),
    })
    expect((await run([])).stderr).toContain('--help')
    expect((await run(['migrate'])).stderr).toContain('EDGE_AUDIT_URL')
  })
})
