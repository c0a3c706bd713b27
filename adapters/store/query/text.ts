import type { SQL } from 'drizzle-orm'
import { sql } from 'drizzle-orm'
import { lowerAscii } from '../../../src/event/text.ts'
import { inJson } from '../../../src/event/meets.ts'
import type { Asked } from './plan.ts'
import type { QueryRunner } from './words.ts'

/** More are not put in order: what is found so often is met soon in the order of time. */
const MOST_FOUND = 10_000

/** The ids of the events that an index for free text finds; undefined where there is none, or too many. */
export const idsByText = async (
  { others }: Asked,
  { text, values }: QueryRunner<unknown>,
): Promise<SQL | undefined> => {
  const texts = others.flatMap((one) => ('text' in one ? [lowerAscii(inJson(one.text))] : []))
  const ids = texts.length === 0 ? undefined : text.ids(texts)
  if (ids === undefined || !(await text.exists())) return undefined
  const most = sql`select 1 from (${ids}) as found limit ${MOST_FOUND + 1}`
  const [[many] = []] = await values(sql`select count(*) as many from (${most}) as found`, ['many'])
  return Number(many) > MOST_FOUND ? undefined : ids
}
