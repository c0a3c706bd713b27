import { stateless } from '../event/secrets.ts'
import {
  type AnyContext,
  type AuditOptions,
  type BodyOptions,
  defaults,
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
  readonly body: BodyPlan | undefined
  readonly until: 'head' | 'body'
  readonly action: string | undefined
}

export interface BodyPlan {
  readonly request: boolean
  readonly response: boolean
  readonly limit: number
  readonly types: readonly string[]
  readonly allow: readonly string[]
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

const compileMatcher = (matcher: Matcher): Test => {
  if (typeof matcher === 'function') return matcher
  if (typeof matcher === 'string' || matcher instanceof RegExp) return pathTest(matcher)
  const { path, regexp, methods, when } = matcher
  const tests: Test[] = []
  if (methods !== undefined) {
    const names = new Set(methods.map((method) => method.toUpperCase()))
    tests.push((c) => names.has(c.req.method))
  }
  if (path !== undefined) tests.push(pathTest(path))
  if (regexp !== undefined) tests.push(pathTest(new RegExp(regexp)))
  if (when !== undefined) tests.push(when)
  return (c) => tests.every((test) => test(c))
}

/** Lays one body option over another. */
export const planBody = (
  body: BodyOptions | false | undefined,
  under: BodyPlan | undefined,
): BodyPlan | undefined => {
  if (body === undefined) return under
  if (body === false) return undefined
  return {
    request: body.request ?? under?.request ?? false,
    response: body.response ?? under?.response ?? false,
    limit: body.limit ?? under?.limit ?? defaults.body.limit,
    types: body.types ?? under?.types ?? defaults.body.types,
    allow: body.allow ?? under?.allow ?? [],
  }
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
  const base = { delivery: options.delivery ?? 'defer', sample: 1, until: 'head' } as const
  const plain: Plan = { ...base, audited: true, body: undefined, action: undefined }
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
        body: planBody(rule.body, plan.body),
        until: rule.until ?? plan.until,
        action: rule.action ?? plan.action,
      }
    }
    return plan
  }
}

/** Paths on which bodies hold credentials whatever their fields are called. */
const DENIED = ['login', 'signin', 'token', 'password', 'reset', 'otp', 'mfa', 'secret'] as const

/** Whether the built-in deny list keeps the bodies of this path out. */
export const isDenied = (path: string, allow: readonly string[]): boolean => {
  const plain = path.toLowerCase().replaceAll(/[-_]/g, '')
  return DENIED.some((name) => !allow.includes(name) && plain.includes(name))
}
