import { breakTextIntoLines, PageSizes, PDFDocument, StandardFonts } from 'pdf-lib'
import { drawn } from './drawn.ts'
import { leading, margin, padding, page as paper, places, size } from './layout.ts'

await drawn(async ({ lines }) => {
  const document = await PDFDocument.create()
  const font = await document.embedFont(StandardFonts.Helvetica)
  const widthOf = (text: string): number => font.widthOfTextAtSize(text, size)
  const broken = (text: string, width: number): readonly string[] =>
    breakTextIntoLines(text, document.defaultWordBreaks, width, widthOf)
  const turned = () => {
    const page = document.addPage(PageSizes.A4)
    page.setFont(font)
    page.setFontSize(size)
    page.setLineHeight(leading)
    return page
  }
  let page = turned()
  let y = paper.height - margin.top
  const draw = (cells: readonly (readonly string[])[]): void => {
    const base = y - padding.y - size
    for (const [index, cell] of cells.entries())
      page.drawText(cell.join('\n'), { x: places[index]?.x ?? 0, y: base })
    y -= Math.max(...cells.map(({ length }) => length)) * leading + 2 * padding.y
  }
  const head = places.map(({ label }) => [label])
  draw(head)
  for (const line of lines) {
    const cells = places.map(({ cell, width }) => broken(cell(line), width))
    const height = Math.max(...cells.map(({ length }) => length)) * leading + 2 * padding.y
    if (y - height < margin.bottom) {
      page = turned()
      y = paper.height - margin.top
      draw(head)
    }
    draw(cells)
  }
  return document.save()
})
