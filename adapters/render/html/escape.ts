import { shown } from '../said.ts'

const references: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** A text that is nothing but a text, within an element and within quotes. */
export const escaped = (text: string): string =>
  text.replaceAll(/[&<>"']/g, (character) => references[character] ?? '')

/** The same of a text that others wrote: each of its characters is seen. */
export const safe = (text: string): string => escaped(shown(text))
