// What is in an audit trail was written by whoever used the app. Characters that are not seen, or that
// turn around how others are read, would let them forge what a report says (Unicode Technical Report 36).

/** Controls, formats, private and unassigned ones, lone surrogates, line ends, and what shows nothing. */
const hidden = /^[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]$/u

/** A mark would stand on what is before the text. */
const mark = /^\p{M}$/u

export const isHidden = (character: string): boolean => hidden.test(character)

/** What has no look of its own and makes its neighbours look otherwise, in emoji and some scripts. */
export const isJoiner = (character: string): boolean =>
  character === '\u{200C}' ||
  character === '\u{200D}' ||
  (character >= '\u{FE00}' && character <= '\u{FE0F}')

const codeOf = (character: string): number => character.codePointAt(0) ?? 0

/** A character by its number: `\u{202E}`. */
const escaped = (character: string): string =>
  `\\u{${codeOf(character).toString(16).toUpperCase().padStart(4, '0')}}`

/** A text in which every character can be seen, and those that cannot be drawn stand as their numbers. */
export interface Visible {
  readonly text: string
  /** Some had to go for there is no glyph for them. */
  readonly isPoor: boolean
}

/**
 * Makes each character of a text visible. A text that looks like such a number is made visible itself,
 * so that nobody can write one.
 * @param joins Whether what joins may follow a character: where its font knows what to make of it.
 */
export const visible = (
  text: string,
  canDraw: (code: number) => boolean,
  joins: (code: number) => boolean = () => false,
): Visible => {
  let made = ''
  let isPoor = false
  let before = ''
  const forged = text.includes('\\u{')
  for (const character of forged ? text.replaceAll('\\u{', '\\u{5C}u{') : text) {
    const isStray = made === '' && mark.test(character)
    const isJoined = isJoiner(character) && before !== '' && joins(codeOf(before))
    if (isJoined) made += character
    else if (isHidden(character) || isStray) made += escaped(character)
    else if (canDraw(codeOf(character))) made += character
    else {
      made += escaped(character)
      isPoor = true
    }
    if (!isJoined) before = character
  }
  return { text: made, isPoor }
}
