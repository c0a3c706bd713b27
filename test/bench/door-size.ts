import { weigh } from '../surface/bundle.ts'
import { doors } from '../support/doors.ts'
import type { Bench, Row } from './rows.ts'

/** Doors that are measured together, because that is how they are used. */
const together = [['edge-audit', 'edge-audit/libsql']]

const run = async (): Promise<readonly Row[]> => {
  const rows: Row[] = []
  // The conformance door is for tests and loads vitest: no edge ever sees it.
  const specifiers = doors
    .map(({ specifier }) => [specifier])
    .filter(([name]) => name?.endsWith('conformance') === false)
  for (const names of [...specifiers, ...together]) {
    const value = (await weigh(names)) / 1_024
    rows.push({ bench: 'door-size', subject: names.join(' + '), value, unit: 'KB' })
  }
  return rows
}

export const doorSize: Bench = {
  name: 'door-size',
  about:
    'each door minified and gzipped with all that it imports at once; run `npm run build` before',
  run,
}
