import { idMinter } from '../../event/id.ts'
import type { ProcessState } from '../../event/process.ts'
import type { EventSelection } from '../../ports/store.ts'
import { ambient } from '../../runtime/ambient.ts'
import { selectionOf } from '../asked.ts'
import type { EventFilter, OneOrMore } from '../filter.ts'
import type { IssueState } from '../fold/issue.ts'
import {
  check,
  isText,
  oneOf,
  order,
  refuse,
  someOf,
  text,
  time,
  type Wanted,
  wholeFrom,
} from '../parameters.ts'
import { readers } from '../where/readers.ts'
import { type ReportKind, reportKinds } from './kind.ts'
import { type ReportLanguage, type Speech, speechOf } from './speech.ts'

/** What a report is of, and how it says so. */
export interface ReportQuery extends EventFilter {
  /** Of processes, or of issues: those in this state, or in one of these. @default any */
  readonly state?: OneOrMore<ProcessState> | OneOrMore<IssueState> | undefined
  /** @default 'oldest' */
  readonly order?: 'newest' | 'oldest' | undefined
  /** The first of the events alone, so many; the cover says how many were cut. @default all */
  readonly limit?: number | undefined
  /** Most events of all, from 1 to 1,000,000: no report is made of more. @default 20_000 */
  readonly most?: number | undefined
  /** @default 'en' */
  readonly language?: ReportLanguage | undefined
  /** An IANA name, for every time in it. @default 'UTC' */
  readonly timeZone?: string | undefined
  /** Who asked for it. @default '-' */
  readonly by?: string | undefined
  /** When it is made, in ms since 1970 UTC, or as a Date: what happens later is not in it. @default the clock's */
  readonly now?: number | Date | undefined
  /** Tells it from every other report. @default a UUIDv7 */
  readonly id?: string | undefined
}

/** A question that was found to be right. */
export interface Asked {
  readonly kind: ReportKind
  readonly speech: Speech
  readonly filter: Omit<EventFilter, 'from' | 'to'>
  readonly from: number | undefined
  /** Not included. */
  readonly to: number
  /** The period was given no end: it ends when the report is made. */
  readonly isOpen: boolean
  readonly processStates: readonly ProcessState[] | undefined
  readonly issueStates: readonly IssueState[] | undefined
  /** What a store is asked for. */
  readonly selection: EventSelection
  readonly order: 'newest' | 'oldest'
  readonly limit: number | undefined
  readonly most: number
  readonly author: string
  readonly madeAt: number
  readonly id: string
}

const own = ['order', 'limit', 'most', 'language', 'timeZone', 'by', 'now', 'id'] as const

const filterNames: readonly string[] = [...Object.keys(readers), 'from', 'to', 'and', 'or', 'not']

/** Of things, which their events make, no more can be asked. */
const thingNames: readonly string[] = ['from', 'to', 'tenant', 'state']

export const isOfThings = (kind: ReportKind): kind is 'process' | 'system' =>
  kind === 'process' || kind === 'system'

/** A name with a slip in it would show an auditor everything, and one that cannot be kept would as well. */
const checkNames = (kind: ReportKind, query: ReportQuery): void => {
  const things = isOfThings(kind)
  const kept = things ? thingNames : filterNames
  const known = [...new Set([...filterNames, ...thingNames])]
  for (const [name, value] of Object.entries(query)) {
    if (own.some((one) => one === name) && !(things && name === 'limit')) continue
    if (name !== 'limit' && !known.includes(name))
      return refuse('every parameter', `one of ${[...own, ...known].join(', ')}`)
    if (value !== undefined && !kept.includes(name))
      return refuse(name, `left out: a report of kind ${kind} is made of ${kept.join(', ')}`)
  }
}

/** Things are of one tenant, or of all. */
export const tenantOf = (tenant: EventFilter['tenant']): string | null | undefined => {
  const [one, ...more] = tenant === undefined ? [] : [tenant].flat()
  return more.length > 0
    ? refuse('tenant', 'one tenant: things of several are not put together')
    : one
}

const limit = wholeFrom(1, Number.MAX_SAFE_INTEGER)
const most = wholeFrom(1, 1_000_000)
const kinds = oneOf(reportKinds)

const processStates: Readonly<Record<ProcessState, true>> = {
  succeeded: true,
  failed: true,
  incomplete: true,
  pending: true,
}
const issueStates: Readonly<Record<IssueState, true>> = { open: true, resolved: true, noted: true }

const statesOf: Readonly<Record<'process' | 'system', Wanted>> = {
  process: someOf(processStates),
  system: someOf(issueStates),
}

const someStates = <State extends string>(
  known: Readonly<Record<State, true>>,
  asked: ReportQuery['state'],
): readonly State[] | undefined => {
  if (asked === undefined) return undefined
  const all: readonly string[] = [asked].flat()
  return all.filter((one): one is State => Object.hasOwn(known, one))
}

const isFilled = (value: string | undefined): value is string => value !== undefined && value !== ''

/** @throws {AuditError} AUDIT_QUERY_INVALID, naming the parameter. */
export const askedOf = (kind: ReportKind, query: ReportQuery): Asked => {
  if (!isText(kind)) return refuse('the kind of report', kinds[0])
  check('the kind of report', kind, kinds)
  if (typeof query !== 'object' || query === null) return refuse('the query', 'an object')
  checkNames(kind, query)
  check('order', query.order, order)
  check('limit', query.limit, limit)
  check('most', query.most, most)
  check('by', query.by, text)
  check('now', query.now, time)
  check('id', query.id, text)
  check('from', query.from, time)
  check('to', query.to, time)
  const { language = 'en', timeZone = 'UTC', by, id, state, ...rest } = query
  const { order: along = 'oldest', limit: first, most: bound = 20_000, now, ...filter } = rest
  const { from, to, ...where } = filter
  const speech = speechOf(language, timeZone)
  const madeAt = Number(now ?? ambient.now())
  // What happened this very millisecond has happened.
  const end = Number(to ?? madeAt + 1)
  const start = from === undefined ? undefined : Number(from)
  if (isOfThings(kind)) {
    check('state', state, statesOf[kind])
    tenantOf(where.tenant)
  }
  return {
    kind,
    speech,
    filter: where,
    from: start,
    to: end,
    isOpen: to === undefined,
    processStates: someStates(processStates, state),
    issueStates: someStates(issueStates, state),
    selection: selectionOf({ ...where, from: start, to: end }),
    order: along,
    limit: first,
    most: bound,
    author: isFilled(by) ? by : '-',
    madeAt,
    id: isFilled(id) ? id : idMinter(ambient.random)(madeAt),
  }
}
