import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseJson } from '../../../../src/event/parse.ts'
import { csv, type CsvOptions } from '../../../../src/read/export/export.ts'
import { anyText } from '../../event/sample.ts'
import { isFormula, parseCsv, untamed } from './rfc4180.ts'
import { anyRow, exported, hostileRecords, sourceOf, stored } from './rows.ts'
import { sha256 } from '../../../support/sha256.ts'

const standard = [
  'id',
  'occurredAt',
  'recordedAt',
  'tenant',
  'kind',
  'action',
  'outcome',
  'actorType',
  'actorId',
  'actorName',
  'targetType',
  'targetId',
  'targetName',
  'requestId',
  'method',
  'route',
  'path',
  'status',
  'ip',
  'userAgent',
  'reason',
  'errorType',
  'errorMessage',
  'changes',

  'metadata',
]

const bare: CsvOptions = { header: false, trailer: false }

/** The records of a file, less the marks against formulas. */
const recordsOf = async (
  options: CsvOptions,
  ...[rows, more]: Parameters<typeof sourceOf>
): Promise<readonly (readonly string[])[]> => {
  const { text } = await exported(csv(options), sourceOf(rows, more))
  return parseCsv(text).map((record) => record.map(untamed))
}

/** The one value of one event in one column. */
const field = async (name: string, record: string | object): Promise<string | undefined> => {
  const [only] = await recordsOf({ ...bare, columns: [name] }, [stored({}, record)])
  return only?.[0]
}

