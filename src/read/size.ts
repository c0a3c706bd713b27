const units = ['kB', 'MB', 'GB', 'TB', 'PB'] as const

/** A number of bytes for people, in decimal units: `999 B`, `1.2 MB`. */
export const sizeOf = (bytes: number): string => {
  let size = bytes / 1_000
  let unit: string = units[0]
  if (size < 1) return `${Math.round(bytes)} B`
  for (const larger of units.slice(1)) {
    // 999.95 would be shown as 1000.0.
    if (size < 999.95) break
    size /= 1_000
    unit = larger
  }
  return `${size.toFixed(1)} ${unit}`
}
