import { leadingOf, margin, padding, page, sizes } from '../../../adapters/render/pdf/look.ts'
import { columns } from './lines.ts'

// Where the table stands, for those who draw it by hand: where the library puts it.

export { margin, padding, page }

export const size = sizes.cell

export const leading = leadingOf(size)

const inner = page.width - margin.left - margin.right
const shares = columns.reduce((sum, { width }) => sum + width, 0)

let x: number = margin.left

/** The columns, with the room that a text has. */
export const places = columns.map(({ label, cell, width: share }) => {
  const width = (inner * share) / shares
  const place = { label, cell, x: x + padding.x, width: width - 2 * padding.x }
  x += width
  return place
})
