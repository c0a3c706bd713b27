import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { text } from '../../../adapters/render/text.ts'
import type { Block, Cell, Chart } from '../../../src/read/report/document.ts'
import { anyText, hiddenIn, reportOf, sampleReport } from './sample.ts'

/** Letters of which everybody knows how wide they are: what is expected is told by them alone. */
const narrow = [...Array.from('abcxyz'), ' ', '/', '.', '-', 'é', 'ж', 'א', '|']
const wide = Array.from('漢字한か😀')
const mark = '\u{301}'

const widthIn = (line: string): number =>
  Array.from(line).reduce((sum, one) => sum + (one === mark ? 0 : wide.includes(one) ? 2 : 1), 0)

/** Words of all lengths, of which many are longer than a line. */
const measured = fc
  .array(
    fc
      .tuple(fc.constantFrom(...narrow, ...wide, `a${mark}`, `漢${mark}${mark}`), fc.nat(30))
      .map(([letter, more]) => letter.repeat(more > 24 ? more : (more % 3) + 1)),
    { maxLength: 24 },
  )
  .map((words) => words.join(''))

const blocksOf = (texts: fc.Arbitrary<string>): fc.Arbitrary<Block> =>
  fc.oneof(
    fc.record({
      type: fc.constant('heading' as const),
      level: fc.constantFrom(1 as const, 2 as const, 3 as const),
      text: texts,
    }),
    fc.record({ type: fc.constant('note' as const), text: texts }),
    fc.record({
      type: fc.constant('facts' as const),
      facts: fc.array(fc.record({ name: texts, value: fc.array(texts, { maxLength: 3 }) }), {
        maxLength: 4,
      }),
    }),
    fc.record({
      type: fc.constant('chart' as const),
      title: texts,
      alternative: texts,
      form: fc.constantFrom('columns' as const, 'rows' as const),
      bars: fc.array(
        fc.record({
          label: texts,
          parts: fc.array(fc.record({ label: texts, value: fc.nat(), text: texts }), {
            maxLength: 4,
          }),
        }),
        { maxLength: 5 },
      ),
    }),
    fc.integer({ min: 1, max: 7 }).chain((columns) =>
      fc.record({
        type: fc.constant('table' as const),
        caption: texts,
        columns: fc.array(fc.record({ label: texts, width: fc.integer({ min: 1, max: 5 }) }), {
          minLength: columns,
          maxLength: columns,
        }),
        rows: fc.array(
          fc.array(
            fc.oneof(
              texts,
              texts.map((one) => ({ text: one, event: one })),
              fc.array(texts, { maxLength: 3 }),
            ),
            { minLength: columns, maxLength: columns },
          ),
          { maxLength: 4 },
        ),
      }),
    ),
  )

const tableOf = (labels: readonly string[], rows: readonly (readonly Cell[])[]): Block => ({
  type: 'table',
  caption: 'Table',
  columns: labels.map((label) => ({ label, width: 1 })),
  rows,
})

const bare = { title: 'T', period: 'P' }

/** What is written of these blocks, without the title. */
const written = async (blocks: readonly Block[], width = 60): Promise<string> =>
  (await text(reportOf(blocks, bare), { width })).replace(/^T\n=\nP\n\n/, '')

