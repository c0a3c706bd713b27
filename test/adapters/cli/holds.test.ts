import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type CliWorld, cliWorld } from './world.ts'

let world: CliWorld
beforeAll(async () => {
  world = await cliWorld(0)
})
afterAll(() => world.remove())

const because = ['--reason', 'Case 26-117', '--by', 'ada@example.com']

describe('edge-audit hold, holds and release', () => {
  it('place a hold, list it with what it covers, and release it', async () => {
    expect((await world.run(['holds'])).stdout).toBe('There are no holds.\n')

    const terms = ['--tenant', 'acme', '--actor', 'u1', '--target-type', 'invoice']
    const times = ['--target-id', '2044', '--from', '2026-01-31', '--to', '2026-02-28T12:00+01:00']
    const placed = await world.run(['hold', ...terms, ...times, ...because])
    const [, id = ''] = /^Placed the hold ([\da-f-]{36})\.\n$/.exec(placed.stdout) ?? []
    expect({ ...placed, id }).toMatchObject({ code: 0, stderr: '', id: expect.stringMatching(/./) })

    const listed = (await world.run(['holds'])).stdout.split('\n')
    expect(listed).toEqual([
      id,
      '  covers tenant acme, actor u1, target invoice 2044 from 2026-01-31T00:00:00.000Z to 2026-02-28T11:00:00.000Z',
      expect.stringMatching(/^ {2}placed \d{4}-.*Z by ada@example\.com: Case 26-117$/),
      '',
    ])
    expect(await world.json(['holds'])).toEqual([
      {
        id,
        tenant: 'acme',
        actor: 'u1',
        target: { type: 'invoice', id: '2044' },
        from: Date.UTC(2026, 0, 31),
        to: Date.UTC(2026, 1, 28, 11),
        reason: 'Case 26-117',
        by: 'ada@example.com',
        placedAt: expect.any(Number),
      },
    ])

    expect(await world.run(['release', id, ...because])).toEqual({
      code: 0,
      stdout: 'Released the hold.\n',
      stderr: '',
    })
    expect(await world.json(['holds'])).toEqual([])
    const again = await world.run(['release', id, ...because])
    expect(again).toMatchObject({ code: 1, stdout: '' })
    expect(again.stderr).toContain('There is no hold in force by that id.')
  })

  it('hold everything, or what has no tenant, and say so', async () => {
    const all = await world.json(['hold', '--everything', ...because])
    const none = await world.json(['hold', '--no-tenant', ...because])
    const { stdout } = await world.run(['holds'])
    expect(stdout).toContain('  covers everything\n')
    expect(stdout).toContain('  covers no tenant\n')
    for (const { id } of [all, none] as { id: string }[])
      await world.json(['release', id, ...because])
  })

  it('print nothing that a terminal would take for a command', async () => {
    const reason = 'Case \u001B[2J\u009B2J\r\nid'
    const placed = await world.json(['hold', '--everything', '--reason', reason, '--by', 'a\u0007'])
    const { stdout } = await world.run(['holds'])
    expect(stdout).toMatch(/^[\P{Cc}\n]+$/u)
    expect(stdout.trimEnd().split('\n')).toHaveLength(3)
    await world.json(['release', (placed as { id: string }).id, ...because])
  })

  it.each<[string, readonly string[], string]>([
    ['no reason', ['hold', '--everything', '--by', 'ada'], '--reason must be given.'],
    ['nobody', ['hold', '--everything', '--reason', 'Case'], '--by must be given.'],
    ['nothing to hold', ['hold', ...because], 'hold must name a tenant'],
    ['two tenants', ['hold', '--tenant', 'a', '--no-tenant', ...because], 'not both'],
    ['an id without a type', ['hold', '--target-id', '7', ...because], 'needs --target-type'],
    ['a time without an offset', ['hold', '--from', '2026-01-31T12:00', ...because], '--from must'],
    ['a day that is none', ['hold', '--to', '2026-02-30x', ...because], '--to must be a day'],
    ['no id', ['release', ...because], 'release takes <id>.'],
  ])('fail with a sentence for %s', async (_, args, sentence) => {
    const { code, stdout, stderr } = await world.run(args)
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(/^edge-audit: .+\n$/)
    expect(stderr).toContain(sentence)
  })
})
