import { SQL, StringChunk } from 'drizzle-orm'

/** A statement as a template has it: texts, with a value between each two of them. */
export interface Flat {
  readonly texts: readonly string[]
  readonly values: readonly unknown[]
}

/**
 * Takes a statement of Drizzle's apart, whose parts are statements themselves. Drizzle asks of each part
 * up to eleven times what it is and copies its settings for it, which takes longer than a database takes
 * to find the rows of a page.
 */
export const flat = (statement: SQL): Flat => {
  const texts: string[] = []
  const values: unknown[] = []
  let text = ''
  const add = ({ queryChunks }: SQL): void => {
    for (const chunk of queryChunks) {
      if (chunk instanceof SQL) add(chunk)
      else if (chunk instanceof StringChunk) text += chunk.value.join('')
      else {
        values.push(chunk)
        texts.push(text)
        text = ''
      }
    }
  }
  add(statement)
  texts.push(text)
  return { texts, values }
}
