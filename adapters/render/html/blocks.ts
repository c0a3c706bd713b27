import type { Block, Facts, Heading } from '../../../src/read/report/document.ts'
import { chartIn } from './chart.ts'
import { safe } from './escape.ts'
import { type AddressOf, cellHtml, tableIn } from './table.ts'

/** A heading that the contents lead to. */
export interface Mark {
  readonly level: 1 | 2 | 3
  readonly text: string
  readonly anchor: string
}

/** What was written so far. */
export interface Part {
  readonly html: string[]
  readonly marks: Mark[]
}

const factsIn = ({ facts }: Facts, addressOf: AddressOf): string => {
  const all = facts.map(
    ({ name, value }) => `<dt>${safe(name)}</dt><dd>${cellHtml(value, addressOf)}</dd>\n`,
  )
  return all.length === 0 ? '' : `<dl>\n${all.join('')}</dl>\n`
}

/** How headings look, however deep they are. */
const looks = { 1: 'part', 2: 'section', 3: 'point' } as const

/** The title is the only heading of the first depth: parts are below it, like the sections of the cover. */
const depths = { cover: { 1: 2, 2: 2, 3: 3 }, body: { 1: 2, 2: 3, 3: 4 } } as const

/** Writes block after block; anchors begin with the name of the part. */
export const partIn = (
  name: 'cover' | 'body',
  addressOf: AddressOf,
): Part & { readonly write: (block: Block) => Promise<void> } => {
  const [html, marks]: [string[], Mark[]] = [[], []]
  let heading = ''
  const headingIn = ({ level, text }: Heading): string => {
    const anchor = `${name}-${marks.length + 1}`
    marks.push({ level, text, anchor })
    heading = text
    const depth = depths[name][level]
    return `<h${depth} id="${anchor}" class="${looks[level]}">${safe(text)}</h${depth}>\n`
  }
  const htmlOf = async (block: Block): Promise<string> => {
    switch (block.type) {
      case 'heading':
        return headingIn(block)
      case 'note':
        return `<p class="note${block.tone === undefined ? '' : ` ${block.tone}`}">${safe(block.text)}</p>\n`
      case 'facts':
        return factsIn(block, addressOf)
      case 'chart':
        return chartIn(block)
      case 'table':
        return tableIn(block, heading, addressOf)
      // no default
    }
  }
  return {
    html,
    marks,
    write: async (block) => {
      html.push(await htmlOf(block))
    },
  }
}
