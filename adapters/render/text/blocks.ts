import type { Block, Facts } from '../../../src/read/report/document.ts'
import { chartLines } from './chart.ts'
import { padded, widthOf, wrapped } from './lines.ts'
import { saidIn, shown } from '../said.ts'
import { tableLines } from './table.ts'

const rules = { 1: '=', 2: '-', 3: '~' } as const

/** A text, and a line below it that is as long. */
const underlined = (text: string, rule: string, page: number): readonly string[] => {
  const lines = wrapped(shown(text), page)
  return [...lines, rule.repeat(Math.max(1, ...lines.map(widthOf)))]
}

/** Names at the left, what is said of them beside it. */
const factLines = ({ facts }: Facts, page: number): readonly string[] => {
  const most = Math.floor(page / 3)
  const names = facts.map(({ name }) => wrapped(shown(name), most))
  const left = Math.max(0, ...names.flat().map(widthOf)) + 2
  return facts.flatMap(({ value }, index) => {
    const name = names[index] ?? []
    const said = saidIn(value).flatMap(({ text }) => wrapped(shown(text), page - left))
    return Array.from({ length: Math.max(name.length, said.length) }, (_, line) =>
      `${padded(name[line] ?? '', left)}${said[line] ?? ''}`.trimEnd(),
    )
  })
}

/** A block as lines, none wider than the page. */
export const linesOf = async (block: Block, page: number): Promise<readonly string[]> => {
  switch (block.type) {
    case 'heading': {
      const lines = underlined(block.text, rules[block.level], page)
      return block.level === 1 ? ['', ...lines] : lines
    }
    case 'note':
      return wrapped(shown(block.text), page)
    case 'facts':
      return factLines(block, page)
    case 'chart':
      return chartLines(block, page)
    case 'table':
      return tableLines(block, page)
    // no default
  }
}
