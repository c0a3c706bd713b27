import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import type { CryptoKey, JWK, JWTPayload } from 'jose'

export interface Signer {
  readonly publicKey: CryptoKey
  readonly jwk: JWK
  sign(claims: JWTPayload, header?: { readonly kid?: string }): Promise<string>
}

/** A fresh key pair and what signs tokens with it. */
export const signer = async (alg: string, kid: string): Promise<Signer> => {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true })
  return {
    publicKey,
    jwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' },
    sign: (claims, header = { kid }) =>
      new SignJWT(claims).setProtectedHeader({ alg, ...header }).sign(privateKey),
  }
}

export interface KeySetServer {
  readonly url: string
  /** How often it was asked. */
  readonly asked: () => number
  /** What it answers from now on: keys, or a body that is no key set. */
  answer(with_: readonly JWK[] | string): void
  close(): Promise<void>
}

/** A real server of a real key set. */
export const keySetServer = async (keys: readonly JWK[]): Promise<KeySetServer> => {
  let body = JSON.stringify({ keys })
  let asked = 0
  const server = createServer((_, response) => {
    asked += 1
    response.setHeader('content-type', 'application/json').end(body)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo // a TCP server's address is never a text
  return {
    url: `http://127.0.0.1:${port}/jwks.json`,
    asked: () => asked,
    answer: (with_) => {
      body = typeof with_ === 'string' ? with_ : JSON.stringify({ keys: with_ })
    },
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
