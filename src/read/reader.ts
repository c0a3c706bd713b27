import { AuditError } from '../errors.ts'
import { isObject } from '../event/data.ts'
import type { StoredRow } from '../event/row.ts'
import type { Condition } from '../event/condition.ts'
import type { EventSelection, ReadingStore, Scan, SummaryQuery } from '../ports/store.ts'
import { askForShown, hasShown, showing } from './fields.ts'
import { isText, refuse } from './parameters.ts'
import type { Reading } from './reading.ts'

/** What a reader sees. Everything outside of it is, for that reader, not there. */
export type Fence = {
  /** Of these actors alone, by their ids. @default of all */
  readonly actors?: readonly string[] | undefined
  /**
   * What is shown of an event besides its id, time, tenant, kind, action, outcome and the types and ids
   * of actor and targets: members of it by their paths, such as `reason`, `request.method`, `metadata`.
   * A reader cannot ask for what it is not shown either. @default everything
   */
  readonly fields?: readonly string[] | undefined
} & (
  | {
      /** Of this tenant alone; null for the events without a tenant. */
      readonly tenant: string | null
      readonly tenants?: undefined
    }
  | {
      /** Of these tenants, or said aloud: of all. */
      readonly tenants: readonly (string | null)[] | 'all'
      readonly tenant?: undefined
    }
)

export interface ReaderOptions {
  /**
   * Signs cursors, at least 16 characters. Without it a cursor is held to its query and its reader, but
   * whoever knows this library could make one: it would show him no event that he may not see.
   */
  readonly secret?: string | undefined
}

const isTextOrNull = (value: unknown): boolean => value === null || isText(value)

const isListOf = (value: unknown, fits: (one: unknown) => boolean): boolean =>
  Array.isArray(value) && value.every(fits)

const invalid = (detail: string): never => {
  throw new AuditError('AUDIT_OPTION_INVALID', detail)
}

const known: ReadonlySet<string> = new Set(['tenant', 'tenants', 'actors', 'fields'])

/** A fence with a slip in it would show everything: whatever is not right is refused. */
const checkFence = (fence: unknown): void => {
  if (!isObject(fence)) return invalid('a fence must be an object')
  const unknown = Object.keys(fence).find((name) => !known.has(name))
  if (unknown !== undefined) return invalid(`a fence has ${[...known].join(', ')}`)
  const { tenant, tenants, actors, fields } = fence
  if ((tenant === undefined) === (tenants === undefined))
    return invalid(`a fence must have a tenant, or tenants: a list or 'all'`)
  if (tenant !== undefined && !isTextOrNull(tenant))
    return invalid('tenant must be a text, or null')
  if (tenants !== undefined && tenants !== 'all' && !isListOf(tenants, isTextOrNull))
    return invalid(`tenants must be a list of texts and null, or 'all'`)
  if (actors !== undefined && !isListOf(actors, isText))
    return invalid('actors must be a list of ids')
  if (fields !== undefined && !isListOf(fields, isText))
    return invalid('fields must be a list of paths')
}

const tenantsOf = ({ tenant, tenants }: Fence): readonly (string | null)[] | undefined => {
  if (tenants === 'all') return undefined
  return tenants ?? [tenant ?? null]
}

const ofTenants = (fence: Fence): readonly Condition[] => {
  const tenants = tenantsOf(fence)
  return tenants === undefined ? [] : [{ column: 'tenant', in: tenants }]
}

const ofActors = ({ actors }: Fence): readonly Condition[] =>
  actors === undefined ? [] : [{ column: 'actorId', in: actors }]

/**
 * Which event is the last of its thing is asked among those inside as well: one that is not there has
 * no later ones. Of a thing all events are of one tenant.
 */
