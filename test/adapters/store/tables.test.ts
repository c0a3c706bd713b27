import { getTableColumns } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { written } from '../../../src/event/columns.ts'
import { auditEvents as pg } from '../../../adapters/store/pg/table.ts'
import { auditEvents as sqlite } from '../../../adapters/store/sqlite/table.ts'

const namesOf = (table: typeof pg | typeof sqlite): readonly (readonly [string, string])[] =>
  Object.entries(getTableColumns(table)).map(([key, { name }]) => [key, name])

describe('the tables', () => {
  it('have the same columns in the same order in both dialects', () => {
    expect(namesOf(pg)).toEqual(namesOf(sqlite))
    expect(namesOf(pg).map(([, name]) => name)).toEqual([
      'id',
      'tenant',
      'occurred_at',
      'recorded_at',
      'kind',
      'action',
      'outcome',
      'actor_type',
      'actor_id',
      'target_type',
      'target_id',
      'request_id',
      'method',
      'route',
      'status',
      'ip',
      'record',
    ])
  })

  it('leave nothing to the database but the time of recording', () => {
    const keys = namesOf(sqlite).map(([key]) => key)
    expect(keys.filter((key) => key !== 'recordedAt')).toEqual([...written])
  })
})
