import type { Classify, Link } from '../failure.ts'
import { linksOf, passing } from '../failure.ts'

const missing = /no such (?:table|column)|has no column named/

// https://www.sqlite.org/rescode.html, and the client's own for a lost connection or transaction.
const passingCode =
  /^(?:SQLITE_(?:BUSY|LOCKED|IOERR|FULL|PROTOCOL|INTERRUPT)|TRANSACTION_|HRANA_|STREAM_|SERVER_ERROR)/

const lastingCode = /^(?:SQL|ARGS_|URL_|AUTH|CLIENT_CLOSED|WEBSOCKETS_NOT_SUPPORTED)/

// D1 puts the code at the end of the message: `… UNIQUE constraint failed: t.id: SQLITE_CONSTRAINT`.
const trailingCode =
  /: (SQLITE_(?:ERROR|INTERNAL|PERM|ABORT|BUSY|LOCKED|NOMEM|READONLY|INTERRUPT|IOERR|CORRUPT|FULL|CANTOPEN|PROTOCOL|SCHEMA|TOOBIG|CONSTRAINT|MISMATCH|MISUSE|AUTH|RANGE))(?: \(extended: \w+\))?$/

// A value that the driver will not bind never leaves the process, so no backend gave a code.
const unbindable = /^D1_TYPE_ERROR|^Unsupported type of value|^Only finite numbers|^The supplied/

const codeOf = ({ code, message }: Link): string | undefined => {
  if (/^[A-Z][A-Z0-9_]{2,60}$/.test(code)) return code
  return trailingCode.exec(message)?.[1]
}

/** An error without any code of a backend did not come from one: the statement may be tried again. */
export const classify: Classify = (error) => {
  const links = linksOf(error)
  if (links.some(({ message }) => missing.test(message)))
    return { code: 'AUDIT_STORE_NOT_MIGRATED' }
  const status = links.find((link) => link.status !== undefined)?.status
  if (status !== undefined)
    return {
      code: passing(status) ? 'AUDIT_STORE_UNAVAILABLE' : 'AUDIT_STORE_REFUSED',
      detail: `HTTP ${status}`,
    }
  if (links.some(({ message }) => unbindable.test(message)))
    return { code: 'AUDIT_STORE_REFUSED', detail: 'a value of the wrong type' }
  const detail = links.map(codeOf).find((code) => code !== undefined)
  if (detail === undefined || passingCode.test(detail) || !lastingCode.test(detail))
    return { code: 'AUDIT_STORE_UNAVAILABLE', detail }
  return { code: 'AUDIT_STORE_REFUSED', detail }
}