const lastInside = (condition: Condition, fence: Fence): Condition => {
  const inside = (one: Condition): Condition => lastInside(one, fence)
  if ('and' in condition) return { and: condition.and.map(inside) }
  if ('or' in condition) return { or: condition.or.map(inside) }
  if ('not' in condition) return { not: inside(condition.not) }
  if ('lastOf' in condition)
    return { lastOf: { and: [...ofActors(fence), inside(condition.lastOf)] } }
  return condition
}

const isInside = ({ tenant, actorId }: StoredRow, fence: Fence): boolean =>
  (tenantsOf(fence)?.includes(tenant) ?? true) && (fence.actors?.includes(actorId) ?? true)

/** A count has one tenant and one actor, or all of them: the fence must leave no choice. */
const summaryInside = (query: SummaryQuery, fence: Fence): SummaryQuery => {
  const [tenants, { actors }] = [tenantsOf(fence), fence]
  const tenant = query.tenant === undefined && tenants?.length === 1 ? tenants[0] : query.tenant
  const actorId = query.actorId === undefined && actors?.length === 1 ? actors[0] : query.actorId
  if (tenants !== undefined && (tenant === undefined || !tenants.includes(tenant)))
    return refuse('tenant', 'one of those that this reader may see')
  if (actors !== undefined && (actorId === undefined || !actors.includes(actorId)))
    return refuse('actor', 'one of those that this reader may see')
  return { ...query, tenant, actorId }
}

const fenced = (source: ReadingStore, fence: Fence): ReadingStore => {
  const around = [...ofTenants(fence), ...ofActors(fence)]
  const { fields } = fence
  const inside = <Query extends EventSelection>(query: Query): Query => {
    askForShown(query, fields)
    const { where } = query
    const asked = where === undefined ? [] : [lastInside(where, fence)]
    return { ...query, where: { and: [...around, ...asked] } }
  }
  const shown = showing(fields)
  const eachShown = (scan: Scan): Scan =>
    async function* (query) {
      for await (const rows of scan(inside(query))) yield rows.map(shown)
    }
  return {
    page: async (query) => {
      const page = await source.page(inside(query))
      return { ...page, rows: page.rows.map(shown) }
    },
    count: (query) => source.count(inside(query)),
    scan: source.scan && eachShown(source.scan),
    isArchived: (query) => source.isArchived(inside(query)),
    get: async (id) => {
      const row = await source.get(id)
      return row !== undefined && isInside(row, fence) ? shown(row) : undefined
    },
    summary: async (query) => {
      const rows = await source.summary(summaryInside(query, fence))
      return rows
        .filter(
          ({ part }) => part !== 'route' || hasShown(fields, 'request.route', 'request.method'),
        )
        .map((row) =>
          hasShown(fields, 'data.durationMs') ? row : { ...row, p50: null, p95: null },
        )
    },
  }
}

/**
 * Makes a reader of some of what an audit holds: all that takes an audit for reading takes it as well,
 * and whatever is asked through it, nothing outside of its fence is told.
 * @throws {AuditError} AUDIT_OPTION_INVALID for a fence that does not say whose events may be seen.
 * @example
 * import { page, reader } from 'edge-audit/query'
 * import { summary } from 'edge-audit/summary'
 * const acme = reader(audit, { tenant: 'acme' })
 * const { events } = await page(acme, { action: 'invoice.*' })
 * const { actions } = await summary(acme, { from: Date.now() - 86_400_000, to: Date.now() })
 */
export const reader = (
  audit: Reading,
  fence: Fence,
  { secret = audit.secret }: ReaderOptions = {},
): Reading => {
  checkFence(fence)
  if (secret !== undefined && (typeof secret !== 'string' || secret.length < 16))
    return invalid('secret must be a text of at least 16 characters')
  const { tenant, tenants, actors, fields } = fence
  return {
    store: (env) => fenced(audit.store(env), fence),
    view: JSON.stringify([audit.view, tenant, tenants, actors, fields]),
    shows: (path) => hasShown(fields, path) && (audit.shows?.(path) ?? true),
    secret,
  }
}
