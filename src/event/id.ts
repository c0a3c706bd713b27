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
  let used = POOL
  let last = -1
  let counter = 0
  let time = ''

  return (now) => {
    pool ??= new Uint8Array(POOL * PER_ID)
    if (used === POOL) {
      random(pool)
      used = 0
    }
    const at = PER_ID * used++
    const byte = (offset: number): number => pool?.[at + offset] ?? 0

    if (now > last) {
      last = now
      // The top bit starts clear, which leaves room for 2,048 ids in this millisecond.
      counter = ((byte(0) & 0x07) << 8) | byte(1)
      time = prefix(last)
    } else if (++counter > 0xfff) {
      last++
      counter = 0
      time = prefix(last)
    }
    const pair = (offset: number): string => `${HEX[byte(offset)]}${HEX[byte(offset + 1)]}`
    return `${time}${(counter >>> 8).toString(16)}${HEX[counter & 0xff]}-${HEX[0x80 | (byte(2) & 0x3f)]}${HEX[byte(3)]}-${pair(
      4,
    )}${pair(6)}${pair(8)}`
  }
}

const prefix = (time: number): string => {
  const hex = Math.floor(time).toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7`
}
