/** Texts that are their own JSON and take one byte a character. Most do. */
const PLAIN = /^[ !#-9;<>?A-Z^-z|~]*$/

export const isPlain = (text: string): boolean => PLAIN.test(text)

/** A text as JSON. */
export const quote = (text: string): string =>
  text.length < 256 && PLAIN.test(text) ? `"${text}"` : JSON.stringify(text)
