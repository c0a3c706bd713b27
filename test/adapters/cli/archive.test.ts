import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { directory } from '../../../adapters/archive/directory.ts'
import { cli } from '../../../adapters/cli/cli.ts'
import type { StoredRow } from '../../../src/event/row.ts'
import { listed } from '../../conformance/object-paths.ts'
import { type CliWorld, cliWorld } from './world.ts'

let world: CliWorld
let archive: string
let written: readonly StoredRow[]

/** Two days of events, archived. */
beforeEach(async () => {
  world = await cliWorld(48)
  archive = join(world.folder, 'archive')
  written = await world.live()
  await world.json(['keep', '--to', archive, '--archive-after', '90d'])
})
afterEach(() => world.remove())

const because = ['--reason', 'Incident 42', '--by', 'ada@example.com']
const secondDay = ['--from', '2020-01-02', '--to', '2020-01-03']

describe('edge-audit restore', () => {
  const restore = (...more: readonly string[]) =>
    world.run(['restore', '--archive', archive, ...secondDay, ...because, ...more])

  it('puts events back as they were, under a hold that it names', async () => {
    const { code, stdout } = await restore('--into', 'live')
    const [first, second] = stdout.split('\n')
    expect({ code, first }).toEqual({ code: 0, first: 'Restored 24 events of 1 segment.' })
    const [, hold = ''] =
      /^They stay live until the hold (\S+) is released\.$/.exec(second ?? '') ?? []
    expect(await world.live()).toEqual(written.slice(24))
    expect(await world.json(['holds'])).toMatchObject([{ id: hold, reason: 'Incident 42' }])

    const again = await restore('--into', 'live', '--hold', hold)
    expect(again.stdout).toContain('Restored 24 events of 1 segment.')
    expect(await world.json(['holds'])).toHaveLength(1)
  })

  it('puts them into the second table, and finds none of another tenant', async () => {
    expect((await restore('--into', 'table')).stdout).toBe('Restored 24 events of 1 segment.\n')
    const other = await restore('--into', 'table', '--tenant', 'globex')
    expect(other.stdout).toBe('Restored 0 events of 0 segments.\n')
    expect(await world.live()).toEqual([])
  })

  it.each<[string, readonly string[], string]>([
    ['no place', [], '--into must be given.'],
    ['another place', ['--into', 'here'], '--into must be live or table.'],
  ])('fails with a sentence for %s', async (_, more, sentence) => {
    const { code, stdout, stderr } = await restore(...more)
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain(sentence)
  })
})

describe('edge-audit verify-archive', () => {
  const verify = ['verify-archive', '--archive']

  it('says that all is as it was written', async () => {
    expect(await world.run([...verify, archive])).toEqual({
      code: 0,
      stdout: 'All is as it was written: 2 manifests and 48 events.\n',
      stderr: '',
    })
    expect(await world.json([...verify, archive])).toEqual({
      manifests: 2,
      events: 48,
      findings: [],
    })
  })

  it('ends with 2 when an object is missing, and names its manifest', async () => {
    const paths = await listed(directory(archive), 'events/')
    await rm(join(archive, paths[0] ?? ''))
    const found = await world.run([...verify, archive])
    expect(found).toMatchObject({ code: 2, stderr: '' })
    expect(found.stdout).toMatch(
      /^Manifest 1: .+\.\nFound 1 problem in 2 manifests and 24 events\.\n$/,
    )
    const { code, stdout } = await world.run([...verify, archive, '--json'])
    expect(code).toBe(2)
    expect(JSON.parse(stdout)).toMatchObject({ findings: [{ number: 1 }] })
  })

  it('ends with 1 when it cannot find out', async () => {
    const args = [...verify, 'table', '--url', 'http://127.0.0.1:1', '--auth-token', 's3cret']
    const { code, stdout, stderr } = await cli(args, {})
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(/^edge-audit: .+\n$/)
    expect(stderr).not.toContain('s3cret')
  })
})
