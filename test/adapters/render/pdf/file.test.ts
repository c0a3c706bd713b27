import { PDFArray, PDFDict, PDFDocument, PDFHexString, PDFName, PDFString } from 'pdf-lib'
import { describe, expect, it, vi } from 'vitest'
import { pdf } from '../../../../adapters/render/pdf/pdf.ts'
import type { Block } from '../../../../src/read/report/document.ts'
import { hiddenIn, sampleReport } from '../sample.ts'
import { reportOf, tableOf } from './report-of.ts'
import { picture, textOf, told, wordsOf } from './tools.ts'

const chart: Block = {
  type: 'chart',
  title: 'Events per day',
  alternative: 'On 1 January 3 events succeeded and 1 failed.',
  form: 'columns',
  bars: [
    {
      label: '1 Jan',
      parts: [
        { label: 'Success', value: 3, text: '3', tone: 'success' },
        { label: 'Failure', value: 1, text: '1', tone: 'failure' },
      ],
    },
  ],
}

const many = Array.from({ length: 300 }, (_, row) => [`row ${row}`, `value ${row}`])

const blocks: readonly Block[] = [
  { type: 'heading', level: 1, text: 'Timeline' },
  { type: 'heading', level: 2, text: 'Part (of) it' },
  { type: 'facts', facts: [{ name: 'Tenant', value: 'acme' }] },
  { type: 'note', text: 'Nothing was cut.' },
  tableOf(many),
  { type: 'heading', level: 1, text: 'Zusammenfassung – ünïcode' },
  chart,
]

const made = () => pdf(reportOf(blocks, { cover: async () => [chart] }))

/** All texts of an object, as viewers read them. */
const textsIn = (object: unknown): readonly string[] => {
  if (object instanceof PDFHexString || object instanceof PDFString) return [object.decodeText()]
  if (object instanceof PDFArray) return object.asArray().flatMap(textsIn)
  return object instanceof PDFDict ? object.values().flatMap(textsIn) : []
}

