/** One line of a bench: `ratio` is `value` over the value of `against`, of the same run. */
export interface Row {
  readonly bench: string
  readonly subject: string
  readonly value: number
  readonly unit: string
  readonly against?: string | undefined
  readonly ratio?: number | undefined
}

export interface Bench {
  readonly name: string
  readonly about: string
  readonly run: () => Promise<readonly Row[]>
}

export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((one, other) => one - other)
  const middle = sorted.length >> 1
  const high = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? high : (high + (sorted[middle - 1] ?? Number.NaN)) / 2
}

export const percentile = (values: readonly number[], share: number): number => {
  const sorted = values.toSorted((one, other) => one - other)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

/** Gives each row that names one its ratio. */
export const withRatios = (rows: readonly Row[]): readonly Row[] =>
  rows.map((row) => {
    const other = rows.find(({ bench, subject }) => bench === row.bench && subject === row.against)
    return other === undefined ? row : { ...row, ratio: row.value / other.value }
  })
