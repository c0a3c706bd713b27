import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sha256 } from '../../support/sha256.ts'
import { textOf } from '../render/pdf/tools.ts'
import { type CliWorld, cliWorld } from './world.ts'

let world: CliWorld
beforeAll(async () => {
  world = await cliWorld(30, (at) => ({ actorId: at === 7 ? '日本' : `u${at % 3}` }))
})
afterAll(() => world.remove())

const out = (name: string): string => join(world.folder, name)
const asked = ['--by', 'ada', '--tenant', 'acme', '--from', '2020-01-01', '--to', '2020-01-02']

describe('edge-audit report', () => {
  it('prints a PDF of what is asked for, and records that it did', async () => {
    const printed = await world.run(['report', 'activity', ...asked, '--out', out('a.pdf')])
    expect(printed).toMatchObject({ code: 0, stderr: '' })
    expect(printed.stdout).toMatch(/^Printed 24 events to .*a\.pdf, [\d,]+ bytes\.\n$/)
    const bytes = new Uint8Array(await readFile(out('a.pdf')))
    expect(await textOf(bytes)).toMatch(/Asked for by\s+ada/)
    const event = (await world.live()).find(({ kind }) => kind === 'export')
    expect(JSON.parse(event?.record ?? '{}')).toMatchObject({
      tenant: 'acme',
      actor: { id: 'ada' },
      targets: [{ type: 'export', name: 'activity_report.pdf' }],
      data: { type: 'report', records: 24, sha256: sha256(bytes), filters: { tenant: 'acme' } },
    })
  })

  it('prints HTML and text, in Portuguese too', async () => {
    const words = ['--language', 'pt', '--time-zone', 'America/Sao_Paulo']
    await world.json([
      'report',
      'logins',
      ...asked,
      ...words,
      '--format',
      'html',
      '--out',
      out('l.html'),
    ])
    expect(await readFile(out('l.html'), 'utf8')).toMatch(/^<!doctype html>\s*<html lang="pt/i)
    await world.json(['report', 'process', ...asked, '--format', 'text', '--out', out('p.txt')])
    expect(await readFile(out('p.txt'), 'utf8')).toContain('No processes registered.')
  })

  it('prints characters of other scripts in a font that is named', async () => {
    const { resolve } = createRequire(import.meta.url)
    const font = resolve('@expo-google-fonts/yomogi/400Regular/Yomogi_400Regular.ttf')
    await world.json(['report', 'activity', ...asked, '--font', font, '--out', out('j.pdf')])
    expect(await textOf(new Uint8Array(await readFile(out('j.pdf'))))).toContain('日本')
  })

  it.each([
    [['report', 'nothing', '--by', 'a', '--out', 'x'], 'A report is one of process, activity'],
    [['report', 'activity', '--out', 'x'], '--by must be given.'],
    [['report', 'activity', '--by', 'a'], '--out must be given.'],
    [['report', 'activity', '--by', 'a', '--out', 'x', '--format', 'doc'], '--format must be'],
    [['report', 'activity', '--by', 'a', '--out', 'x', '--filter', '{'], '--filter must be JSON'],
    [['report', 'activity', '--by', 'a', '--out', 'x', '--filter', '{"x":1}'], 'one of'],
    [['report', 'activity', '--by', 'a', '--out', 'x', '--most', '3'], 'narrow it, or export them'],
    [['report', 'activity', '--by', 'a', '--out', 'x', '--limit', 'many'], '--limit must be'],
    [
      ['report', 'activity', '--by', 'a', '--out', 'x', '--format', 'text', '--font', 'f'],
      '--font is for',
    ],
  ])('says what is wrong: %s', async (args, words) => {
    const { code, stderr } = await world.run(args)
    expect(code).toBe(1)
    expect(stderr).toContain(words)
  })
})
