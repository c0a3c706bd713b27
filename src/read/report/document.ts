// What a report says, whoever draws it. Texts are final: in the report's language, with times and
// numbers as its reader writes them. What came from events is as it is stored, whatever characters are in
// it: to make it harmless is for who draws.

/** How a text is to be taken: how something ended, or that it says less than the others. */
export type Tone = 'success' | 'failure' | 'denied' | 'muted'

/** A text that is more than its characters. */
export interface Said {
  readonly text: string
  readonly tone?: Tone | undefined
  readonly bold?: boolean | undefined
  /** The id of an event, which a reader may want to look at. */
  readonly event?: string | undefined
}

/** What stands in one place of a table: a text, or several, each on a line of its own. */
export type Cell = string | Said | readonly (string | Said)[]

export interface Column {
  readonly label: string
  /** Its share of the width: one of 2 is twice as wide as one of 1. */
  readonly width: number
}

/** So many, of something. */
export interface Amount {
  readonly label: string
  readonly value: number
  /** `value` as the reader writes it. */
  readonly text: string
  readonly tone?: Tone | undefined
}

export interface Heading {
  readonly type: 'heading'
  /** 1 begins a part, 2 a section of one, 3 something in a section. Parts and sections are in the contents. */
  readonly level: 1 | 2 | 3
  readonly text: string
}

/** Names, each with what is said of it. */
export interface Facts {
  readonly type: 'facts'
  readonly facts: readonly { readonly name: string; readonly value: Cell }[]
}

export interface Table {
  readonly type: 'table'
  /** For who cannot see it, and for who is lost on a later page. */
  readonly caption: string
  readonly columns: readonly Column[]
  /** As many cells as there are columns, a row at a time. They can be read once. */
  readonly rows: AsyncIterable<readonly Cell[]> | Iterable<readonly Cell[]>
}

/** Bars: one below the other, or one beside the other along the days, each made of parts. */
export interface Chart {
  readonly type: 'chart'
  readonly title: string
  /** All that it shows, in words. */
  readonly alternative: string
  readonly bars: readonly { readonly label: string; readonly parts: readonly Amount[] }[]
  /** `columns` stand side by side, in order; `rows` lie one below the other. */
  readonly form: 'columns' | 'rows'
}

export interface Note {
  readonly type: 'note'
  readonly text: string
  readonly tone?: Tone | undefined
}

export type Block = Heading | Facts | Table | Chart | Note

/** What who draws says himself, in the report's language. */
export interface DrawnWords {
  readonly contents: string
  /** `Page 3 of 12`. */
  readonly page: (page: number, of: number) => string
  /** Of a table that goes on: `continued`. */
  readonly continued: string
  /** Of a text that was cut: `… (12,345 characters)`. */
  readonly cut: (characters: number) => string
  /** That some characters are shown by their numbers, for no font has them. */
  readonly escaped: (texts: number) => string
}

/** A report, which is read once: first its body, and then the cover, which counts what is in it. */
export interface Report {
  readonly kind: string
  /** Tells it from every other report. */
  readonly id: string
  readonly title: string
  /** The period in words, for every page. */
  readonly period: string
  /** BCP 47: `en`, `pt-BR`. */
  readonly language: string
  /** Who asked for it. */
  readonly author: string
  /** In ms since 1970 UTC. */
  readonly madeAt: number
  readonly words: DrawnWords
  /** All that comes behind the cover. */
  readonly body: AsyncIterable<Block>
  /** What comes first. To be asked for when the body was read to its end. */
  readonly cover: () => Promise<readonly Block[]>
  /**
   * Hands out the events that it is made of, each as its record, as they are read. To be asked before its
   * body is read.
   */
  readonly onRecords: (take: (records: readonly string[]) => void) => void
  /** How many events it was made of, as far as the body was read. */
  readonly events: () => number
}