describe('csv', () => {
  it('has a header, a record for each event, and CRLF behind each', async () => {
    const row = stored(
      { requestId: 'r1', method: 'POST', route: '/a/:id', status: 200, ip: '203.0.113.7' },
      {
        reason: 'because',
        request: { id: 'r1', path: '/a/7', userAgent: 'UA' },
        error: { type: 'TypeError', message: 'no' },
        changes: { a: { old: 1, new: null } },
        data: { status: 200 },
        metadata: { plan: 'pro' },
      },
    )
    const { text } = await exported(csv({ trailer: false }), sourceOf([row]))
    expect(text.endsWith('\r\n')).toBe(true)
    const [names, record, ...rest] = parseCsv(text)
    expect(rest).toEqual([])
    expect(names).toEqual(standard)
    expect(Object.fromEntries(standard.map((name, index) => [name, record?.[index]]))).toEqual({
      id: row.id,
      occurredAt: '2026-01-01T00:00:00.000Z',
      recordedAt: '2026-01-01T00:00:00.005Z',
      tenant: 'acme',
      kind: 'custom',
      action: 'invoice.refund',
      outcome: 'success',
      actorType: 'user',
      actorId: 'u1',
      actorName: 'Ada',
      targetType: 'invoice',
      targetId: '7',
      targetName: 'No. 7',
      requestId: 'r1',
      method: 'POST',
      route: '/a/:id',
      path: '/a/7',
      status: '200',
      ip: '203.0.113.7',
      userAgent: 'UA',
      reason: 'because',
      errorType: 'TypeError',
      errorMessage: 'no',
      changes: '{"a":{"old":1,"new":null}}',
      metadata: '{"plan":"pro"}',
    })
  })

  it('ends with a record of as many fields, that tells rows, SHA-256 and where to go on', async () => {
    const { text } = await exported(csv({ bom: true }), sourceOf([stored()], { next: '7.x' }))
    const cut = text.lastIndexOf('\r\n', text.length - 3) + 2
    const last = parseCsv(text.slice(cut))[0]
    expect(last).toHaveLength(standard.length)
    expect(last?.[0]).toBe(`#end rows=1 sha256=${sha256(text.slice(0, cut))} next=7.x`)
    expect(last?.slice(1).join('')).toBe('')
  })

  it('tells that there is no more', async () => {
    const { text } = await exported(csv({ columns: ['id'], header: false }), sourceOf([]))
    expect(text).toBe(`#end rows=0 sha256=${sha256('')} next=null\r\n`)
  })

  it('begins with a BOM when asked to, and never without', async () => {
    const first = async (options: CsvOptions) =>
      (await exported(csv(options), sourceOf([stored()]))).bytes.slice(0, 3)
    expect([...(await first({ bom: true }))]).toEqual([0xef, 0xbb, 0xbf])
    expect([...(await first({ bom: true, header: false }))]).toEqual([0xef, 0xbb, 0xbf])
    expect([...(await first({}))]).toEqual([...Buffer.from('id,')])
  })

  it.each([
    ['=1+1', `'=1+1`],
    ['+1', `'+1`],
    ['-1', `'-1`],
    ['@SUM(A1)', `'@SUM(A1)`],
    ['\t=1', `'\t=1`],
    ['\thello', `'\thello`],
    ['\r=1', `"'\r=1"`],
    ['\n', `"'\n"`],
    ['  =1', `'  =1`],
    ['\u00a0\u3000=1', `'\u00a0\u3000=1`],
    ['\u200b\u202e\ufeff=1', `'\u200b\u202e\ufeff=1`],
    ['\u0000=1', `'\u0000=1`],
    ['＝1', `'＝1`],
    ['＋1', `'＋1`],
    ['－1', `'－1`],
    ['＠1', `'＠1`],
    [`'=1`, `''=1`],
    [`''=1`, `'''=1`],
    ['=HYPERLINK("http://x","a,b")', `"'=HYPERLINK(""http://x"",""a,b"")"`],
    [`=cmd|'/C calc'!A0`, `'=cmd|'/C calc'!A0`],
    ['a=1', 'a=1'],
    [`it's`, `it's`],
    [`'quoted'`, `'quoted'`],
    ['1-2', '1-2'],
    ['', '""'],
  ])('writes the text %j as %s', async (reason, written) => {
    const { text } = await exported(
      csv({ ...bare, columns: ['reason'] }),
      sourceOf([stored({}, { reason })]),
    )
    expect(text).toBe(`${written}\r\n`)
    expect(untamed(parseCsv(text)[0]?.[0] ?? '')).toBe(reason)
  })

  it('leaves no field that a program would run, and every text can be had back', async () => {
    const dangerous = fc
      .tuple(
        fc.constantFrom('', ' ', '\t', '\u200b', "'", "''", '\r\n', '\u3000'),
        fc.constantFrom('=', '+', '-', '@', '＝', '＋', '－', '＠', 'a', ''),
        anyText(20),
      )
      .map((parts) => parts.join('').toWellFormed())
    await fc.assert(
      fc.asyncProperty(fc.array(dangerous, { minLength: 1, maxLength: 20 }), async (texts) => {
        const rows = texts.map((reason) => stored({}, { reason }))
        const { text } = await exported(csv({ ...bare, columns: ['id', 'reason'] }), sourceOf(rows))
        const records = parseCsv(text)
        expect(records.flat().filter(isFormula)).toEqual([])
        expect(records.map((record) => untamed(record[1] ?? ''))).toEqual(texts)
      }),
      { numRuns: 300 },
    )
  })

  it('leaves numbers numbers, negative ones too', async () => {
    const record = { data: { durationMs: -1.5, big: 1e21, on: true, none: null } }
    expect(await field('data.durationMs', record)).toBe('-1.5')
    expect(await field('data.big', record)).toBe('1e+21')
    expect(await field('data.on', record)).toBe('true')
    const { text } = await exported(
      csv({ ...bare, columns: ['data.durationMs', 'data.none', 'data.other'] }),
      sourceOf([stored({}, record)]),
    )
    expect(text).toBe('-1.5,,\r\n')
  })

  it('finds any place in the record, and only what stands there itself', async () => {
    const record = {
      metadata: { plan: 'pro', deep: { list: [1, { a: 'x' }] } },
      changes: { status: { old: 'a', new: 'b' } },
      targets: [
        { type: 't', id: '1' },
        { type: 'u', id: '2', name: 'second' },
      ],
    }
    expect(await field('metadata.plan', record)).toBe('pro')
    expect(await field('metadata.deep', record)).toBe('{"list":[1,{"a":"x"}]}')
    expect(await field('metadata.deep.list.1.a', record)).toBe('x')
    expect(await field('changes.status.new', record)).toBe('b')
    expect(await field('targets.1.name', record)).toBe('second')
    expect(await field('actor', record)).toBe('{"id":"u1","name":"Ada","type":"user"}')
    expect(await field('metadata.constructor', record)).toBe('')
    expect(await field('metadata.__proto__', record)).toBe('')
    expect(await field('metadata.plan.length', record)).toBe('')
    expect(await field('targets.9.name', record)).toBe('')
  })

  it('finds a member of any name', async () => {
    const record = '{"actor":{},"targets":[],"metadata":{"__proto__":"own","constructor":"too"}}'
    expect(await field('metadata.__proto__', record)).toBe('own')
    expect(await field('metadata.constructor', record)).toBe('too')
  })

  it.each([
    ['what', 'what'],
    ['metadata.', 'metadata.'],
    ['.metadata', '.metadata'],
    ['metadata..plan', 'metadata..plan'],
    ['constructor', 'constructor'],
    ['__proto__', '__proto__'],
    ['', ''],
    ['a\0', 'a\\u0000'],
  ])('refuses the column %j by its name', (name, shown) => {
    expect(() => csv({ columns: ['id', name] })).toThrow(
      expect.objectContaining({
        code: 'AUDIT_QUERY_INVALID',
        detail: expect.stringContaining(`the column "${shown}" must be one of id, occurredAt`),
      }),
    )
  })

  it('refuses a column that is named twice, a list that is none, and too many', () => {
    const refused = { code: 'AUDIT_QUERY_INVALID' }
    const many = Array.from({ length: 201 }, (_, index) => `metadata.c${index}`)
    for (const columns of [['id', 'id'], [], 'id', [7], many, ['metadata.'.padEnd(201, 'x')]])
      expect(() => csv({ columns: columns as string[] })).toThrow(expect.objectContaining(refused))
    expect(() => csv({ columns: many.slice(1) })).not.toThrow()
    expect(() => csv({ column: ['id'] } as object)).toThrow(expect.objectContaining(refused))
    expect(() => csv({ bom: 'yes' } as object)).toThrow(expect.objectContaining(refused))
  })

  it('writes a record of one field that is empty, which readers would skip, in quotes', async () => {
    const { text } = await exported(
      csv({ ...bare, columns: ['reason'] }),
      sourceOf([stored(), stored()]),
    )
    expect(text).toBe('""\r\n""\r\n')
  })

  it('tells times as Date does, whatever they are', async () => {
    const edge = [0, 1, 59_999, 60_000, -1, -60_000, 8.64e15, -8.64e15, 253_402_300_800_000]
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(fc.constantFrom(...edge), fc.integer({ min: -8.64e15, max: 8.64e15 }))),
        async (times) => {
          const rows = times.map((occurredAt) => stored({ occurredAt }))
          const records = await recordsOf({ ...bare, columns: ['occurredAt', 'id'] }, rows)
          expect(records.map(([time]) => time)).toEqual(
            times.map((time) => new Date(time).toISOString()),
          )
        },
      ),
    )
  })

  it.each([Number.NaN, 1.5, 9e15, '=1'])('writes %s, which is no time, as it is', async (time) => {
    const row = { ...stored(), occurredAt: time as number }
    const [record] = await recordsOf({ ...bare, columns: ['occurredAt', 'id'] }, [row])
    expect(record?.[0]).toBe(String(time))
  })

  it.each(hostileRecords.map((record) => [record.slice(0, 70), record]))(
    'keeps the row of %j by its columns',
    async (_shown, record) => {
      const rows = [stored({}, record), stored({}, { reason: 'after' })]
      const records = await recordsOf({ trailer: false }, rows)
      expect(records.map(({ length }) => length)).toEqual([25, 25, 25])
      expect(records.slice(1).map(([id]) => id)).toEqual(rows.map(({ id }) => id))
      expect(records[2]?.[standard.indexOf('reason')]).toBe('after')
    },
  )

  it('gives back every value it was given, read by another reader', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyRow, { maxLength: 25 }), async (rows) => {
        const columns = ['tenant', 'route', 'status', 'reason', 'metadata', 'id']
        const records = await recordsOf({ columns, trailer: false }, rows)
        expect(records).toHaveLength(rows.length + 1)
        for (const [index, row] of rows.entries()) {
          const [tenant, route, status, reason, metadata, id] = records[index + 1] ?? []
          expect([tenant, route, status, id]).toEqual([
            row.tenant ?? '',
            row.route ?? '',
            String(row.status ?? ''),
            row.id,
          ])
          if (!row.record.includes('"kind":"custom"')) continue
          const record = parseJson(row.record)
          expect(reason).toBe(String(record.reason ?? ''))
          expect(parseJson(metadata ?? '')).toEqual(record.metadata)
        }
      }),
      { numRuns: 100 },
    )
  })

  it('shows nothing of an event but what may be shown, in the columns of the row either', async () => {
    const row = stored(
      { ip: '203.0.113.7', status: 200 },
      { request: { id: 'r', ip: '203.0.113.7' } },
    )
    const show = ({ id, kind }: { readonly id: string; readonly kind: string }): unknown => ({
      id,
      kind,
      occurredAt: 0,
    })
    const { text } = await exported(csv({ trailer: false }), sourceOf([row], { show }))
    const record = parseCsv(text)[1] ?? []
    expect(record.filter((value) => value !== '')).toEqual([
      row.id,
      '1970-01-01T00:00:00.000Z',
      'custom',
    ])
  })
})
