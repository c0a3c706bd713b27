import { sql } from 'drizzle-orm'
import type { TextIndex } from '../query/words.ts'
import type { PgReader } from './driver.ts'
import { valuesOf } from './rows.ts'

const escaped = (text: string): string => text.replaceAll(/[\\%_]/g, (sign) => `\\${sign}`)

/** The index that the migration `text_search` makes. */
export const pgText = (database: PgReader): TextIndex => ({
  exists: async () => {
    const found = sql`select to_regclass('audit_events_text')::text as name`
    const [[name] = []] = await valuesOf(database, found, ['name'])
    return typeof name === 'string'
  },
  ids: (texts) => {
    // It knows three letters and more, in a row.
    const found = texts.filter((text) => /[\p{L}\p{N}]{3}/u.test(text))
    if (found.length === 0) return undefined
    const like = found.map((text) => sql`lower(record collate "C") like ${`%${escaped(text)}%`}`)
    return sql`select id from audit_events where ${sql.join(like, sql` and `)}`
  },
})
