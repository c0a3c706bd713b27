import { stateless } from '../event/stateless.ts'
import {
  type AnyContext,
  type AuditOptions,
  type BodyCapture,
  type Delivery,
  type Matcher,
  staticAssets,
} from '../options.ts'
import { glob } from './glob.ts'

/** What holds for one request, all rules taken together. */
export interface Plan {
  readonly audited: boolean
  readonly sample: number
  readonly delivery: Delivery
  readonly body: BodyCapture | false
  readonly action: string | undefined
}

/** A job or no scope at all: nothing to sample, skip or wrap. */
export const jobPlan: Plan = {
  audited: false,
  sample: 1,
  delivery: 'defer',
  body: false,
  action: undefined,
}

type Test = (c: AnyContext) => boolean

const pathTest = (path: string | RegExp): Test => {
  if (typeof path === 'string') {
    const matches = glob(path)
    return (c) => matches(c.req.path)
  }
  const pattern = stateless(path)
  return (c) => pattern.test(c.req.path)
}

/** Compiles a matcher; what its predicate throws is thrown. */
export const compileMatcher = (matcher: Matcher): Test => {
  if (typeof matcher === 'function') return matcher
  if (typeof matcher === 'string' || matcher instanceof RegExp) return pathTest(matcher)
  const { path, regexp, methods, when } = matcher
  const names = methods && new Set(methods.map((method) => method.toUpperCase()))
  const tests = [
    names && ((c: AnyContext) => names.has(c.req.method)),
    path === undefined ? undefined : pathTest(path),
    regexp === undefined ? undefined : pathTest(new RegExp(regexp)),
    when,
  ].filter((test) => test !== undefined)
  return (c) => tests.every((test) => test(c))
}

/**
 * Compiles include, exclude and rules into one decision. A predicate that throws counts as a match
 * for auditing and as none for leaving out, so that a mistake in it hides nothing.
 */
export const compileRules = (
  options: AuditOptions,
  onError: (where: string, error: unknown) => void,
): ((c: AnyContext) => Plan) => {
  const guarded = (matcher: Matcher, otherwise: boolean): Test => {
    const test = compileMatcher(matcher)
    return (c) => {
      try {
        return test(c)
      } catch (error) {
        onError('match', error)
        return otherwise
      }
    }
  }
  const include = options.include?.map((matcher) => guarded(matcher, true))
  const exclude = (options.exclude ?? [staticAssets]).map((matcher) => guarded(matcher, false))
  const rules = (options.rules ?? []).map((rule) => ({ rule, test: guarded(rule.match, false) }))
  const plain: Plan = { ...jobPlan, audited: true, delivery: options.delivery ?? 'defer' }
  const left: Plan = { ...plain, audited: false }

  return (c) => {
    const audited =
      (include === undefined || include.some((test) => test(c))) && !exclude.some((test) => test(c))
    let plan = audited ? plain : left
    let ruled = true
    for (const { rule, test } of rules) {
      if (!test(c)) continue
      plan = {
        audited: audited && (ruled = rule.audit ?? ruled),
        sample: rule.sample ?? plan.sample,
        delivery: rule.delivery ?? plan.delivery,
        body: rule.body ?? plan.body,
        action: rule.action ?? plan.action,
      }
    }
    return plan
  }
}
