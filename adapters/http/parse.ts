import * as z from 'zod'
import type { Shape } from './parameters.ts'
import type { Wrong } from './problem.ts'

type Values<Of extends Shape> = z.output<z.ZodObject<Of>>

export type Parsed<Of extends Shape> =
  | { readonly values: Values<Of> }
  | { readonly wrong: readonly Wrong[] }

/** Parameters whose names begin so are members of one. */
const METADATA = 'metadata.'
const NAMELESS = 'must be given by its members: metadata.plan=pro'

const isList = (schema: z.ZodType | undefined): boolean => schema?.safeParse([]).success === true

const wrongOf = (issue: z.core.$ZodIssue, known: readonly string[]): readonly Wrong[] => {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((parameter) => ({
      parameter,
      detail:
        known.length === 0 ? 'is not known here' : `is not known; known are ${known.join(', ')}`,
    }))
  // A member of the metadata is a parameter of its own.
  const names = issue.path.filter((step) => typeof step === 'string')
  const parameter = names[0] === 'metadata' && names[1] !== undefined ? names[1] : (names[0] ?? '')
  const isNameless = issue.code === 'invalid_key'
  return [{ parameter, detail: isNameless ? NAMELESS : issue.message }]
}

/** Of one parameter no more than its first fault: the next one may only follow from it. */
const firstOfEach = (wrong: readonly Wrong[]): readonly Wrong[] => [
  ...new Map(wrong.toReversed().map((one) => [one.parameter, one])).values(),
]

/** Holds values to a shape, which is made ready once. */
export const holdingTo = <const Of extends Shape>(
  shape: Of,
): ((values: unknown, more?: readonly Wrong[]) => Parsed<Of>) => {
  const schema = z.strictObject(shape)
  const known = Object.keys(shape).map((name) => (name === 'metadata' ? 'metadata.…' : name))
  return (values, more = []) => {
    const parsed = schema.safeParse(values)
    const wrong = [
      ...more,
      ...(parsed.error?.issues ?? []).flatMap((issue) => wrongOf(issue, known)),
    ]
    return parsed.data === undefined || wrong.length > 0
      ? { wrong: firstOfEach(wrong) }
      : { values: parsed.data }
  }
}

/** Every value of every parameter of a URL, as it stands there; bytes that are no UTF-8 become U+FFFD. */
export const queryOf = (url: string): ReadonlyMap<string, readonly string[]> => {
  const start = url.indexOf('?')
  const found = new Map<string, string[]>()
  if (start === -1) return found
  for (const [name, value] of new URLSearchParams(url.slice(start).replace(/#.*/s, ''))) {
    const values = found.get(name)
    if (values === undefined) found.set(name, [value])
    else values.push(value)
  }
  return found
}

/** Reads the parameters of a URL. */
export const parsing = <const Of extends Shape>(shape: Of): ((url: string) => Parsed<Of>) => {
  const hold = holdingTo(shape)
  const lists = new Set(Object.keys(shape).filter((name) => isList(shape[name])))
  const takesMetadata = Object.hasOwn(shape, 'metadata')
  return (url) => {
    const values: [string, unknown][] = []
    const metadata: [string, unknown][] = []
    const wrong: Wrong[] = []
    for (const [name, all] of queryOf(url)) {
      if (takesMetadata && name.startsWith(METADATA)) metadata.push([name, all])
      // A parameter of this name would take the place of its members.
      else if (takesMetadata && name === 'metadata')
        wrong.push({ parameter: name, detail: NAMELESS })
      else if (lists.has(name)) values.push([name, all])
      else {
        values.push([name, all[0]])
        if (all.length > 1 && Object.hasOwn(shape, name))
          wrong.push({ parameter: name, detail: 'must be given once' })
      }
    }
    if (metadata.length > 0) values.push(['metadata', Object.fromEntries(metadata)])
    return hold(Object.fromEntries(values), wrong)
  }
}
