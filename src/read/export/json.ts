import type { ExportFormat } from './format.ts'
import { recordsOf } from './ndjson.ts'
import { encodeText } from './text.ts'

/**
 * JSON: one object, `{"events":[…],"rows":…,"sha256":"…","next":…}`, with the records byte for byte as
 * they are stored. The SHA-256 is of all bytes up to the `]` that ends the events, and of that too. A
 * record that is no event is made of its index columns, with `"unreadable":true`.
 * @example
 * import { exportStream, json } from 'edge-audit/export'
 * const { stream, done } = exportStream(json(), source)
 */
export const json = (): ExportFormat => ({
  name: 'json',
  mediaType: 'application/json',
  extension: 'json',
  encode: (source, written) => {
    const record = recordsOf(source)
    let between = '\n'
    return encodeText(source, written, {
      head: '{"events":[',
      row: (row) => {
        const text = between + record(row)
        between = ',\n'
        return text
      },
      foot: '\n]',
      // Told as one object, of which the first brace is the file's.
      trailer: (told) => `,${JSON.stringify(told).slice(1)}\n`,
    })
  },
})
