import { stateless } from '../event/stateless.ts'
import {
  type AuditOptions,
  type Delivery,
  type Matcher,
  type Rule,
  staticAssets,
} from '../options.ts'
import type { AnyContext } from '../input.ts'
import type { BodyCapture } from '../seams.ts'
import { glob } from './glob.ts'

/** What holds for one request, all rules taken together. */
export interface Plan {
  readonly audited: boolean
  readonly sample: number
  readonly delivery: Delivery
  readonly body: BodyCapture | false
  readonly action: string | undefined
  readonly viewed: Rule['viewed']
  readonly reason: Rule['reason']
}

/** A job or no scope at all: nothing to sample, skip or wrap. */
export const jobPlan: Plan = {
  audited: false,
  sample: 1,
  delivery: 'defer',
  body: false,
  action: undefined,
  viewed: undefined,
  reason: undefined,
}

type Test = (c: AnyContext) => boolean

/** Whether a path is meant, by a glob or a RegExp. */
export const pathTest = (path: string | RegExp): ((path: string) => boolean) => {
  if (typeof path === 'string') return glob(path)
  const pattern = stateless(path)
  return (asked) => pattern.test(asked)
}

const onPath = (path: string | RegExp): Test => {
  const matches = pathTest(path)
  return (c) => matches(c.req.path)
}

/** Compiles a matcher; what its predicate throws is thrown. */
export const compileMatcher = (matcher: Matcher): Test => {
  if (typeof matcher === 'function') return matcher
  if (typeof matcher === 'string' || matcher instanceof RegExp) return onPath(matcher)
  const { path, regexp, methods, when } = matcher
  const names = methods && new Set(methods.map((method) => method.toUpperCase()))
  const tests = [
    names && ((c: AnyContext) => names.has(c.req.method)),
    path === undefined ? undefined : onPath(path),
    regexp === undefined ? undefined : onPath(new RegExp(regexp)),
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
        viewed: rule.viewed ?? plan.viewed,
        reason: rule.reason ?? plan.reason,
      }
    }
    return plan
  }
}
