import { wildcard } from './wildcard.ts'

/**
 * Compiles the pattern of a place: `*` is one segment, `**` any number of them, none included.
 * @example
 * place('data.body.items.*.price')('data.body.items.3.price') // true
 */
export const place = (pattern: string): ((path: string) => boolean) => {
  if (!pattern.includes('*')) return (path) => path === pattern
  const parts = pattern.split('.')
  return (path) =>
    wildcard(
      parts,
      path.split('.'),
      (part) => part === '**',
      (part, segment) => part === '*' || part === segment,
    )
}
