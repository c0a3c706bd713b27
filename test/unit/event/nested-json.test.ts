import { expect, it } from 'vitest'
import { createRedactor } from '../../../src/event/redact.ts'

const { redact } = createRedactor({})
const SECRET = 'Zq7hunter2hunter2hunter2'

it.each([0, 1, 2, 3, 4, 5])(
  'masks a password in an error’s JSON in JSON, %i levels deep',
  (levels) => {
    let message = JSON.stringify({ a: 1, password: SECRET, z: 1 })
    for (let level = 0; level < levels; level++) message = JSON.stringify(`[${message},1]`)
    const { record } = redact({
      id: '018bcfe5-6800-7000-8000-000000000001',
      kind: 'custom',
      action: 'invoice.refund',
      occurredAt: 1_700_000_000_000,
      outcome: 'failure',
      tenant: null,
      actor: { id: 'u1', type: 'user' },
      targets: [],
      error: { type: 'Error', message },
    })
    expect(record).not.toContain(SECRET)
  },
)
