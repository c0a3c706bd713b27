// What a rule is, and what it finds. Rules are data: the patterns, and where each is published.

/** Which part of a request a rule looks at. */
export type Where = 'path' | 'query' | 'header' | 'body'

export type Severity = 'low' | 'medium' | 'high' | 'critical'

/** From the least to the most severe. */
export const severities: readonly Severity[] = ['low', 'medium', 'high', 'critical']

/** One thing to look for. */
export interface SecurityRule {
  /** By this it is switched off, and named in events: `sqli.union`. */
  readonly id: string
  /** Becomes the action `probe.<category>`. */
  readonly category: string
  readonly severity: Severity
  /** Where the attack, or the tool, is described: a CWE, a CAPEC, a CVE, an OWASP CRS rule. */
  readonly source?: string | undefined
  readonly where: readonly Where[]
  /**
   * Tested on decoded text: percent-encoding undone however often it was done, backslashes of paths as
   * slashes, white space as one space. Names are tested as they are, values too.
   */
  readonly pattern: RegExp
  /**
   * Tested also on texts of mere words: without a quote, a bracket or an operator, of which an injection
   * needs one. @default true
   */
  readonly plain?: boolean | undefined
  /** Headers it looks at when `header` is among its places. @default all that are judged */
  readonly headers?: readonly string[] | undefined
}

/** What was found in one request, by one rule. */
export interface Finding {
  readonly rule: string
  readonly category: string
  readonly severity: Severity
  readonly source: string | undefined
  readonly where: Where
  /** The name of the parameter, header or field; undefined for a path. */
  readonly name: string | undefined
  /** What was found and a little around it. It is redacted before it is stored, and not before. */
  readonly sample: string
}
