import type { Cell, Said } from '../../src/read/report/document.ts'
import { visible } from './visible.ts'

/** Nearly every text: nothing hides in it, and nothing looks like the number of a character. */
const isPlain = /^[\x20-\x5b\x5d-\x7e]*$/

/** A text of which every character is seen, for who has all glyphs. */
export const shown = (text: string): string =>
  isPlain.test(text) ? text : visible(text, () => true).text

export const isList = (cell: Cell): cell is readonly (string | Said)[] => Array.isArray(cell)

/** What stands in a cell, line by line. */
export const saidIn = (cell: Cell): readonly Said[] =>
  (isList(cell) ? cell : [cell]).map((one) => (typeof one === 'string' ? { text: one } : one))
