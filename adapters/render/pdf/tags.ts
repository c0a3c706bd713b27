import { at, type PdfFile, type Ref, textIn } from './file.ts'

// What is on the pages, as a tree: for who reads it aloud, or takes its tables out (ISO 32000-1, 14.7, and
// PDF/UA-1). An element is written as soon as it is closed.

export type Tag =
  | 'Document'
  | 'Part'
  | 'H1'
  | 'H2'
  | 'H3'
  | 'P'
  | 'Table'
  | 'TR'
  | 'TH'
  | 'TD'
  | 'Figure'
  | 'Link'
  | 'TOC'
  | 'TOCI'

/** An element that is open. */
export interface Element {
  readonly ref: Ref
  readonly tag: Tag
  readonly parent: Ref
  readonly kids: string[]
  readonly extra: string
  page: Ref | undefined
}

export interface Tags {
  readonly open: (tag: Tag, parent: Element | undefined, extra?: string) => Element
  /** Marks what follows on the current page, up to `EMC`, as a part of the element. */
  readonly mark: (element: Element) => string
  /** Puts an annotation of the current page into the element; gives back the key that it must have. */
  readonly annotate: (element: Element, annotation: Ref) => number
  readonly close: (element: Element) => void
  /** Begins a page. What was marked on it is found by the key that is given back. */
  readonly turn: (page: Ref) => number
  /** Ends the tree, below its only element at the top. */
  readonly end: (top: Element) => Ref
}

/** What an alternative text is, as an entry of an element. */
export const alternative = (text: string): string => `/Alt ${textIn(text)}`

export const tagsIn = (file: PdfFile): Tags => {
  const root = file.reserve()
  // By key, what it leads to: the elements of a page in the order of their marks, or one element.
  const parents: Ref[] = []
  let page: Ref = 0
  let key = -1
  let owners: Ref[] = []

  const endPage = (): void => {
    if (key === -1) return
    const ref = file.reserve()
    file.put(ref, `[${owners.map(at).join(' ')}]`)
    parents[key] = ref
  }
  return {
    open: (tag, parent, extra = '') => {
      const ref = file.reserve()
      parent?.kids.push(at(ref))
      return { ref, tag, parent: parent?.ref ?? root, kids: [], extra, page: undefined }
    },
    mark: (element) => {
      const mark = owners.push(element.ref) - 1
      element.page ??= page
      element.kids.push(
        element.page === page ? String(mark) : `<</Type/MCR/Pg ${at(page)}/MCID ${mark}>>`,
      )
      return `/${element.tag}<</MCID ${mark}>>BDC\n`
    },
    annotate: (element, annotation) => {
      element.page ??= page
      element.kids.push(`<</Type/OBJR/Pg ${at(page)}/Obj ${at(annotation)}>>`)
      return parents.push(element.ref) - 1
    },
    close: ({ ref, tag, parent, kids, extra, page: on }) => {
      const place = on === undefined ? '' : `/Pg ${at(on)}`
      const inside = kids.length === 1 ? kids[0] : `[${kids.join(' ')}]`
      file.put(ref, `<</S/${tag}/P ${at(parent)}${place}${extra}/K ${inside}>>`)
    },
    turn: (next) => {
      endPage()
      page = next
      owners = []
      // Kept for the page that begins.
      key = parents.push(0) - 1
      return key
    },
    end: (top) => {
      endPage()
      const numbers = parents.map((ref, index) => `${index} ${at(ref)}`).join(' ')
      const tree = file.reserve()
      file.put(tree, `<</Nums[${numbers}]>>`)
      file.put(
        root,
        `<</Type/StructTreeRoot/K ${at(top.ref)}/ParentTree ${at(tree)}/ParentTreeNextKey ${parents.length}>>`,
      )
      return root
    },
  }
}
