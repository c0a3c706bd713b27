/** Fills the array with random bytes; `crypto.getRandomValues` outside tests. */
export type Random = (bytes: Uint8Array<ArrayBuffer>) => unknown

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** Random bytes are drawn for this many ids at a time: a call costs more than the bytes. */
const POOL = 128
/** Two that seed the counter, eight for the random part. */
const PER_ID = 10

/**
 * Makes UUIDv7 (RFC 9562, section 6.2, method 1): 48 bits of time, a 12-bit counter that starts anew
 * at random each millisecond so that ids of one process keep their order, and 62 random bits.
 * When the clock goes back or the counter is used up, time stands still or steps on by one.
 * @example
 * const mint = idMinter((bytes) => crypto.getRandomValues(bytes))
 * mint(1_700_000_000_000) // 018bcfe5-6800-7…
 */
export const idMinter = (random: Random): ((now: number) => string) => {
  // Made at the first id: Workers forbid randomness at module scope.
  let pool: Uint8Array<ArrayBuffer> | undefined
  /** The pool as hexadecimal digits: an id is a few slices of it. */
  let digits = ''
  const parts: string[] = []
  let used = POOL
  let last = -1
  let counter = 0
  let time = ''

  return (now) => {
    pool ??= new Uint8Array(POOL * PER_ID)
    if (used === POOL) {
      random(pool)
      for (let index = 0; index < pool.length; index++) parts[index] = HEX[pool[index] ?? 0] ?? ''
      digits = parts.join('')
      used = 0
    }
    const at = PER_ID * used++
    if (now > last) {
      last = now
      // The top bit starts clear, which leaves room for 2,048 ids in this millisecond.
      counter = (((pool[at] ?? 0) & 0x07) << 8) | (pool[at + 1] ?? 0)
      time = prefix(last)
    } else if (++counter > 0xfff) {
      last++
      counter = 0
      time = prefix(last)
    }
    const start = 2 * at + 4
    const variant = '89ab'[(pool[at + 2] ?? 0) & 3]
    const count = `${(counter >>> 8).toString(16)}${HEX[counter & 0xff]}`
    return `${time}${count}-${variant}${digits.slice(start + 1, start + 4)}-${digits.slice(start + 4, start + 16)}`
  }
}

const prefix = (time: number): string => {
  const hex = Math.floor(time).toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7`
}
