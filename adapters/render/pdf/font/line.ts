/** Characters of one face, in the order in which they are drawn. */
export interface Piece {
  /** The index of the face. */
  readonly face: number
  /** What shows them, as a page holds it. */
  readonly string: string
  /** How far above the line they stand, in thousandths of the size. */
  readonly rise: number
}

export interface SetLine {
  readonly pieces: readonly Piece[]
  /** In thousandths of the size. */
  readonly width: number
}
