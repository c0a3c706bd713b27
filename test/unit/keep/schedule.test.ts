import { describe, expect, it } from 'vitest'
import { createAudit } from '../../../src/audit.ts'
import { AuditError } from '../../../src/errors.ts'
import { scheduled, type ScheduleOptions } from '../../../src/keep/start/schedule.ts'
import type { AuditStore } from '../../../src/ports/store.ts'
import { memoryObjects } from '../../support/objects.ts'
import { told } from './told.ts'
import { dueStore } from './due-store.ts'
import { took } from './took.ts'

interface Env {
  readonly DB: AuditStore
  readonly ARCHIVE: ReturnType<typeof memoryObjects>
}

const controller = { cron: '17 3 * * *', scheduledTime: 0, noRetry: () => undefined }
// One for each test: where requests may share a store, an audit makes it once.
const auditOf = () => createAudit({ store: (env: Env) => env.DB })
const to = (env: Env) => env.ARCHIVE

const envOf = async (): Promise<Env> => ({ DB: await dueStore(), ARCHIVE: memoryObjects() })

describe('the scheduled handler', () => {
  it('archives by the bindings that it is called with', async () => {
    const handler = scheduled(auditOf(), { archiveAfter: '90d', to })
    const env = await envOf()
    await expect(handler(controller, env, {})).resolves.toBeUndefined()
    expect(env.ARCHIVE.objects.size).toBe(2)
  })

  it('rejects with what a run fails with', async () => {
    const error = new AuditError('AUDIT_ARCHIVE_UNAVAILABLE', 'R2 10001')
    const ARCHIVE = { ...memoryObjects(), put: () => Promise.reject(error) }
    const handler = scheduled(auditOf(), { archiveAfter: '90d', to })
    await expect(handler(controller, { ...(await envOf()), ARCHIVE })).rejects.toBe(error)
  })

  it('is done beside another run', async () => {
    const env = await envOf()
    await (await env.DB.ledger()).lease('another', 60_000)
    await scheduled(auditOf(), { archiveAfter: '90d', to })(controller, env)
    expect(env.ARCHIVE.objects.size).toBe(0)
  })

  it.each([
    ['10 minutes', undefined, 599_999, 'done'],
    ['10 minutes', undefined, 600_000, 'stopped'],
    ['what it is told', 1_000, 1_000, 'stopped'],
  ])('has a budget of %s', async (_, budgetMs, ms, state) => {
    const env = await envOf()
    const ambient = { elapsed: took(ms) }
    await scheduled(auditOf(), { archiveAfter: '90d', to, budgetMs, ambient })(controller, env)
    const { rows } = await env.DB.page({ action: 'audit.keep', limit: 1 })
    expect(JSON.parse(rows[0]?.record ?? '')).toMatchObject({ data: { state } })
  })

  it('tells of an option that is wrong when the app starts', () => {
    const options = { archiveAfter: '90d' } as ScheduleOptions
    expect(told(() => scheduled(auditOf(), options))).toContain('to must be given')
  })
})
