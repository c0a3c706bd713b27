import { sql } from 'drizzle-orm'
import type { TextIndex } from '../query/words.ts'
import type { SqliteDriver } from './driver.ts'
import { valuesOf } from './statements.ts'

/** Trigrams of a text; more than these narrow nothing down. */
const MOST = 24

/** The index knows three letters and more; a letter is a code point. */
const trigramsOf = (text: string): readonly string[] => {
  const letters = Array.from(text)
  const all = letters.slice(2).map((_, place) => letters.slice(place, place + 3).join(''))
  return [...new Set(all)].slice(0, MOST)
}

const quoted = (word: string): string => `"${word.replaceAll('"', '""')}"`

/** The index that the migration `text_search` makes. */
export const sqliteText = (driver: SqliteDriver): TextIndex => ({
  exists: async () => {
    const found = await valuesOf(driver, sql`select 1 from sqlite_schema where name = 'audit_text'`)
    return found.length > 0
  },
  ids: (texts) => {
    const words = [...new Set(texts.flatMap(trigramsOf))].slice(0, MOST)
    if (words.length === 0) return undefined
    const match = words.map(quoted).join(' AND ')
    return sql`select event_id as id from audit_event_texts where place in (
      select rowid from audit_text where audit_text match ${match})`
  },
})
