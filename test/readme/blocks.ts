/** A fenced block of a Markdown file. */
export interface Block {
  /** Where it opens, from 1. */
  readonly line: number
  readonly language: string
  /** What follows the language: `run`, `workers`. */
  readonly words: readonly string[]
  readonly text: string
}

const fence = /^( *)(`{3,}|~{3,})\s*([^`]*)$/

/** Reads the fenced blocks of a page, nested ones (in lists) without their indentation. */
export const blocksOf = (markdown: string): readonly Block[] => {
  const found: Block[] = []
  let open:
    | { indent: string; mark: string; line: number; info: string; lines: string[] }
    | undefined
  for (const [index, line] of markdown.split(/\r?\n/).entries()) {
    const [, indent = '', mark = '', info = ''] = fence.exec(line) ?? []
    if (open === undefined) {
      if (mark !== '') open = { indent, mark, line: index + 1, info: info.trim(), lines: [] }
      continue
    }
    if (mark.startsWith(open.mark) && info.trim() === '') {
      const [language = '', ...words] = open.info.split(/\s+/)
      found.push({ line: open.line, language, words, text: `${open.lines.join('\n')}\n` })
      open = undefined
      continue
    }
    open.lines.push(
      line.startsWith(open.indent) ? line.slice(open.indent.length) : line.trimStart(),
    )
  }
  if (open !== undefined)
    throw new Error(`The block that opens on line ${open.line} is never closed.`)
  return found
}

/** What a block says it prints: the text of its `// →` comments, in order. */
export const promised = ({ text }: Block): readonly string[] =>
  [...text.matchAll(/\/\/ → (.*)$/gm)].map(([, line = '']) => line.trim())

/** The commands of a shell block, without prompts, comments and joined lines. */
export const commandsOf = ({ text }: Block): readonly string[] =>
  text
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .map((line) =>
      line
        .replace(/^\$ /, '')
        .replace(/\s+#.*$/, '')
        .trim(),
    )
    .filter((line) => line !== '' && !line.startsWith('#'))
