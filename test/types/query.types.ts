import { memory } from '../../adapters/store/memory.ts'
import { createAudit } from '../../src/audit.ts'
import { count, follow, page, query, reader } from '../../src/read/page.ts'

// What a reader asks for is typed by kind, and so is what comes back.

const audit = createAudit({ store: memory() })

export const requests = async (): Promise<void> => {
  const { events } = await page(audit, { kind: 'request', status: ['5xx', 404, null] })
  const [event] = events
  const kind: 'request' | undefined = event?.kind
  const status: number | null | undefined = event?.data?.status
  const duration: number | undefined = event?.data?.durationMs
  const added: unknown = event?.data?.['colour']
  // @ts-expect-error a request has no login method
  const method: string | undefined = event?.data?.method
  // @ts-expect-error a status is a number
  const text: string | undefined = event?.data?.status
  console.log(kind, status, duration, added, method, text)
}

export const several = async (): Promise<void> => {
  for await (const event of query(audit, { kind: ['auth', 'export'], order: 'oldest' })) {
    if (event.kind === 'auth') console.log(event.targets)
    const kind: 'auth' | 'export' = event.kind
    // @ts-expect-error none of them is asked for
    const other: 'system' = event.kind
    console.log(kind, other)
  }
}

export const any = async (): Promise<void> => {
  const { events, next } = await page(audit)
  const kind: string | undefined = events[0]?.kind
  await page(audit, { next, limit: 10 })
  for await (const { recordedAt } of follow(audit, { kind: 'security' }))
    console.log(kind, recordedAt)
}

export const wrong = (): unknown[] => [
  // @ts-expect-error no such kind
  page(audit, { kind: 'requests' }),
  // @ts-expect-error no such class
  page(audit, { status: '6xx' }),
  // @ts-expect-error no such outcome
  count(audit, { outcome: 'ok' }),
  // @ts-expect-error a target has a type
  page(audit, { target: { id: '7' } }),
  // @ts-expect-error a slip in a name
  page(audit, { actors: 'ada' }),
  // @ts-expect-error inside of `or` as well
  page(audit, { or: [{ actors: 'ada' }] }),
  // @ts-expect-error metadata is compared with what JSON has no parts of
  page(audit, { metadata: { plan: ['pro'] } }),
  // @ts-expect-error a count has no pages
  count(audit, { next: null }),
  // @ts-expect-error whose events?
  reader(audit, {}),
  // @ts-expect-error one or some, not both
  reader(audit, { tenant: 'acme', tenants: ['acme'] }),
  reader(audit, { tenant: null, actors: ['ada'], fields: ['reason'] }),
  reader(audit, { tenants: 'all' }),
]
