import type { Mark } from './blocks.ts'
import { at, type PdfFile, type Ref, textIn } from './file.ts'
import { going } from './flow.ts'

interface Node {
  readonly ref: Ref
  readonly mark: Mark
  readonly kids: Node[]
}

/** Marks below those of a higher level that they follow. */
const treeOf = (file: PdfFile, marks: readonly Mark[]): readonly Node[] => {
  const top: Node[] = []
  const open: Node[] = []
  for (const mark of marks) {
    const node: Node = { ref: file.reserve(), mark, kids: [] }
    while (open.length > 0 && (open.at(-1)?.mark.level ?? 0) >= mark.level) open.pop()
    ;(open.at(-1)?.kids ?? top).push(node)
    open.push(node)
  }
  return top
}

const putLevel = (file: PdfFile, nodes: readonly Node[], parent: Ref): string => {
  for (const [index, { ref, mark, kids }] of nodes.entries()) {
    const before = nodes[index - 1]
    const behind = nodes[index + 1]
    const inside = kids.length === 0 ? '' : putLevel(file, kids, ref)
    // What is inside is shown when somebody opens it.
    const count = kids.length === 0 ? '' : `/Count ${-kids.length}`
    const along =
      (before === undefined ? '' : `/Prev ${at(before.ref)}`) +
      (behind === undefined ? '' : `/Next ${at(behind.ref)}`)
    file.put(
      ref,
      `<</Title ${textIn(mark.text)}/Parent ${at(parent)}${along}${inside}${count}${going(mark)}>>`,
    )
  }
  const [first, last] = [nodes[0], nodes.at(-1)]
  return first === undefined || last === undefined
    ? ''
    : `/First ${at(first.ref)}/Last ${at(last.ref)}`
}

/** Writes the outline, which viewers show beside the pages (ISO 32000-1, 12.3.3). */
export const putOutline = (file: PdfFile, marks: readonly Mark[]): Ref => {
  const ref = file.reserve()
  const top = treeOf(file, marks)
  file.put(ref, `<</Type/Outlines${putLevel(file, top, ref)}/Count ${top.length}>>`)
  return ref
}
