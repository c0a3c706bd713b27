import type { Mark } from './blocks.ts'
import { safe } from './escape.ts'

/** Longer contents are no help: then it is parts alone. */
const MOST = 240

interface Entry {
  readonly mark: Mark
  readonly below: Mark[]
}

/** Parts, each with its sections. What comes before the first part stands by itself. */
const entriesOf = (marks: readonly Mark[]): readonly Entry[] => {
  const entries: Entry[] = []
  for (const mark of marks) {
    const last = entries.at(-1)
    if (mark.level === 1 || last === undefined || last.mark.level !== 1)
      entries.push({ mark, below: [] })
    else last.below.push(mark)
  }
  return entries
}

const linkTo = ({ anchor, text }: Mark): string => `<a href="#${anchor}">${safe(text)}</a>`

const itemOf = ({ mark, below }: Entry): string => {
  const inner = below.map((one) => `<li>${linkTo(one)}</li>\n`).join('')
  return `<li>${linkTo(mark)}${inner === '' ? '' : `\n<ol>\n${inner}</ol>\n`}</li>\n`
}

/** The contents, for who looks for a part. */
export const contentsIn = (marks: readonly Mark[], title: string): string => {
  const sections = marks.filter(({ level }) => level < 3)
  const some = sections.length <= MOST ? sections : marks.filter(({ level }) => level === 1)
  if (some.length === 0) return ''
  const items = entriesOf(some).map(itemOf)
  return `<nav aria-labelledby="contents">\n<h2 id="contents" class="section">${safe(title)}</h2>\n<ol>\n${items.join('')}</ol>\n</nav>\n`
}
