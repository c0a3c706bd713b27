import { describe, expect, it } from 'vitest'
import { AuditError } from '../../../src/errors.ts'
import type { ObjectStore } from '../../../src/ports/archive.ts'
import type { Ledger } from '../../../src/ports/ledger.ts'
import type { AuditStore } from '../../../src/ports/store.ts'
import { gate, isSettled, turn } from '../../support/gate.ts'
import { desk } from './desk.ts'
import { idsOf } from '../../conformance/rows.ts'

const old = [103, 102, 101]

/** Rejects at one of its calls, counted from 1, and never again. */
const failsAt = (at: number, error: AuditError) => {
  let calls = 0
  return () => {
    if (++calls === at) throw error
  }
}

const down = new AuditError('AUDIT_STORE_UNAVAILABLE', 'HTTP 503')
const gone = new AuditError('AUDIT_ARCHIVE_UNAVAILABLE', 'HTTP 503')

const bucketThat =
  (name: 'put' | 'get', step: () => void) =>
  (objects: ObjectStore): ObjectStore => ({
    ...objects,
    [name]: async (...given: Parameters<ObjectStore['put']>) => {
      step()
      return Reflect.apply(objects[name], objects, given)
    },
  })

const ledgerThat =
  (name: keyof Ledger, step: () => void) =>
  (store: AuditStore): AuditStore => ({
    ...store,
    ledger: async () => {
      const ledger = await store.ledger()
      const broken = (...given: readonly unknown[]): unknown => {
        step()
        return Reflect.apply(ledger[name] as () => unknown, ledger, given)
      }
      return { ...ledger, [name]: async (...given: readonly unknown[]) => broken(...given) }
    },
  })

const storeThat =
  (name: 'page' | 'count', step: () => void) =>
  (store: AuditStore): AuditStore => ({
    ...store,
    [name]: async (query: Parameters<AuditStore['count']>[0]) => {
      step()
      return store[name](query)
    },
  })

const failures = [
  ['the archive does not write', gone, { objects: bucketThat('put', failsAt(3, gone)) }],
  ['the archive does not read', gone, { objects: bucketThat('get', failsAt(2, gone)) }],
  ['the store does not read', down, { store: storeThat('page', failsAt(3, down)) }],
  ['the books take no manifest', down, { store: ledgerThat('commit', failsAt(2, down)) }],
  ['the store deletes nothing', down, { store: ledgerThat('remove', failsAt(2, down)) }],
  ['the store does not count what is left', down, { store: storeThat('count', failsAt(1, down)) }],
  ['the books do not tell of holds', down, { store: ledgerThat('holdsSeen', failsAt(1, down)) }],
  ['the database does not tell the time', down, { store: ledgerThat('now', failsAt(1, down)) }],
] as const

describe.each(failures)('when %s', (_, error, broken) => {
  it('rejects and records the failure, and the next run goes on at once', async () => {
    const { aged, keep, live, archived, told, verified } = desk(broken)
    const written = await aged(old)
    await expect(keep({ segmentRows: 1 })).rejects.toBe(error)
    const [failed] = await told('audit.keep')
    expect(failed).toMatchObject({ kind: 'system', outcome: 'failure', actor: { type: 'system' } })
    expect(failed?.error?.message).toContain(error.message)
    expect(failed?.data).toMatchObject({ moved: expect.any(Number), deleted: 0, expired: 0 })
    expect((await keep()).state).toBe('done')
    expect(await live()).toEqual([])
    expect(idsOf(await archived())).toEqual(idsOf(written))
    expect((await verified()).findings).toEqual([])
  })
})

describe('a run of keep', () => {
  it('archives no event whose object is not what was written', async () => {
    const swallowing = (objects: ObjectStore): ObjectStore => ({
      ...objects,
      put: (path, bytes) => objects.put(path, bytes.subarray(1)),
    })
    const { aged, keep, live, entries } = desk({ objects: swallowing })
    const written = await aged(old)
    await expect(keep()).rejects.toMatchObject({ code: 'AUDIT_ARCHIVE_DAMAGED' })
    expect(await live()).toEqual(written)
    expect(await entries()).toEqual([])
  })

  it('records that dead letters could not be brought back', async () => {
    const { aged, keep, told } = desk()
    await aged(old)
    const redeliver = () => Promise.reject(down)
    await expect(keep({ redeliver })).rejects.toBe(down)
    expect(await told('audit.keep')).toMatchObject([{ outcome: 'failure' }])
    expect((await keep()).state).toBe('done')
  })

  it('has nothing under way any more when it rejects', async () => {
    const goes = gate()
    let puts = 0
    const bucket = (objects: ObjectStore): ObjectStore => ({
      ...objects,
      put: async (path, bytes) => {
        if (++puts === 1) throw gone
        await goes.passed
        await objects.put(path, bytes)
      },
    })
    const { aged, keep, objects } = desk({ objects: bucket })
    await aged(old)
    const run = keep()
    expect(await isSettled(run)).toBe(false)
    goes.open()
    await expect(run).rejects.toBe(gone)
    const before = objects.objects.size
    await turn()
    expect(objects.objects.size).toBe(before)
  })

  it('keeps no other run out when it was given nothing to archive to', async () => {
    const { aged, keep } = desk()
    await aged(old)
    const wrong = keep({ to: () => undefined as never })
    await expect(wrong).rejects.toMatchObject({ code: 'AUDIT_OPTION_INVALID' })
    expect((await keep()).state).toBe('done')
  })
})
