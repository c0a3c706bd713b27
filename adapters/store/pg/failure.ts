import type { Classify } from '../failure.ts'
import { linksOf, passing } from '../failure.ts'

// https://www.postgresql.org/docs/18/errcodes-appendix.html. Not every five capitals are one: EPIPE.
const sqlState = /^(?:\d[0-9A-Z]|F0|HV|P0|XX)[0-9A-Z]{3}$/

// Undefined table, column, function, schema.
const missing = new Set(['42P01', '42703', '42883', '3F000'])

// Connection, resources, operator, system; serialisation failure, deadlock, unknown completion, lock timeout.
const passingState = /^(?:08|53|57|58|40001|40P01|40003|55P03)/

// The Neon driver puts the status of an answer that is no error of PostgreSQL into the message.
const statusInMessage = /\(HTTP status (\d{3})\)/

/** An error without any code of a backend did not come from one: the statement may be tried again. */
export const classify: Classify = (error) => {
  const links = linksOf(error)
  const state = links.find(({ code }) => sqlState.test(code))?.code
  if (state !== undefined && missing.has(state))
    return { code: 'AUDIT_STORE_NOT_MIGRATED', detail: state }
  if (state !== undefined && passingState.test(state))
    return { code: 'AUDIT_STORE_UNAVAILABLE', detail: state }
  if (state !== undefined) return { code: 'AUDIT_STORE_REFUSED', detail: state }
  const status = links.map(({ message }) => statusInMessage.exec(message)?.[1]).find(Boolean)
  if (status !== undefined)
    return {
      code: passing(Number(status)) ? 'AUDIT_STORE_UNAVAILABLE' : 'AUDIT_STORE_REFUSED',
      detail: `HTTP ${status}`,
    }
  const detail = links.find(({ code }) => /^[A-Z][A-Z0-9_]{2,60}$/.test(code))?.code
  return { code: 'AUDIT_STORE_UNAVAILABLE', detail }
}
