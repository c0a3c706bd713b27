// Web Crypto is asynchronous and the redactor is not: a keyed hash of a value inside an event needs
// the hash now. FIPS 180-4 and RFC 2104; the tests hold it against the platform's own on random input.

const K = /* @__PURE__ */ primeRoots(64, 1 / 3)
const INITIAL = /* @__PURE__ */ primeRoots(8, 1 / 2)

/** The first 32 bits of the fractional parts of the roots of the first primes. */
function primeRoots(count: number, power: number): Uint32Array {
  const roots = new Uint32Array(count)
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

const sha256 = (message: Uint8Array): Uint8Array => {
  const state = Uint32Array.from(INITIAL)
  const padded = new Uint8Array(((message.length + 72) >> 6) << 6)
  padded.set(message)
  padded[message.length] = 0x80
  const view = new DataView(padded.buffer)
  view.setUint32(padded.length - 8, Math.floor(message.length / 0x2000_0000))
  view.setUint32(padded.length - 4, message.length << 3)

  const words = new Uint32Array(64)
  const word = (index: number): number => words[index] ?? 0
  for (let block = 0; block < padded.length; block += 64) {
    for (let i = 0; i < 16; i++) words[i] = view.getUint32(block + i * 4)
    for (let i = 16; i < 64; i++) {
      const a = word(i - 15)
      const b = word(i - 2)
      words[i] =
        word(i - 16) +
        word(i - 7) +
        (rotate(a, 7) ^ rotate(a, 18) ^ (a >>> 3)) +
        (rotate(b, 17) ^ rotate(b, 19) ^ (b >>> 10))
    }
    let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state
    for (let i = 0; i < 64; i++) {
      const choice = (e & f) ^ (~e & g)
      const majority = (a & b) ^ (a & c) ^ (b & c)
      const first =
        (h + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + choice + (K[i] ?? 0) + word(i)) | 0
      const second = ((rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + majority) | 0
      ;[h, g, f, e, d, c, b, a] = [g, f, e, (d + first) | 0, c, b, a, (first + second) | 0]
    }
    const round = [a, b, c, d, e, f, g, h]
    for (let i = 0; i < 8; i++) state[i] = (state[i] ?? 0) + (round[i] ?? 0)
  }
  const digest = new DataView(new ArrayBuffer(32))
  state.forEach((value, index) => digest.setUint32(index * 4, value))
  return new Uint8Array(digest.buffer)
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
  block.set(bytes.length > 64 ? sha256(bytes) : bytes)
  const inner = block.map((byte) => byte ^ 0x36)
  const outer = block.map((byte) => byte ^ 0x5c)
  return (text) => {
    const digest = sha256(concat(outer, sha256(concat(inner, encoder.encode(text)))))
    return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
  }
}
