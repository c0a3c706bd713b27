import type { Report } from '../../../src/read/report/document.ts'
import { drawBlock, type Mark } from './blocks.ts'
import { going, n, type Sheet, styled } from './flow.ts'
import { colours, inner, leadingOf, margin, page, sizes } from './look.ts'
import type { Pen } from './table.ts'

/** Longer contents are no help: then it is parts alone, or the first of them. */
const MOST = 240

const size = sizes.text
const leading = leadingOf(size) + 2

/** The heading of the contents, and the room below it. */
const HEAD = 34

const LINES = Math.floor((page.height - margin.top - margin.bottom) / leading)

/** What the contents list. */
const listed = (marks: readonly Mark[]): readonly Mark[] => {
  const sections = marks.filter(({ level }) => level < 3)
  const some = sections.length <= MOST ? sections : marks.filter(({ level }) => level === 1)
  return some.slice(0, MOST)
}

/** The title, and a rule below it. */
const title = (pen: Pen, { title: text, period }: Report): void => {
  const { flow, tags, setter, part } = pen
  flow.down(10)
  const element = tags.open('H1', part)
  for (const line of styled(setter, { text, bold: true }, (inner / sizes.title) * 1_000)) {
    flow.text(element, margin.left, flow.place().y - sizes.title, sizes.title, [line])
    flow.down(leadingOf(sizes.title))
  }
  tags.close(element)
  const below = tags.open('P', part)
  const lines = styled(setter, { text: period, tone: 'muted' }, (inner / 11) * 1_000)
  flow.text(below, margin.left, flow.place().y - 11, 11, lines)
  tags.close(below)
  flow.down(lines.length * leadingOf(11) + 8)
  const { y } = flow.place()
  flow.artifact(`${colours.accent} rg ${n(margin.left)} ${n(y)} ${n(inner)} 1.6 re f\n`)
  flow.down(14)
}

/** The contents, with the numbers that their pages get once those are in front. */
const contents = (
  pen: Pen,
  marks: readonly Mark[],
  words: string,
  numberOf: (mark: Mark) => number,
): void => {
  const { flow, tags, setter, part } = pen
  const head = tags.open('H1', part)
  const lines = styled(setter, { text: words, bold: true }, (inner / 15) * 1_000)
  flow.text(head, margin.left, flow.place().y - 15, 15, lines)
  tags.close(head)
  flow.down(HEAD)
  const toc = tags.open('TOC', part)
  for (const mark of marks) {
    flow.need(leading)
    const { y } = flow.place()
    const x = margin.left + (mark.level - 1) * 14
    const right = margin.left + inner
    const most = ((right - x - 40) / size) * 1_000
    const [name] = styled(setter, { text: mark.text, bold: mark.level === 1 }, most)
    const [number] = styled(setter, String(numberOf(mark)), 10_000)
    if (name === undefined || number === undefined) continue
    const item = tags.open('TOCI', toc)
    const link = tags.open('Link', item)
    flow.text(link, x, y - size, size, [name])
    flow.text(link, right - (number.line.width * size) / 1_000, y - size, size, [number])
    flow.link(link, [x, y - leading + 1, right, y], going(mark), mark.text)
    const from = x + (name.line.width * size) / 1_000 + 6
    if (from < right - 24)
      flow.artifact(
        `${colours.muted} RG .5 w [.5 3] 0 d ${n(from)} ${n(y - size)} m ${n(right - 24)} ${n(y - size)} l S [] 0 d\n`,
      )
    tags.close(link)
    tags.close(item)
    flow.down(leading)
  }
  tags.close(toc)
}

/** Draws what comes first, when all that it tells of is drawn. Gives back the pages in their order. */
export const drawFront = async (
  pen: Pen,
  report: Report,
  body: { readonly sheets: readonly Sheet[]; readonly marks: readonly Mark[] },
  more: readonly string[],
): Promise<readonly Sheet[]> => {
  const { flow } = pen
  const from = body.sheets.length
  flow.turn()
  title(pen, report)
  for (const block of await report.cover()) await drawBlock(pen, block)
  for (const text of more) await drawBlock(pen, { type: 'note', text, tone: 'muted' })
  const marks = listed(body.marks)
  if (marks.length > 0) {
    // Where there is room they follow the cover, else they begin a page.
    flow.down(16)
    if (flow.room() < HEAD + marks.length * leading) flow.turn()
    const first = Math.floor((flow.room() - HEAD) / leading)
    const rest = Math.max(0, marks.length - first)
    const front = flow.sheets.length - from + Math.ceil(rest / LINES)
    const places = new Map(body.sheets.map((sheet, index) => [sheet, index + 1 + front]))
    contents(pen, marks, report.words.contents, ({ sheet }) => places.get(sheet) ?? 0)
  }
  return [...flow.sheets.slice(from), ...body.sheets]
}
