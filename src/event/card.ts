// PCI DSS 4.0, 3.4: a card number that is not needed is not kept.

/** Digits, one by one or in groups. A part of a word, a UUID or a decimal fraction is none. */
const RUN = /(?:(?<![\w.-])|(?<=\\[bfnrt]|[^\d]\.))\d(?:[ -]?\d){12,}(?![\w-]|\.\d)/g
const MOST_DIGITS = 19
/** The first digits and the lengths that networks issue. */
const ISSUED =
  /^(?:4\d{12}(?:\d{3}|\d{6})?|5\d{15}|2[2-7]\d{14}|3[47]\d{13}|3(?:0[0-5]|[689]\d)\d{11}|6\d{15}|6[025]\d{17}|35\d{14})$/

/** Luhn (ISO/IEC 7812-1). */
export const isCard = (digits: string): boolean => {
  if (!ISSUED.test(digits)) return false
  let sum = 0
  for (let index = 0; index < digits.length; index++) {
    const digit = digits.charCodeAt(digits.length - 1 - index) - 48
    const doubled = index % 2 === 1 ? digit * 2 : digit
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return sum % 10 === 0
}

/** Masks card numbers; of `3 4111 1111 1111 1111 12 27` only what is the card's. */
export const maskCards = (text: string, masked: (digits: string) => string): string =>
  text.replace(RUN, (run) => {
    const groups = run.split(/([ -])/)
    let out = ''
    for (let first = 0; first < groups.length; first += 2) {
      const last = endOfCard(groups, first)
      out += last === undefined ? groups[first] : masked(groups.slice(first, last + 1).join(''))
      const end = last ?? first
      out += groups[end + 1] ?? ''
      first = end
    }
    return out
  })

/** Groups stand at even places, what separates them between. */
const endOfCard = (groups: readonly string[], first: number): number | undefined => {
  let digits = ''
  for (let last = first; last < groups.length && digits.length < MOST_DIGITS; last += 2) {
    digits += groups[last] ?? ''
    if (digits.length >= 13 && isCard(digits)) return last
  }
  return undefined
}
