import { hexOf } from '../event/hex.ts'
import { type Hash, sha256 } from '../event/sha256.ts'
import { builtin, property } from './ambient.ts'

const call = (object: unknown, name: string, ...args: readonly unknown[]): unknown => {
  const method = property(object, name)
  return typeof method === 'function' ? Reflect.apply(method, object, args) : undefined
}

/** The empty text's, to tell a `node:crypto` that is whole from a stub that is not. */
const OF_NOTHING = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'

const started = (crypto: unknown): Hash => {
  const hash = call(crypto, 'createHash', 'sha256')
  return {
    update: (bytes) => {
      call(hash, 'update', bytes)
    },
    // Of a copy: node's own is spent once it was asked.
    digest: () => String(call(call(hash, 'copy'), 'digest', 'hex')),
  }
}

/**
 * Finds the platform's SHA-256 that can be fed bit by bit: `node:crypto` on Node >=20.16, Bun, Deno
 * and workerd with nodejs_compat. Undefined elsewhere.
 */
export const findSha256 = (): (() => Hash) | undefined => {
  const crypto = builtin('node:crypto')
  try {
    return started(crypto).digest() === OF_NOTHING ? () => started(crypto) : undefined
  } catch {
    // A module by that name that cannot do it is as good as none.
    return undefined
  }
}

/** Starts a SHA-256 that is fed bit by bit: the platform's, or our own where it has none. */
export const startSha256 = (): Hash => (findSha256() ?? sha256)()

/** Up to so many bytes are hashed in less time than it takes to hand them to another thread. */
const SMALL = 65_536

/** SHA-256 of bytes that are all there, by the platform, as lower-case hex digits; of many beside the thread. */
export const sha256Of = async (bytes: Uint8Array<ArrayBuffer>): Promise<string> => {
  const start = bytes.length <= SMALL ? findSha256() : undefined
  if (start === undefined)
    return hexOf(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)))
  const hash = start()
  hash.update(bytes)
  return hash.digest()
}
