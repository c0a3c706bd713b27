import { writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { type Line, linesOf } from './lines.ts'

/** What a subject's process tells when it is through. */
export interface Drawn {
  readonly seconds: number
  /** MB of JavaScript objects at their most, what nobody needs any more and was not collected among them. */
  readonly heap: number
  /** MB of the whole process, at their most. */
  readonly rss: number
  /** Of the file. */
  readonly bytes: number
}

export interface Asked {
  readonly lines: Iterable<Line>
  readonly count: number
  /** Where the events are, for who reads them himself. */
  readonly source: string
  /** Looks how much is in use; lines that are read do so by themselves. */
  readonly look: () => void
}

const EVERY = 500

/**
 * Runs a subject in a process of its own: `node <script> <events> [<source>] [--file <what to write>]`. The
 * clock runs from when its library is there to when all bytes are.
 */
export const drawn = async (draw: (asked: Asked) => Promise<Uint8Array>): Promise<void> => {
  const { values, positionals } = parseArgs({
    options: { file: { type: 'string' } },
    allowPositionals: true,
  })
  const [count, source = ''] = [Number(positionals[0]), positionals[1]]
  let heap = 0
  const look = (): void => {
    heap = Math.max(heap, process.memoryUsage().heapUsed)
  }
  const watched = function* (): Generator<Line> {
    let read = 0
    for (const line of linesOf(count)) {
      if (read++ % EVERY === 0) look()
      yield line
    }
  }
  const start = performance.now()
  const bytes = await draw({ lines: watched(), count, source, look })
  const seconds = (performance.now() - start) / 1_000
  look()
  const told: Drawn = {
    seconds,
    heap: heap / 1_048_576,
    rss: process.resourceUsage().maxRSS / 1_024,
    bytes: bytes.length,
  }
  if (values.file !== undefined) await writeFile(values.file, bytes)
  console.log(JSON.stringify(told))
}
