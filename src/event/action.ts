/** The one spelling of an action: trimmed, lower case, runs of spaces as `_`. */
export const normaliseAction = (action: string): string =>
  action.trim().toLowerCase().replaceAll(/\s+/g, '_')
