import { createHash } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import * as fc from 'fast-check'
import { type Browser, chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { html, htmlCsp } from '../../../adapters/render/html.ts'
import { visible } from '../../../adapters/render/visible.ts'
import type { Block, Cell } from '../../../src/read/report/document.ts'
import { launch, leftOut } from '../../browser/chromium.ts'
import { anyText, hiddenIn, hostile, reportOf, sampleReport } from './sample.ts'

interface Node {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: (Node | string)[]
}

const empty = new Set(['meta', 'col', 'br'])
const elements = new Set(
  'html head meta title style body div header main nav h1 h2 h3 h4 p b a br span i ol li dl dt dd table caption colgroup col thead tbody tr th td figure figcaption svg desc g rect line text'.split(
    ' ',
  ),
)
const attributes = new Set(
  'lang charset http-equiv content name id class href scope role aria-label aria-labelledby aria-hidden width height x y x1 y1 x2 y2 dx text-anchor'.split(
    ' ',
  ),
)

const references: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
}
const decoded = (text: string): string =>
  text.replaceAll(/&[^;]*;/g, (reference) => references[reference] ?? `unknown ${reference}`)

/**
 * Reads a page by a grammar that is much stricter than that of browsers: what they would have to mend, or
 * what a report has no use for, is refused.
 */
const parsed = (page: string): Node => {
  const token =
    /<\/(?<end>[a-z0-9]+)>|<(?<start>[a-z0-9]+)(?<inner>(?: [a-z0-9-]+="[^"<>]*")*)(?<closed>\/?)>|(?<text>(?:[^<>&"']|&(?:amp|lt|gt|quot|#39);)+)/y
  const root: Node = { name: '', attributes: {}, children: [] }
  const open = [root]
  const doctype = '<!doctype html>\n'
  expect(page.startsWith(doctype)).toBe(true)
  token.lastIndex = doctype.length
  while (token.lastIndex < page.length) {
    const from = token.lastIndex
    const { end, start, inner, closed, text } = token.exec(page)?.groups ?? {}
    const node = open.at(-1)
    if (node === undefined) throw new Error('an element that ends is not open')
    if (text !== undefined) node.children.push(decoded(text))
    else if (end !== undefined) {
      expect(end).toBe(node.name)
      open.pop()
    } else if (start !== undefined) {
      if (!elements.has(start)) throw new Error(`no element of ours: ${start}`)
      const pairs = [...(inner ?? '').matchAll(/ ([a-z0-9-]+)="([^"]*)"/g)].map(
        ([, name = '', value = '']) => [name, decoded(value)] as const,
      )
      for (const [name] of pairs)
        if (!attributes.has(name)) throw new Error(`no attribute of ours: ${name}`)
      const child: Node = { name: start, attributes: Object.fromEntries(pairs), children: [] }
      node.children.push(child)
      if (start === 'style') {
        const close = page.indexOf('</style>', from)
        child.children.push(page.slice(token.lastIndex, close))
        token.lastIndex = close + '</style>'.length
      } else if (closed !== '/' && !empty.has(start)) open.push(child)
    } else throw new Error(`not well-formed: ${page.slice(from, from + 80)}`)
  }
  expect(open).toEqual([root])
  return root
}

const allIn = (node: Node, name: string): readonly Node[] =>
  node.children.flatMap((child) =>
    typeof child === 'string'
      ? []
      : [...(child.name === name ? [child] : []), ...allIn(child, name)],
  )

const textIn = (node: Node): string =>
  node.children
    .map((child) =>
      typeof child === 'string' ? child : child.name === 'br' ? '\n' : textIn(child),
    )
    .join('')

const seen = (text: string): string => visible(text, () => true).text

const tableOf = (rows: readonly (readonly Cell[])[], caption = 'Table'): Block => ({
  type: 'table',
  caption,
  columns: (rows[0] ?? ['']).map((_, index) => ({ label: `Column ${index}`, width: 1 })),
  rows,
})

