import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { directory } from '../../../adapters/archive/directory.ts'
import { listed } from '../../conformance/object-paths.ts'
import { credentials, startS3 } from '../../support/s3.ts'
import { type CliWorld, cliWorld } from './world.ts'
import { idle } from '../../unit/keep/outcome.ts'

const worlds: CliWorld[] = []
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.remove()
})

const worldOf = async (...given: Parameters<typeof cliWorld>): Promise<CliWorld> => {
  const world = await cliWorld(...given)
  worlds.push(world)
  return world
}

const pathsIn = (folder: string): Promise<readonly string[]> => listed(directory(folder), '')

describe('edge-audit keep', () => {
  it('archives into a directory, and the second time finds nothing to do', async () => {
    const world = await worldOf(1_200)
    const archive = join(world.folder, 'archive')
    const args = ['keep', '--to', archive, '--archive-after', '90d']
    expect(await world.run(args)).toEqual({
      code: 0,
      stdout: 'Archived 1,200 events in 50 segments.\nDeleted 0 live events and 0 archived ones.\n',
      stderr: '',
    })
    const paths = await pathsIn(archive)
    expect(paths.filter((path) => path.endsWith('.ndjson.gz'))).toHaveLength(50)
    expect(await world.live()).toEqual([])
    expect(await world.run(args)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Archived 0 events in 0 segments.'),
    })
  })

  it('tries a policy out, and changes nothing', async () => {
    const world = await worldOf(30)
    const archive = join(world.folder, 'archive')
    const args = ['keep', '--to', archive, '--archive-after', '90d', '--dry-run']
    const { code, stdout } = await world.run(args)
    expect(code).toBe(0)
    expect(stdout).toBe(`Would archive 30 events.
Would delete 0 live events, and up to 0 archived ones in 0 segments.
Held, and left alone: 0 events.
Policy 1 applies to 30 events to archive and 0 events to delete.
Nothing was changed.
`)
    expect(await world.live()).toHaveLength(30)
    expect(await pathsIn(archive)).toEqual([])
  })

  it('writes Parquet, and prints JSON for machines', async () => {
    const world = await worldOf(1)
    const archive = join(world.folder, 'archive')
    const args = ['keep', '--to', archive, '--archive-after', '90d', '--format', 'parquet']
    expect(await world.json(args)).toEqual({ ...idle, moved: 1, segments: 1 })
    const paths = await pathsIn(archive)
    expect(paths.filter((path) => path.endsWith('.parquet'))).toHaveLength(1)
  })

  it('archives into the second table', async () => {
    const world = await worldOf(2)
    const { stdout } = await world.run(['keep', '--to', 'table', '--archive-after', '90d'])
    expect(stdout).toContain('Archived 2 events in 1 segment.')
  })

  it('archives into S3 with the keys of the environment, and prints none of them', async () => {
    const s3 = await startS3()
    try {
      const world = await worldOf(2)
      const env = {
        AWS_ACCESS_KEY_ID: credentials.accessKeyId,
        AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
        AWS_REGION: 'eu-central-1',
        AWS_ENDPOINT_URL_S3: s3.endpoint,
      }
      const args = ['keep', '--to', 's3://bucket/audit', '--archive-after', '90d']
      expect(await world.run(args, env)).toMatchObject({
        code: 0,
        stdout: expect.stringContaining('Archived 2 events in 1 segment.'),
      })
      const put = s3.requests.filter(({ method }) => method === 'PUT').map(({ url }) => url)
      expect(put).toHaveLength(2)
      expect(put.filter((url) => !url.startsWith('/bucket/audit/'))).toEqual([])

      const wrong = { ...env, AWS_SECRET_ACCESS_KEY: `${credentials.secretAccessKey}-not` }
      const refused = await (await worldOf(1)).run(args, wrong)
      expect(refused).toMatchObject({ code: 1, stdout: '' })
      expect(refused.stderr).toContain('S3 403 SignatureDoesNotMatch')
      expect(refused.stderr).not.toContain(credentials.secretAccessKey)
      expect(refused.stderr).not.toContain(credentials.accessKeyId)
    } finally {
      await s3.close()
    }
  })

  it('deletes by the policies of a file', async () => {
    const world = await worldOf(3, (at) => ({ action: at === 0 ? 'login' : 'invoice.refund' }))
    const policies = join(world.folder, 'policies.json')
    await writeFile(policies, JSON.stringify([{ action: 'invoice.*', deleteAfter: '1y' }]))
    const { code, stdout } = await world.run(['keep', '--policies', policies])
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: 'Archived 0 events in 0 segments.\nDeleted 2 live events and 0 archived ones.\n',
    })
    expect((await world.live()).map(({ action }) => action)).toEqual(['login'])
  })

  it('tells what a hold keeps', async () => {
    const world = await worldOf(2)
    await world.run(['hold', '--tenant', 'acme', '--reason', 'Case 7', '--by', 'ada'])
    const { stdout } = await world.run(['keep', '--delete-after', '1y'])
    expect(stdout).toBe(
      'Archived 0 events in 0 segments.\nDeleted 0 live events and 0 archived ones.\nDue and held: 2 events.\n',
    )
  })

  it.each<[string, readonly string[], string]>([
    ['nothing to do', [], 'Give --archive-after, --delete-after or --policies.'],
    ['no archive', ['--archive-after', '90d'], 'to must be given'],
    ['no duration', ['--archive-after', 'later', '--to', 'table'], '--archive-after must be'],
    ['no budget', ['--delete-after', '7y', '--budget', '10'], '--budget must be'],
    ['no format', ['--delete-after', '7y', '--format', 'csv'], '--format must be'],
    ['another kind of archive', ['--delete-after', '7y', '--to', 'gs://s3cret'], 'An archive is'],
    ['S3 without keys', ['--delete-after', '7y', '--to', 's3://bucket'], 'S3 needs AWS_REGION'],
    ['no file of policies', ['--policies', 'no-such.json'], 'ENOENT'],
    ['an option of another command', ['--everything'], 'keep takes no --everything'],
    ['a word too much', ['s3cret'], 'keep takes options alone'],
  ])('fails with a sentence for %s', async (_, args, sentence) => {
    const world = await worldOf(1)
    const { code, stdout, stderr } = await world.run(['keep', ...args])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(/^edge-audit: .+\n$/)
    expect(stderr).toContain(sentence)
    expect(stderr).not.toContain('s3cret')
    expect(await world.live()).toHaveLength(1)
  })

  it('fails with a sentence for policies that are none', async () => {
    const world = await worldOf(0)
    const path = join(world.folder, 'policies.json')
    for (const [text, sentence] of [
      ['{', 'The file of --policies is no JSON.'],
      ['{}', 'The file of --policies must hold a list of policies.'],
      ['[{"kind":"s3cret","deleteAfter":"1y"}]', 'policies[0].kind must be one of'],
    ] as const) {
      await writeFile(path, text)
      const { code, stderr } = await world.run(['keep', '--policies', path])
      expect(code).toBe(1)
      expect(stderr).toContain(sentence)
      expect(stderr).not.toContain('s3cret')
    }
  })
})
