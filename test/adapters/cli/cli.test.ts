import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cli } from '../../../adapters/cli/cli.ts'
import { run } from './run.ts'
import { type CliWorld, cliWorld } from './world.ts'

const names = ['migrate', 'keep', 'hold', 'release', 'holds', 'restore', 'verify-archive']

describe('the help', () => {
  it.each(names)('of %s names it first, and stands in the list of all', async (name) => {
    const { code, stdout } = await cli([name, '--help'], {})
    expect(code).toBe(0)
    expect(stdout).toMatch(new RegExp(`^Usage: edge-audit ${name} `))
    expect((await cli(['--help'], {})).stdout).toContain(`\n  ${name} `)
  })

  it.each(['toString', '__proto__', 'no-such'])('knows no command %s', async (name) => {
    const { code, stderr } = await cli([name], {})
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: 'edge-audit: There is no such command. See edge-audit --help.\n',
    })
  })
})

describe('the program', () => {
  let world: CliWorld
  beforeAll(async () => {
    world = await cliWorld(3)
  })
  afterAll(() => world.remove())

  it('archives and verifies, prints what it did, and ends with the code of what it found', async () => {
    const archive = join(world.folder, 'archive')
    const env = { EDGE_AUDIT_URL: `file:${join(world.folder, 'audit.db')}` }
    expect(await run(['keep', '--to', archive, '--archive-after', '90d'], env)).toEqual({
      code: 0,
      stdout: 'Archived 3 events in 1 segment.\nDeleted 0 live events and 0 archived ones.\n',
      stderr: '',
    })
    // Another archive has none of the objects.
    const other = await run(['verify-archive', '--archive', world.folder], env)
    expect(other).toMatchObject({ code: 2, stderr: '' })
    expect(other.stdout).toContain('Found 1 problem in 1 manifest and 0 events.')
  })
})
