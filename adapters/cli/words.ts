const numbers = new Intl.NumberFormat('en-US')

/** `1 event`, `1,234 events`. */
export const counted = (count: number, thing: string): string =>
  `${numbers.format(count)} ${thing}${count === 1 ? '' : 's'}`

const spans = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const

/** `3 days`, in the largest unit of which there is a whole one. */
export const spanText = (ms: number): string => {
  const [name, length] = spans.find(([, length]) => ms >= length) ?? ['second', 1_000]
  return counted(Math.floor(ms / length), name)
}

/** A text that somebody stored, without what a terminal would take for a command. */
export const plain = (text: string): string => text.replaceAll(/\p{Cc}/gu, ' ')

export const lines = (...all: readonly (string | false)[]): string =>
  all
    .filter((line) => line !== false)
    .map((line) => `${line}\n`)
    .join('')
