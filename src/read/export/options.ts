import { checkParameters, isText, type Wanted } from '../parameters.ts'

export const flag: Wanted = ['true or false', (value) => typeof value === 'boolean']
export const filled: Wanted = ['a text', (value) => isText(value) && value !== '']
export const trailerOption: Readonly<Record<'trailer', Wanted>> = { trailer: flag }

/** Options of a format come from URLs, as queries do. */
export const checkOptions: typeof checkParameters = checkParameters
