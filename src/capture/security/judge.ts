import { stateless } from '../../event/stateless.ts'
import type { Field } from './facts.ts'
import { type Finding, type SecurityRule, severities, type Where } from './rule.ts'

// Pure: fields in, findings out. Each rule is tested once on each of a field's four readings at most,
// and fields are few and short (facts.ts): that bounds the work, for no pattern repeats without an end.

/** What is shown around a finding. */
const BEFORE = 32
const SAMPLE = 200

/** As in a query: a value that is masked is masked as a whole, for it ends where the text does. */
const inQuery = (text: string): string =>
  text.replaceAll(/[\s&"]/g, (unit) => (unit === ' ' ? '+' : encodeURIComponent(unit)))

/** Of a name the end is what says whether its value is a secret. */
const NAME = 64

export const pairOf = (name: string, value: string): string =>
  `${inQuery(name.slice(-NAME))}=${inQuery(value)}`

const rank = (rule: SecurityRule): number => severities.indexOf(rule.severity)

export type Judge = (fields: readonly Field[]) => readonly Finding[]

/** The matched text and a little around it. */
const sampleOf = (text: string, at: number): string => {
  const start = Math.max(0, at - BEFORE)
  return text.slice(start, start + SAMPLE)
}

/**
 * Compiles rules. Of each category the most severe finding is told, for one attack fits many rules:
 * what counts is that it came, and how bad it would have been.
 * @example
 * const judge = judgeOf(securityRules)
 * judge(queryFields("id=1' or '1'='1")) // [{ rule: 'sqli.tautology', … }]
 */
export const judgeOf = (rules: readonly SecurityRule[]): Judge => {
  const compiled = rules
    .map((rule) => ({
      rule,
      pattern: stateless(rule.pattern),
      rank: rank(rule),
      headers: rule.headers && new Set(rule.headers.map((name) => name.toLowerCase())),
    }))
    .sort((one, other) => other.rank - one.rank)
  const at = (where: Where): Rules => {
    const all = compiled.filter(({ rule }) => rule.where.includes(where))
    return { all, plain: all.filter(({ rule }) => rule.plain !== false) }
  }
  const places = { path: at('path'), query: at('query'), header: at('header'), body: at('body') }

  return (fields) => {
    let found: Map<string, Found> | undefined
    for (const field of fields) {
      const { all, plain } = places[field.where]
      for (const { headers, pattern, rank, rule } of field.plain ? plain : all) {
        const text = matched(pattern, field.texts)
        if (text === undefined) continue
        if (field.where === 'header' && headers?.has(field.name ?? '') === false) continue
        found ??= new Map()
        if ((found.get(rule.category)?.rank ?? -1) < rank)
          found.set(rule.category, { rank, finding: findingOf(rule, field, text, pattern) })
      }
    }
    return found === undefined ? none : Array.from(found.values(), ({ finding }) => finding)
  }
}

interface Compiled {
  readonly rule: SecurityRule
  readonly pattern: RegExp
  readonly rank: number
  readonly headers: ReadonlySet<string> | undefined
}

interface Rules {
  readonly all: readonly Compiled[]
  /** Those that a text of mere words can fit. */
  readonly plain: readonly Compiled[]
}

interface Found {
  readonly rank: number
  readonly finding: Finding
}

const none: readonly Finding[] = []

const matched = (pattern: RegExp, texts: readonly string[]): string | undefined => {
  for (const text of texts) if (pattern.test(text)) return text
  return undefined
}

const findingOf = (rule: SecurityRule, field: Field, text: string, pattern: RegExp): Finding => ({
  rule: rule.id,
  category: rule.category,
  severity: rule.severity,
  source: rule.source,
  where: field.where,
  name: field.name,
  sample:
    field.parameter === undefined
      ? sampleOf(text, text.search(pattern))
      : pairOf(field.parameter, sampleOf(text, text.search(pattern))),
})
