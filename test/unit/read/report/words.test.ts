import { describe, expect, it } from 'vitest'
import { en, pt, report, type ReportKind, reportKinds } from '../../../../src/read/report/report.ts'
import { auditOf, collected, factIn, many, now, t0, tableIn } from './collected.ts'

const kinds = Object.keys(reportKinds) as ReportKind[]

/** All texts of a catalogue, by their paths; functions as what they make of a number or two texts. */
const textsOf = (words: object, path = ''): readonly (readonly [string, string])[] =>
  Object.entries(words).flatMap(([name, value]: [string, unknown]) => {
    const at = `${path}.${name}`
    if (typeof value === 'function') {
      const made: unknown =
        name === 'captured' ? value(['x']) : value(name === 'not' ? 'x' : 1, 'x')
      return [[at, String(made)] as const]
    }
    return typeof value === 'object' && value !== null
      ? textsOf(value, at)
      : [[at, String(value)] as const]
  })

describe('the words of a report', () => {
  it('are the same ones in every language, none of them empty', () => {
    const [english, portuguese] = [textsOf(en), textsOf(pt)]
    expect(portuguese.map(([path]) => path)).toEqual(english.map(([path]) => path))
    const empty = [...english, ...portuguese].filter(([, text]) => text === '')
    expect(empty).toEqual([])
  })

  it('are translated, all but those that are the same in both', () => {
    const english = new Map(textsOf(en))
    const same = textsOf(pt).filter(
      ([path, text]) => english.get(path) === text && /[a-z]{3}/.test(text),
    )
    expect(same.map(([, text]) => text).toSorted()).toEqual([
      'Status',
      'Status 1',
      'Total',
      'bytes',
      'login',
      'min',
      'numeric',
      'x item',
    ])
  })

  it('have a form for one and a form for more', () => {
    expect([1, 2].map((count) => en.absent.cut(count, String(count)))).toEqual([
      'The report ends at its limit: 1 more event was left out.',
      'The report ends at its limit: 2 more events were left out.',
    ])
    expect([1, 2].map((count) => pt.absent.cut(count, String(count)))).toEqual([
      'O relatório termina em seu limite: mais 1 evento ficou de fora.',
      'O relatório termina em seu limite: mais 2 eventos ficaram de fora.',
    ])
  })

  it.each(kinds)('are Portuguese in a report of kind %s that is asked for in it', async (kind) => {
    const { audit } = await auditOf()
    const made = await report(audit, kind, { now, language: 'pt', timeZone: 'America/Sao_Paulo' })
    expect(made).toMatchObject({ language: 'pt-BR', title: pt.titles[kind] })
    expect(made.period).toBe('até 31/01/2026, 21:00:00,000')
    const { text, coverText } = await collected(made)
    expect(text).toMatch(/Nenhum/)
    expect(coverText).toContain('Fuso horário: America/Sao_Paulo (UTC-03:00)')
    expect(coverText).not.toMatch(/\b(the|not|of|Events|none)\b/)
  })

  it('write times and numbers as their readers do', async () => {
    const request = {
      kind: 'export',
      action: 'export',
      data: { bytes: 1_234_567, records: 1 },
    } as const
    const { audit } = await auditOf(
      ...many(1_200, (index) => ({ ...request, occurredAt: t0 + index })),
    )
    const made = await report(audit, 'access', {
      now,
      language: 'pt',
      timeZone: 'America/Sao_Paulo',
    })
    const { body, cover } = await collected(made)
    const [first] = tableIn(body)
    expect([first?.[0]].flat()[0]).toBe('31/12/2025, 21:00:00,000')
    expect(first?.[4]).toEqual(['1 registro', '1.234.567 bytes'])
    expect(factIn(cover, 'Eventos')).toBe('1.200')
  })

  it('are handed to who draws', async () => {
    const { audit } = await auditOf()
    const { words } = await report(audit, 'activity', { now })
    expect(words.page(3, 1_200)).toBe('Page 3 of 1,200')
    expect(words.cut(12_345)).toBe('… (12,345 characters)')
    expect(words.escaped(1)).toMatch(/^In 1 text /)
    expect([words.contents, words.continued]).toEqual(['Contents', 'continued'])
  })

  it('may be those of another language', async () => {
    const { audit } = await auditOf()
    const language = {
      ...en,
      language: 'de',
      noEvents: 'Nichts.',
      titles: { ...en.titles, activity: 'Bericht' },
    }
    const made = await report(audit, 'activity', { now, language })
    expect(made).toMatchObject({
      title: 'Bericht',
      language: 'de',
      period: 'until 1. Feb. 2026, 00:00:00.000'.replace('.000', ',000'),
    })
    expect((await collected(made)).text).toBe('Nichts.')
  })
})