const pageOf = async (
  blocks: readonly Block[],
  ...more: Parameters<typeof html> extends [unknown, ...infer Rest] ? Rest : never
): Promise<Node> => parsed(await html(reportOf(blocks), ...more))

const everywhere = (text: string): readonly Block[] => [
  { type: 'heading', level: 1, text },
  { type: 'heading', level: 2, text },
  { type: 'note', text, tone: 'denied' },
  { type: 'facts', facts: [{ name: text, value: [text, { text, event: text, bold: true }] }] },
  tableOf([[text, { text, event: text, tone: 'muted' }]], text),
  ...(['rows', 'columns'] as const).map((form): Block => ({
    type: 'chart',
    title: text,
    alternative: text,
    form,
    bars: [
      { label: text, parts: ['1', text].map((one) => ({ label: text, value: 1, text: one })) },
    ],
  })),
]

describe('a report as an HTML page', () => {
  it('takes whatever events hold for text, and shows each character of it', async () => {
    await fc.assert(
      fc.asyncProperty(anyText, async (text) => {
        const own = { title: text, period: text, language: text, author: text }
        const said = await html(reportOf(everywhere(text), own), { events: '/events/' })
        expect(hiddenIn(said)).toEqual([])
        const page = parsed(said)
        const [first, second] = allIn(page, 'td').map(textIn)
        expect([first, second]).toEqual([seen(text), seen(text)])
        for (const name of ['h1', 'h2', 'h3', 'caption', 'dt', 'figcaption'])
          expect(textIn(allIn(page, name).at(-1) ?? page)).toBe(seen(text))
      }),
      { numRuns: 200 },
    )
  })

  it('lets no text of an attacker become an element, an attribute or an address', async () => {
    const page = parsed(await html(sampleReport({ title: hostile.join('') }), { events: '/e/' }))
    expect(
      allIn(page, 'a').every(({ attributes: { href } }) => /^(#|\/e\/)/.test(href ?? '')),
    ).toBe(true)
    expect(allIn(page, 'td').map(textIn).join('')).toContain('<script>alert(1)</script>')
  })

  it('leads from the id of an event to where it can be looked at, whatever the id is', async () => {
    const ids = [
      '0197a5c0',
      `"><b onclick='x'>`,
      '../../?a=1#b',
      'javascript:alert(1)',
      'a\u{D800}\n',
    ]
    const rows = ids.map((event) => [{ text: 'id', event }])
    const page = await pageOf([tableOf(rows)], { events: 'https://app.example/e/?q="&id=' })
    expect(
      allIn(page, 'td')
        .flatMap((cell) => allIn(cell, 'a'))
        .map((link) => link.attributes['href']),
    ).toEqual(
      [
        '0197a5c0',
        `%22%3E%3Cb%20onclick%3D'x'%3E`,
        '..%2F..%2F%3Fa%3D1%23b',
        'javascript%3Aalert(1)',
        'a%EF%BF%BD%0A',
      ].map((id) => `https://app.example/e/?q="&id=${id}`),
    )
    expect(allIn(await pageOf([tableOf(rows)]), 'a')).toEqual([])
  })

  it('has a caption, a head and all cells in each table', async () => {
    const rows = Array.from({ length: 40 }, (_, row) => [
      `cell ${row}`,
      [`first ${row}`, { text: `second ${row}`, bold: true }],
      { text: `said ${row}`, tone: 'failure' as const },
    ])
    const [table] = allIn(await pageOf([tableOf(rows, 'What happened')]), 'table')
    if (table === undefined) throw new Error('no table')
    expect(allIn(table, 'caption').map(textIn)).toEqual(['What happened'])
    const heads = allIn(allIn(table, 'thead')[0] ?? table, 'th')
    expect(heads.map((head) => [textIn(head), head.attributes['scope']])).toEqual(
      [0, 1, 2].map((column) => [`Column ${column}`, 'col']),
    )
    const body = allIn(allIn(table, 'tbody')[0] ?? table, 'tr')
    expect(body.map((row) => allIn(row, 'td').map(textIn))).toEqual(
      rows.map((_, row) => [`cell ${row}`, `first ${row}\nsecond ${row}`, `said ${row}`]),
    )
    expect(allIn(table, 'col').map(({ attributes }) => attributes['class'])).toEqual(
      Array(3).fill('w33'),
    )
  })

  it('has one title, and headings that skip no depth, to each of which the contents lead', async () => {
    const heading = (level: 1 | 2 | 3, text: string): Block => ({ type: 'heading', level, text })
    const body = [
      heading(1, 'A'),
      heading(2, 'B'),
      heading(3, 'C'),
      heading(2, 'D'),
      heading(1, 'E'),
    ]
    const cover = (): Promise<readonly Block[]> => Promise.resolve([heading(2, 'In numbers')])
    const page = parsed(await html(reportOf(body, { title: 'Title', cover })))
    const named = (name: string): readonly string[] => allIn(page, name).map(textIn)
    expect(named('h1')).toEqual(['Title'])
    expect(named('h2')).toEqual(['In numbers', 'Contents', 'A', 'E'])
    expect(named('h3')).toEqual(['B', 'D'])
    expect(named('h4')).toEqual(['C'])
    const links = allIn(allIn(page, 'nav')[0] ?? page, 'a')
    expect(links.map(textIn)).toEqual(['A', 'B', 'D', 'E'])
    const ids = ['h2', 'h3', 'h4']
      .flatMap((name) => allIn(page, name))
      .map((one) => [`#${one.attributes['id']}`, textIn(one)] as const)
    expect(new Set(ids.map(([id]) => id)).size).toBe(ids.length)
    expect(
      links.map((link) => new Map<string, string>(ids).get(link.attributes['href'] ?? '')),
    ).toEqual(links.map(textIn))
  })

  it('lists the parts alone where there are too many sections', async () => {
    const sections = Array.from({ length: 300 }, (_, index): Block => ({
      type: 'heading',
      level: index % 100 === 0 ? 1 : 2,
      text: String(index),
    }))
    const [nav] = allIn(await pageOf(sections), 'nav')
    expect(allIn(nav ?? { name: '', attributes: {}, children: [] }, 'a').map(textIn)).toEqual([
      '0',
      '100',
      '200',
    ])
  })

  it('draws charts as long as their values, and tells them in words', async () => {
    const bars = [
      [30, 10],
      [0, 20],
    ].map(([good = 0, bad = 0], index) => ({
      label: `Day ${index}`,
      parts: [
        { label: 'Good', value: good, text: String(good), tone: 'success' as const },
        { label: 'Bad', value: bad, text: String(bad), tone: 'failure' as const },
      ],
    }))
    const chart = { type: 'chart', title: 'Days', alternative: 'In words', bars } as const
    const rects = async (form: 'rows' | 'columns', side: string): Promise<unknown> => {
      const [figure] = allIn(await pageOf([{ ...chart, form }]), 'figure')
      const [svg] = allIn(figure ?? { name: '', attributes: {}, children: [] }, 'svg')
      if (svg === undefined || figure === undefined) throw new Error('no chart')
      expect(svg.attributes).toMatchObject({ role: 'img', 'aria-label': 'In words' })
      expect(textIn(allIn(svg, 'title')[0] ?? svg)).toBe('Days')
      expect(textIn(allIn(svg, 'desc')[0] ?? svg)).toBe('In words')
      expect(allIn(svg, 'title').map(textIn)).toContain('Day 1: 0 Good, 20 Bad')
      expect(textIn(figure)).toContain('30 / 10')
      return allIn(svg, 'rect').map(({ attributes: one }) => [one['class'], one[side]])
    }
    expect(await rects('columns', 'height')).toEqual([
      ['success', '82.5'],
      ['failure', '27.5'],
      ['failure', '55'],
    ])
    expect(await rects('rows', 'width')).toEqual([
      ['success', '40.5%'],
      ['failure', '13.5%'],
      ['failure', '27%'],
    ])
  })

  it('asks for a policy that lets in its style, and nothing else', async () => {
    const page = parsed(await html(sampleReport()))
    const [style, ...others] = allIn(page, 'style').map(textIn)
    const hash = createHash('sha256')
      .update(style ?? '')
      .digest('base64')
    expect(others).toEqual([])
    expect(htmlCsp).toBe(
      `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`,
    )
    const meta = allIn(page, 'meta').map(({ attributes }) => attributes)
    expect(meta).toContainEqual({ 'http-equiv': 'Content-Security-Policy', content: htmlCsp })
    expect(style).not.toMatch(/url\(|@import/)
  })

  it('names its language, its title and its author', async () => {
    const said = { language: 'pt-BR', title: 'Relatório', period: 'Janeiro', author: 'Ana' }
    const page = parsed(await html(reportOf([], said)))
    expect(allIn(page, 'html')[0]?.attributes).toEqual({ lang: 'pt-BR' })
    expect(allIn(page, 'title').map(textIn)).toEqual(['Relatório – Janeiro'])
    expect(allIn(page, 'meta').map(({ attributes }) => attributes)).toContainEqual({
      name: 'author',
      content: 'Ana',
    })
  })

  it('has no contents, and nothing but its title, where there is nothing', async () => {
    const page = parsed(await html(reportOf([], { title: 'Title' })))
    expect(textIn(allIn(page, 'body')[0] ?? page).trim()).toMatch(/^Title\s+Jan 1 – Jan 31, 2026$/)
    expect(allIn(page, 'nav')).toEqual([])
  })

  it('is the same page each time', async () => {
    expect(await html(sampleReport())).toBe(await html(sampleReport()))
  })

  it('fails as the body of the report does, and does not ask for the cover before', async () => {
    const fault = new Error('the store went away')
    let covers = 0
    const body = (async function* (): AsyncGenerator<Block> {
      yield { type: 'note', text: 'so far' }
      throw fault
    })()
    const cover = (): Promise<readonly Block[]> => {
      covers += 1
      return Promise.resolve([])
    }
    await expect(html(sampleReport({ body, cover }))).rejects.toBe(fault)
    expect(covers).toBe(0)
  })
})

describe.skipIf(leftOut)('a report in a browser', () => {
  let browser: Browser
  let server: Server
  let address: string

  beforeAll(async () => {
    const page = await html(sampleReport(), { events: '/audit/events/' })
    server = createServer((_, response) => {
      response.setHeader('content-type', 'text/html')
      response.setHeader('content-security-policy', htmlCsp)
      response.end(page)
    })
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve)
    })
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
    browser = await chromium.launch(launch)
  })
  afterAll(async () => {
    await browser.close()
    server.close()
  })

  it('fits its width, has its style, runs nothing, and is not complained of', async () => {
    for (const width of [800, 390]) {
      const page = await browser.newPage({ viewport: { width, height: 900 } })
      const complaints: string[] = []
      page.on('console', (message) => complaints.push(message.text()))
      page.on('pageerror', (error) => complaints.push(String(error)))
      page.on('dialog', (dialog) => {
        complaints.push(`dialog: ${dialog.message()}`)
        return dialog.dismiss()
      })
      page.on('request', (request) => {
        if (request.url() !== address) complaints.push(`asked for ${request.url()}`)
      })
      await page.goto(address, { waitUntil: 'networkidle' })
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width)
      const layout = await page.evaluate(
        'getComputedStyle(document.querySelector("table")).tableLayout',
      )
      expect(layout).toBe('fixed')
      expect(complaints).toEqual([])
      await page.close()
    }
  })

  it('repeats the head of a table on each page that is printed', async () => {
    const page = await browser.newPage()
    await page.goto(address)
    await page.emulateMedia({ media: 'print' })
    const display = await page.evaluate('getComputedStyle(document.querySelector("thead")).display')
    expect(display).toBe('table-header-group')
    await page.close()
  })
})