describe('pdf', () => {
  it('makes a file in which qpdf and poppler find nothing wrong', async () => {
    const bytes = await made()
    expect(await told(bytes, 'qpdf', '--check')).toContain('No syntax or stream encoding errors')
    await told(bytes, 'pdftoppm', '-r', '20', 'FILE', '/dev/null')
    const info = await told(bytes, 'pdfinfo', '-isodates')
    expect(info).toMatch(/^Title:\s+Activity report$/m)
    expect(info).toMatch(/^Author:\s+Ada Lovelace$/m)
    expect(info).toMatch(/^CreationDate:\s+2026-02-02T03:04:05Z?/m)
    expect(info).toMatch(/^Tagged:\s+yes$/m)
  })

  it('makes the same bytes of the same report', async () => {
    expect(Buffer.compare(await made(), await made())).toBe(0)
  })

  it.each([
    ['by streams alone', { process: undefined }],
    ['not at all', { process: undefined, CompressionStream: undefined }],
  ])('is the same where the platform compresses %s', async (_, globals) => {
    const expected = await textOf(await made())
    for (const [name, value] of Object.entries(globals)) vi.stubGlobal(name, value)
    const bytes = await made().finally(() => vi.unstubAllGlobals())
    expect(await told(bytes, 'qpdf', '--check')).toContain('No syntax or stream encoding errors')
    expect(await textOf(bytes)).toBe(expected)
  })

  it('is read by pdf-lib, and tells its language and that its title is to be shown', async () => {
    const document = await PDFDocument.load(await made(), { updateMetadata: false })
    const { catalog } = document
    expect(catalog.lookup(PDFName.of('Lang'), PDFString).decodeText()).toBe('en')
    const preferences = catalog.lookup(PDFName.of('ViewerPreferences'), PDFDict)
    expect(String(preferences.get(PDFName.of('DisplayDocTitle')))).toBe('true')
  })

  it('has an outline of its parts and sections', async () => {
    const document = await PDFDocument.load(await made(), { updateMetadata: false })
    const outline = document.catalog.lookup(PDFName.of('Outlines'), PDFDict)
    const titles = (item: PDFDict): readonly unknown[] => {
      const all: unknown[] = []
      let next = item.lookupMaybe(PDFName.of('First'), PDFDict)
      for (; next !== undefined; next = next.lookupMaybe(PDFName.of('Next'), PDFDict)) {
        const title = next.lookup(PDFName.of('Title'))
        const text =
          title instanceof PDFHexString || title instanceof PDFString ? title.decodeText() : ''
        all.push([text, ...titles(next)])
      }
      return all
    }
    expect(titles(outline)).toEqual([['Timeline', ['Part (of) it']], ['Zusammenfassung – ünïcode']])
  })

  it('tells who cannot see it what is a heading, a table and its headings, and what a chart shows', async () => {
    const tree = await told(await made(), 'pdfinfo', '-struct-text')
    expect(tree).toMatch(/H1 \(block\)\s+"Activity report"/)
    expect(tree).toMatch(/H2 \(block\)\s+"Part \(of\) it"/)
    expect(tree).toMatch(/Table \(block\)[^]*TH:[^]*"Column 1"[^]*TR\s+TD\s+"row 0"/)
    expect(tree.match(/"Column 1"/g)).toHaveLength(1)
    const structure = await told(await made(), 'pdfinfo', '-struct')
    expect(structure.match(/Figure/g)).toHaveLength(2)
  })

  it('repeats the headings of a table on each of its pages, and numbers the pages', async () => {
    const words = await wordsOf(await made())
    const last = Math.max(...words.map(({ page }) => page))
    const pagesOf = (text: string) =>
      new Set(words.filter((word) => word.text === text).map(({ page }) => page))
    const rows = words.filter(({ text }) => text === 'row').map(({ page }) => page)
    expect(new Set(rows).size).toBeGreaterThan(3)
    expect(pagesOf('Column')).toEqual(new Set(rows))
    expect(pagesOf('019b7600-aaaa-7000-8000-000000000001').size).toBe(last)
    expect(await textOf(await made())).toContain(`Page 2 of ${last}`)
  })

  it.each([
    ['on the cover where there is room', 3],
    ['on pages of their own', 90],
  ])('lists each part with the number of its page, %s', async (_, count) => {
    const parts = Array.from({ length: count }, (_, index): Block => ({
      type: 'heading',
      level: 1,
      text: `Part-${index}`,
    }))
    const words = await wordsOf(await pdf(reportOf(parts)))
    for (let index = 0; index < count; index += 1) {
      const [listed, there, ...more] = words.filter(({ text }) => text === `Part-${index}`)
      expect(more).toEqual([])
      const number = words.find(
        ({ page, top, left }) =>
          page === listed?.page && left > 400 && Math.abs(top - listed.top) < 2,
      )
      expect(Number(number?.text)).toBe(there?.page)
    }
  })

  it('puts a title, a chart and rows where they can be seen', async () => {
    const { width, height, grey } = await picture(await made(), 1)
    const isDark = (x: number, y: number): boolean =>
      (grey[Math.round((y * height) / 841.89) * width + Math.round((x * width) / 595.28)] ?? 255) <
      140
    // The bar of the only day, some way into its height.
    expect(isDark(50, 190)).toBe(true)
    expect(isDark(300, 700)).toBe(false)
  })

  it('goes on on the next page with a row that is taller than a page, and loses none of it', async () => {
    const long = Array.from({ length: 3_900 / 5 }, (_, index) => String(index).padStart(4, '0'))
    const rows = [
      ['a', long.join(' ')],
      ['b', 'end'],
    ]
    const columns = [1, 12].map((_, index) => ({ label: `C${index}`, width: index === 0 ? 12 : 1 }))
    const bytes = await pdf(reportOf([{ type: 'table', caption: 'Tall', columns, rows }]))
    const found = (await wordsOf(bytes)).filter(({ text }) => /^\d{4}$/.test(text))
    expect(found.map(({ text }) => text)).toEqual(long)
    expect(new Set(found.map(({ page }) => page)).size).toBeGreaterThan(2)
  })

  it('says how long a text is of which it prints the beginning', async () => {
    const text = await textOf(await pdf(reportOf([{ type: 'note', text: 'word '.repeat(2_000) }])))
    expect(text).toContain('10000 characters')
    expect(text.match(/word/g)).toHaveLength(800)
  })

  it('leads from the id of an event to where the event can be looked at', async () => {
    const cell = { text: 'abc', event: 'abc (1)' }
    const columns = [{ label: 'Id', width: 1 }]
    const report = reportOf([{ type: 'table', caption: 'Ids', columns, rows: [[cell]] }])
    const bytes = await pdf(report, { events: 'https://app.example.com/audit/events/' })
    const html = await told(bytes, 'pdftohtml', '-stdout', '-i', '-q')
    expect(html).toContain('href="https://app.example.com/audit/events/abc%20(1)"')
  })

  it('prints all that a report holds, whoever wrote it', async () => {
    const bytes = await pdf(sampleReport({}, 60), { events: 'https://app.exämple.com/ä b/' })
    expect(await told(bytes, 'qpdf', '--check')).toContain('No syntax or stream encoding errors')
    await told(bytes, 'pdftoppm', '-r', '20', 'FILE', '/dev/null')
    const text = await textOf(bytes)
    expect(text).toContain('Month-end closing')
    expect(text).toContain('<script>alert(1)</script>')
    expect(hiddenIn(text.replaceAll('\f', ''))).toEqual([])
  })

  it('shows beside the pages what it shows on them', async () => {
    const text = 'ok\u{202E}deliaf\u{1B}en\u{1B}'
    const chart = { type: 'chart', title: text, alternative: text, form: 'rows', bars: [] } as const
    const heading = { type: 'heading', level: 1, text } as const
    const report = reportOf([heading, tableOf([['a']], text), chart], { title: text, author: text })
    const { context } = await PDFDocument.load(await pdf(report), { updateMetadata: false })
    const texts = context.enumerateIndirectObjects().flatMap(([, object]) => textsIn(object))
    expect(texts.filter((one) => one.includes('\\u{202E}')).length).toBeGreaterThan(4)
    expect(texts.flatMap((one) => hiddenIn(one))).toEqual([])
  })

  it('ends when the headings of a table would fill a page', async () => {
    const columns = [
      { label: 'x'.repeat(100), width: 1 },
      { label: 'b', width: 99 },
    ]
    const rows = Array.from({ length: 200 }, () => ['a', 'row'])
    const words = await wordsOf(
      await pdf(reportOf([{ type: 'table', caption: 'T', columns, rows }])),
    )
    expect(words.filter(({ text }) => text === 'row')).toHaveLength(200)
  })

  it('rejects with what the rows reject with', async () => {
    const rows = (async function* () {
      yield ['a']
      throw new Error('the store is down')
    })()
    const columns = [{ label: 'A', width: 1 }]
    const report = reportOf([{ type: 'table', caption: 'T', columns, rows }])
    await expect(pdf(report)).rejects.toThrow('the store is down')
  })
})
