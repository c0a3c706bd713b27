import { jsPDF } from 'jspdf'
import { autoTable } from 'jspdf-autotable'
import { drawn } from './drawn.ts'
import { leading, margin, padding, places, size } from './layout.ts'

await drawn(async ({ lines, look }) => {
  const document = new jsPDF({ unit: 'pt', format: 'a4', compress: true })
  document.setLineHeightFactor(leading / size)
  autoTable(document, {
    theme: 'plain',
    head: [places.map(({ label }) => label)],
    body: Array.from(lines, (line) => places.map(({ cell }) => cell(line))),
    margin,
    styles: {
      font: 'helvetica',
      fontSize: size,
      cellPadding: { vertical: padding.y, horizontal: padding.x },
    },
    columnStyles: Object.fromEntries(
      places.map(({ width }, index) => [index, { cellWidth: width + 2 * padding.x }]),
    ),
    // It takes all rows before it draws one.
    didDrawPage: look,
  })
  return new Uint8Array(document.output('arraybuffer'))
})
