import PdfKit from 'pdfkit'
import { drawn } from './drawn.ts'
import { leading, margin, padding, page, places, size } from './layout.ts'

/** The most lines of a row: a page ends where there is no room for them. */
const MOST = 4

await drawn(async ({ lines }) => {
  const document = new PdfKit({ size: 'A4', margins: margin })
  const chunks: Buffer[] = []
  document.on('data', (chunk: Buffer) => {
    chunks.push(chunk)
  })
  const ended = new Promise((resolve) => {
    document.on('end', resolve)
  })
  document.font('Helvetica').fontSize(size)
  const lineGap = leading - document.currentLineHeight(true)
  let y: number = margin.top
  // It is asked where a text ended, and not how high it will be, which would set every text twice.
  const row = (textOf: (place: (typeof places)[number]) => string): void => {
    let bottom = y
    for (const place of places) {
      document.text(textOf(place), place.x, y + padding.y, { width: place.width, lineGap })
      bottom = Math.max(bottom, document.y)
    }
    y = bottom + padding.y
  }
  const head = (): void => row(({ label }) => label)
  head()
  for (const line of lines) {
    if (y + MOST * leading + 2 * padding.y > page.height - margin.bottom) {
      document.addPage()
      y = margin.top
      head()
    }
    row(({ cell }) => cell(line))
  }
  document.end()
  await ended
  return Buffer.concat(chunks)
})