describe('a report as plain text', () => {
  it('shows every character, whatever events hold', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyText,
        fc.array(blocksOf(anyText), { maxLength: 4 }),
        async (own, body) => {
          const said = { title: own, period: own, language: own, author: own }
          expect(hiddenIn(await text(reportOf(body, said)))).toEqual([])
        },
      ),
      { numRuns: 150 },
    )
    expect(hiddenIn(await text(sampleReport()))).toEqual([])
  })

  it('writes the numbers of what would steer a terminal, and lets nobody forge one', async () => {
    const said = await written([
      { type: 'note', text: '\u{1B}[2J' },
      { type: 'note', text: String.raw`\u{1B}` },
      { type: 'note', text: 'a\nb\u{202E}' },
    ])
    expect(said).toBe(
      [String.raw`\u{001B}[2J`, String.raw`\u{5C}u{1B}`, String.raw`a\u{000A}b\u{202E}`]
        .join('\n\n')
        .concat('\n'),
    )
  })

  it('has no line that is wider than asked, and no spaces at the end of one', async () => {
    const widths = fc.constantFrom(40, 41, 57, 72, 100, 133)
    await fc.assert(
      fc.asyncProperty(
        widths,
        measured,
        fc.array(blocksOf(measured), { minLength: 1, maxLength: 4 }),
        async (width, title, body) => {
          const lines = (await text(reportOf(body, { title }), { width })).split('\n')
          expect(lines.filter((line) => widthIn(line) > width)).toEqual([])
          expect(lines.filter((line) => line !== line.trimEnd())).toEqual([])
        },
      ),
      { numRuns: 400 },
    )
  })

  it('breaks a line where it can be broken, and where it has to be', async () => {
    const noted = (said: string): Promise<string> => written([{ type: 'note', text: said }], 40)
    const a = 'a'.repeat(39)
    expect(await noted(`one ${a}`)).toBe(`one\n${a}\n`)
    expect(await noted(`path/${a}`)).toBe(`path/\n${a}\n`)
    expect(await noted(`${a}${a}`)).toBe(`${a}a\n${a.slice(1)}\n`)
    expect(await noted(`${a} ${' '.repeat(9)}b`)).toBe(`${a}\nb\n`)
    expect(await noted(`/${'漢'.repeat(19)}x漢`)).toBe(`/\n${'漢'.repeat(19)}x\n漢\n`)
    expect(await noted(`one two/${a}${a}`)).toBe(`one\ntwo/\n${a}a\n${a.slice(1)}\n`)
    expect(await noted(`${a}${mark}\u{1B}`)).toBe(`${a}${mark}\n\\u{001B}\n`)
  })

  it('keeps every character of every cell, in order, beside or below each other', async () => {
    // By its letters it is known of which column a character is.
    const letters = ['abcde', 'klmno', '漢字한か', 'ВГДЖ', '12345'].map((all) => Array.from(all))
    const cellsOf = fc.tuple(
      ...letters.map((some) => fc.string({ unit: fc.constantFrom(...some), maxLength: 50 })),
    )
    await fc.assert(
      fc.asyncProperty(
        fc.array(cellsOf, { maxLength: 5 }),
        fc.constantFrom(40, 60, 100),
        async (rows, width) => {
          const labels = ['A', 'B', 'C', 'D', 'E']
          const said = Array.from(await written([tableOf(labels, rows)], width))
          for (const [column, some] of letters.entries()) {
            const kept = said.slice('Table'.length).filter((one) => some.includes(one))
            expect(kept.join('')).toBe(rows.map((row) => row[column]).join(''))
          }
        },
      ),
      { numRuns: 150 },
    )
  })

  it('sets columns below each other, wide letters and marks among them', async () => {
    const rows = [
      ['漢字かな', 'one'],
      [`a${mark}b`, { text: 'two', tone: 'failure', bold: true }],
      ['three words, of which the last one is long', ['first', 'second']],
      ['plain', ''],
    ] as const
    expect(await written([tableOf(['Name', 'What'], rows)], 42)).toBe(
      `Table
Name                  What
--------------------  --------------------
漢字かな              one
a${mark}b                    two

three words, of       first
which the last one    second
is long

plain
`,
    )
  })

  it('does not say a caption that the heading above says', async () => {
    const table = tableOf(['A'], [['one']])
    const heading: Block = { type: 'heading', level: 2, text: 'Table' }
    expect((await written([heading, table])).match(/Table/g)).toHaveLength(1)
    expect((await written([{ ...heading, text: 'Else' }, table])).match(/Table/g)).toHaveLength(1)
  })

  it('draws bars as long as their values, with the numbers beside them', async () => {
    const chart: Chart = {
      type: 'chart',
      title: 'Per day',
      alternative: '',
      form: 'columns',
      bars: [
        ['Jan 1', 30, 10],
        ['Jan 2', 0, 20],
        ['January 3', 0, 0],
        ['Jan 4', 39, 0.001],
      ].map(([label, good, bad]) => ({
        label: String(label),
        parts: [
          { label: 'Good', value: Number(good), text: String(good) },
          { label: 'Bad', value: Number(bad), text: String(bad) },
        ],
      })),
    }
    // 11 for names, 12 for numbers and what is around them: 40 are left for the longest bar.
    expect(await written([chart], 11 + 40 + 2 + '39 / 0.001'.length)).toBe(
      `Per day
█ Good / ▒ Bad
Jan 1      ${'█'.repeat(30)}${'▒'.repeat(10)} 30 / 10
Jan 2      ${'▒'.repeat(20)} 0 / 20
January 3  0 / 0
Jan 4      ${'█'.repeat(39)}▒ 39 / 0.001
`,
    )
  })

  it('begins with the title, the period and the cover, which it asks for last', async () => {
    const order: string[] = []
    const said = await text({
      ...sampleReport(),
      ...bare,
      body: (async function* () {
        yield { type: 'note', text: 'body' } as const
        order.push('body')
      })(),
      cover: () => {
        order.push('cover')
        return Promise.resolve([{ type: 'note', text: 'cover' }])
      },
    })
    expect(order).toEqual(['body', 'cover'])
    expect(said).toBe('T\n=\nP\n\ncover\n\nbody\n')
  })

  it('says title and period of a report in which there is nothing', async () => {
    expect(await text(reportOf([], bare))).toBe('T\n=\nP\n')
    expect(await text(reportOf([{ type: 'facts', facts: [] }], bare))).toBe('T\n=\nP\n')
  })

  it('is the same text each time', async () => {
    expect(await text(sampleReport())).toBe(await text(sampleReport()))
  })

  it('takes 100 columns, and the nearest width that can be read', async () => {
    const widest = async (width?: number): Promise<number> => {
      const body: readonly Block[] = [{ type: 'note', text: 'a'.repeat(5_000) }]
      const lines = (await text(reportOf(body), { width })).split('\n')
      return Math.max(...lines.map(({ length }) => length))
    }
    expect(await widest()).toBe(100)
    expect(await widest(72.9)).toBe(72)
    for (const width of [-1, 0, 39, Number.NaN]) expect(await widest(width)).toBe(40)
    expect(await widest(Infinity)).toBe(1_000)
  })

  it('fails as the body of the report does', async () => {
    const fault = new Error('the store went away')
    const body = (async function* (): AsyncGenerator<Block> {
      yield { type: 'note', text: 'so far' }
      throw fault
    })()
    await expect(text(sampleReport({ body }))).rejects.toBe(fault)
  })
})
