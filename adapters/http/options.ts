import type { Context } from 'hono'
import type { ExportFormat } from '../../src/read/export/format.ts'
import type { Fence } from '../../src/read/reader.ts'
import type { Reading } from '../../src/read/reading.ts'
import type { ReportPrinter } from './printer.ts'
import { fill } from '../../src/event/fill.ts'
import { ambient } from '../../src/runtime/ambient.ts'
import { outside } from '../../src/runtime/outside.ts'
import {
  callable,
  has,
  integer,
  isRecord,
  list,
  ms,
  object,
  oneOf,
  that,
  invalid,
} from '../../src/shape.ts'

/** What a request is about to do: `verify` is for routes to come. */
export type RouteAction = 'list' | 'read' | 'export' | 'report' | 'verify' | 'resolve'

/**
 * Says who may do what: `true` for the events of all tenants, a fence for some of them; anything else
 * is no, a fence with a slip in it too. What it throws goes on to the app.
 */
export type Authorize = (
  c: Context,
  action: RouteAction,
) => boolean | Fence | null | undefined | Promise<boolean | Fence | null | undefined>

export interface RouteLimits {
  /** Most requests of one actor, or else of one address, within `per`. @default 120 */
  readonly requests?: number | undefined
  /** Most exports of the same, within `per`. @default 5 */
  readonly exports?: number | undefined
  /** Ms. @default 60_000 */
  readonly per?: number | undefined
  /** Most characters of a URL. @default 8_192 */
  readonly url?: number | undefined
  /** Most events of one export; who wants more goes on where it ended. @default without bound */
  readonly rows?: number | undefined
  /** Most events of one report: a larger one is answered by 413. @default 20_000 */
  readonly reportRows?: number | undefined
}

export interface RoutesOptions {
  /** Who may do what. There is no default: without it the app does not start. */
  readonly authorize: Authorize
  /** Signs cursors, at least 16 characters; see `reader` of `edge-audit/query`. @default none */
  readonly secret?: string | undefined
  /**
   * `await`: what was read is on record before it is answered; where that fails, `onFailure` of the
   * audit decides. @default that of the audit and its rules
   */
  readonly delivery?: 'defer' | 'await' | undefined
  /**
   * Counted in the memory of the process or isolate: two of them count apart. It is a bound for each,
   * and no bound for all.
   */
  readonly limits?: RouteLimits | undefined
  /**
   * What is read where a request asks for `includeArchive=true`: `withArchive(audit, …)` of
   * `edge-audit/archive`. Without it such a request is refused. @default none
   */
  readonly archive?: Reading | undefined
  /**
   * More formats of exports, such as `parquet()` of `edge-audit/parquet`; one that has the name of a
   * built-in one takes its place, such as `ecs({ service: 'billing' })`. @default []
   */
  readonly formats?: readonly ExportFormat[] | undefined
  /**
   * What prints reports, loaded when the first is asked for: `() => import('edge-audit/pdf')`. Without it
   * they are not there. @default none
   */
  readonly reports?: (() => Promise<ReportPrinter>) | undefined
  /** The clock, in ms since 1970 UTC. @default Date.now */
  readonly now?: (() => number) | undefined
}

export interface Settings {
  readonly authorize: Authorize
  readonly secret: string | undefined
  readonly delivery: 'defer' | 'await' | undefined
  readonly limits: {
    readonly requests: number
    readonly exports: number
    readonly per: number
    readonly url: number
    readonly rows: number
    readonly reportRows: number
  }
  readonly archive: Reading | undefined
  readonly formats: ReadonlyMap<string, ExportFormat>
  readonly reports: (() => Promise<ReportPrinter>) | undefined
  readonly now: () => number
}

const limits: Settings['limits'] = {
  requests: 120,
  exports: 5,
  per: 60_000,
  url: 8_192,
  rows: Infinity,
  reportRows: 20_000,
}

const encodes = has('encode')

const isFormat = (value: unknown): boolean =>
  isRecord(value) &&
  typeof value['name'] === 'string' &&
  /^[a-z\d-]{1,40}$/.test(value['name']) &&
  encodes(value)

const check = object(
  {
    authorize: callable,
    secret: that(
      'a text of at least 16 characters',
      (value) => typeof value === 'string' && value.length >= 16,
    ),
    delivery: oneOf('defer', 'await'),
    limits: object({
      requests: integer(1),
      exports: integer(1),
      per: ms(1),
      url: integer(256),
      rows: integer(1),
      reportRows: integer(1, 1_000_000),
    }),
    archive: that('what withArchive() gives', has('store')),
    formats: list(that('a format, such as parquet() of edge-audit/parquet', isFormat)),
    reports: callable,
    now: callable,
  },
  ['authorize'],
)

const audits = has('middleware', 'in', 'tryScope', 'store', 'stats')

/** @throws {AuditError} AUDIT_OPTION_INVALID, naming the first option that is wrong. */
export const settingsOf = (audit: unknown, options: RoutesOptions): Settings => {
  if (!audits(audit)) return invalid('auditRoutes() must be given an audit')
  check(options, '')
  const { authorize, secret, delivery, formats = [], reports, now = ambient.now } = options
  return {
    authorize,
    secret,
    delivery,
    limits: fill(limits, options.limits),
    archive: options.archive,
    formats: new Map(formats.map((format) => [format.name, format])),
    // As if nobody had asked: what is loaded is for all.
    reports: reports && (() => outside(reports)),
    now,
  }
}
