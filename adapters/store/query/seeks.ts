import { sql } from 'drizzle-orm'
import type { FilterColumn } from '../../../src/event/condition.ts'
import { conditionOf } from './condition.ts'
import { type Asked, type Index, mostSeeks } from './plan.ts'
import type { QueryRunner, Seek } from './words.ts'

type Tenants = readonly (string | null | undefined)[]

/** At most so many values of the first column of an index, each found by one look at it. */
const step = (
  column: 'tenant' | 'action',
  condition = sql`true`,
) => sql`with recursive step(value) as (
  select min(${sql.raw(column)}) from audit_events as e where ${condition}
  union all
  select (select min(${sql.raw(column)}) from audit_events as e where ${sql.raw(column)} > step.value and ${condition})
  from step where step.value is not null
) select value from step where value is not null limit ${mostSeeks + 1}`

const texts = (found: readonly (readonly unknown[])[]): readonly string[] =>
  found.flatMap(([value]) => (typeof value === 'string' ? [value] : []))

const tenantsOf = async (
  asked: Asked,
  index: Index,
  runner: QueryRunner<unknown>,
): Promise<Tenants | undefined> => {
  if (!index.byTenant) return [undefined]
  const named = asked.columns.get('tenant')
  if (named !== undefined)
    return named.length > mostSeeks ? undefined : named.filter((one) => typeof one !== 'number')
  // Nobody who has no tenants should be read as if they had many: null is one as well.
  const found = texts(await runner.values(step('tenant'), ['value']))
  return found.length >= mostSeeks ? undefined : [...found, null]
}

const product = (columns: readonly (readonly string[])[]): readonly (readonly string[])[] =>
  columns.reduce<readonly (readonly string[])[]>(
    (rows, values) => rows.flatMap((row) => values.map((value) => [...row, value])),
    [[]],
  )

const valuesOf = async (
  asked: Asked,
  index: Index,
  tenants: Tenants,
  runner: QueryRunner<unknown>,
): Promise<readonly (readonly string[])[] | undefined> => {
  if (index.target !== undefined) {
    const { type = '', ids = [] } = index.target
    return ids.map((id) => [type, id])
  }
  if (index.begins !== undefined) {
    const [tenant] = tenants
    if (tenants.length !== 1 || tenant === undefined) return undefined
    const whose = tenant === null ? sql`tenant is null` : sql`tenant = ${tenant}`
    const begins = conditionOf(index.begins, runner.words, 'e')
    const found = texts(await runner.values(step('action', sql`${whose} and ${begins}`), ['value']))
    return found.map((action) => [action])
  }
  const textsOf = (column: FilterColumn) =>
    (asked.columns.get(column) ?? []).filter((value) => typeof value === 'string')
  return product(index.columns.map(textsOf))
}

/** What is looked up in the index; undefined where that would be too much. */
export const seeksOf = async (
  asked: Asked,
  index: Index,
  runner: QueryRunner<unknown>,
): Promise<readonly Seek[] | undefined> => {
  const tenants = await tenantsOf(asked, index, runner)
  const values = tenants && (await valuesOf(asked, index, tenants, runner))
  if (tenants === undefined || values === undefined) return undefined
  if (tenants.length * values.length > mostSeeks) return undefined
  return tenants.flatMap((tenant) => values.map((one) => ({ tenant, values: one })))
}
