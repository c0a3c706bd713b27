import { hexOf } from './hex.ts'

// Web Crypto is asynchronous and the redactor is not: a keyed hash of a value inside an event needs
// the hash now. It also wants all bytes at once, and an export has no end in memory. FIPS 180-4 and
// RFC 2104; the tests hold it against the platform's own on random input.

const K = /* @__PURE__ */ primeRoots(64, 1 / 3)
const INITIAL = /* @__PURE__ */ primeRoots(8, 1 / 2)

/** The first 32 bits of the fractional parts of the roots of the first primes. */
function primeRoots(count: number, power: number): Int32Array {
  const roots = new Int32Array(count)
  for (let candidate = 2, found = 0; found < count; candidate++) {
    let prime = true
    for (let divisor = 2; divisor * divisor <= candidate; divisor++) {
      if (candidate % divisor === 0) prime = false
    }
    if (prime) roots[found++] = (candidate ** power % 1) * 0x1_0000_0000
  }
  return roots
}

const rotate = (word: number, by: number): number => (word >>> by) | (word << (32 - by))

/** SHA-256 of bytes that come bit by bit. */
export interface Hash {
  /** Takes the bytes in; they may be used for something else afterwards. */
  update(bytes: Uint8Array): void
  /** Of all bytes so far, as 64 lower-case hex digits. More may follow. */
  digest(): string
}

const BLOCK = 64

/** Works one block into the state. `words` is room to work in, from one block to the next. */
const compress = (state: Int32Array, words: Int32Array, view: DataView, at: number): void => {
  // Written out: with a function for each word it takes twice the time.
  for (let i = 0; i < 16; i++) words[i] = view.getInt32(at + i * 4)
  for (let i = 16; i < 64; i++) {
    const a = words[i - 15] ?? 0
    const b = words[i - 2] ?? 0
    const sum = ((words[i - 16] ?? 0) + (words[i - 7] ?? 0)) | 0
    const first = rotate(a, 7) ^ rotate(a, 18) ^ (a >>> 3)
    words[i] = (sum + first + (rotate(b, 17) ^ rotate(b, 19) ^ (b >>> 10))) | 0
  }
  let a = state[0] ?? 0
  let b = state[1] ?? 0
  let c = state[2] ?? 0
  let d = state[3] ?? 0
  let e = state[4] ?? 0
  let f = state[5] ?? 0
  let g = state[6] ?? 0
  let h = state[7] ?? 0
  for (let i = 0; i < 64; i++) {
    const choice = (e & f) ^ (~e & g)
    const majority = (a & b) ^ (a & c) ^ (b & c)
    const turned = (h + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25))) | 0
    const first = (turned + choice + (((K[i] ?? 0) + (words[i] ?? 0)) | 0)) | 0
    const second = ((rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + majority) | 0
    h = g
    g = f
    f = e
    e = (d + first) | 0
    d = c
    c = b
    b = a
    a = (first + second) | 0
  }
  state[0] = (state[0] ?? 0) + a
  state[1] = (state[1] ?? 0) + b
  state[2] = (state[2] ?? 0) + c
  state[3] = (state[3] ?? 0) + d
  state[4] = (state[4] ?? 0) + e
  state[5] = (state[5] ?? 0) + f
  state[6] = (state[6] ?? 0) + g
  state[7] = (state[7] ?? 0) + h
}

interface Raw {
  update(bytes: Uint8Array): void
  bytes(): Uint8Array
}

const start = (): Raw => {
  // Signed: V8 keeps 32 bits with a sign in a register, and others as a double.
  const state = Int32Array.from(INITIAL)
  const words = new Int32Array(64)
  // What does not make a whole block yet.
  const rest = new Uint8Array(BLOCK)
  const restView = new DataView(rest.buffer)
  let held = 0
  let length = 0
  return {
    update: (bytes) => {
      length += bytes.length
      let at = 0
      if (held > 0) {
        at = Math.min(BLOCK - held, bytes.length)
        rest.set(bytes.subarray(0, at), held)
        held += at
        if (held < BLOCK) return
        compress(state, words, restView, 0)
      }
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
      for (; at + BLOCK <= bytes.length; at += BLOCK) compress(state, words, view, at)
      rest.set(bytes.subarray(at))
      held = bytes.length - at
    },
    bytes: () => {
      // On copies, so that more may follow.
      const ended = state.slice()
      const padded = new Uint8Array(held < 56 ? BLOCK : 2 * BLOCK)
      padded.set(rest.subarray(0, held))
      padded[held] = 0x80
      const view = new DataView(padded.buffer)
      view.setUint32(padded.length - 8, Math.floor(length / 0x2000_0000))
      view.setUint32(padded.length - 4, length << 3)
      for (let at = 0; at < padded.length; at += BLOCK) compress(ended, words, view, at)
      const digest = new DataView(new ArrayBuffer(32))
      ended.forEach((value, index) => digest.setInt32(index * 4, value))
      return new Uint8Array(digest.buffer)
    },
  }
}

/**
 * Starts a SHA-256, for runtimes that have none to be fed bit by bit: Web Crypto wants all at once.
 * @example
 * const hash = sha256()
 * hash.update(new TextEncoder().encode('abc'))
 * hash.digest() // 'ba7816bf…'
 */
export const sha256 = (): Hash => {
  const { update, bytes } = start()
  return { update, digest: () => hexOf(bytes()) }
}

const digestOf = (message: Uint8Array): Uint8Array => {
  const hash = start()
  hash.update(message)
  return hash.bytes()
}

const concat = (first: Uint8Array, second: Uint8Array): Uint8Array => {
  const both = new Uint8Array(first.length + second.length)
  both.set(first)
  both.set(second, first.length)
  return both
}

/**
 * HMAC-SHA-256 (RFC 2104) as lower-case hex, without a promise.
 * @example
 * const keyed = hmacSha256('a key of at least 16 characters')
 * keyed('ada@example.com') // 64 hex digits
 */
export const hmacSha256 = (key: string): ((text: string) => string) => {
  const encoder = new TextEncoder()
  const bytes = encoder.encode(key)
  const block = new Uint8Array(64)
  block.set(bytes.length > 64 ? digestOf(bytes) : bytes)
  const inner = block.map((byte) => byte ^ 0x36)
  const outer = block.map((byte) => byte ^ 0x5c)
  return (text) => {
    return hexOf(digestOf(concat(outer, digestOf(concat(inner, encoder.encode(text))))))
  }
}
