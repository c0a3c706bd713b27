import { remembering } from '../../event/remembering.ts'
import { stateless } from '../../event/stateless.ts'
import type { AnyContext } from '../../input.ts'
import { network, truncateAddress } from '../../event/address.ts'
import type { Address } from '../../runtime/client.ts'
import { addressReader } from '../request.ts'
import { compileMatcher } from '../rules.ts'
import { caps, type Field, headerFields, pathFields, queryFields } from './facts.ts'
import { type Judge, judgeOf } from './judge.ts'
import { defaults, rulesOf, type SecurityOptions } from './options.ts'
import type { Finding } from './rule.ts'

/** What was seen of a request before its handler ran. */
export interface Look {
  readonly address: Address | undefined
  /** By what hits are held together; undefined for a client that nobody knows. */
  readonly client: string | undefined
  /** Nothing is looked for in this request. */
  readonly allowed: boolean
  readonly findings: readonly Finding[]
}

const AGENT = 'user-agent'

/** A client of IPv6 has a whole network of addresses: it is one client by its /48 (RFC 6177). */
const clientOf = (ip: string): string => (ip.includes(':') ? truncateAddress(ip) : ip)

const agentTest = (agent: string | RegExp): ((text: string) => boolean) => {
  if (typeof agent !== 'string') {
    const pattern = stateless(agent)
    return (text) => pattern.test(text)
  }
  const part = agent.toLowerCase()
  return (text) => text.toLowerCase().includes(part)
}

/** The path and the query of a URL that was parsed before. */
const parts = (url: string): readonly [path: string, query: string] => {
  const start = url.indexOf('/', url.indexOf('://') + 3)
  if (start === -1) return ['/', '']
  const hash = url.indexOf('#', start)
  const whole = hash === -1 ? url : url.slice(0, hash)
  const mark = whole.indexOf('?', start)
  return mark === -1 ? [whole.slice(start), ''] : [whole.slice(start, mark), whole.slice(mark + 1)]
}

/** Compiles what is looked for in each request. */
export const createLook = (
  options: SecurityOptions,
  onError: (where: string, error: unknown) => void,
): { readonly look: (c: AnyContext) => Look; readonly judge: Judge } => {
  const judge = judgeOf(rulesOf(options))
  const headers = (options.headers ?? defaults.headers).map((name) => name.toLowerCase())
  const { addresses = [], agents = [], paths = [] } = options.allow ?? {}
  const networks = addresses.flatMap((one) => network(one) ?? [])
  const agentTests = agents.map(agentTest)
  const pathTests = paths.map(compileMatcher)
  const readAddress = addressReader(options.address)
  // The same few agents send nearly all requests.
  const harmless = remembering((agent) => judge(headerFields(AGENT, agent)).length === 0, 500, 512)

  const guarded = <Value>(where: string, otherwise: Value, read: () => Value): Value => {
    try {
      return read()
    } catch (error) {
      onError(where, error)
      return otherwise
    }
  }

  const isAllowed = (c: AnyContext, agent: string, ip: string | undefined): boolean =>
    (ip !== undefined && networks.some((holds) => holds(ip))) ||
    agentTests.some((test) => test(agent)) ||
    pathTests.some((test) => guarded('allow', false, () => test(c)))

  const headersOf = (c: AnyContext, agent: string): readonly Field[] =>
    headers.flatMap((name) => {
      if (name === AGENT) return harmless(agent) ? [] : headerFields(name, agent)
      const value = c.req.raw.headers.get(name)
      return value === null ? [] : headerFields(name, value)
    })

  const look = (c: AnyContext): Look => {
    const address = guarded('address', undefined, () => readAddress(c))
    const agent = (c.req.raw.headers.get(AGENT) ?? '').slice(0, caps.header)
    const client = address === undefined ? undefined : clientOf(address.ip)
    if (isAllowed(c, agent, address?.ip)) return { address, client, allowed: true, findings: [] }
    const [path, query] = parts(c.req.raw.url)
    const fields = [...pathFields(path), ...queryFields(query), ...headersOf(c, agent)]
    return { address, client, allowed: false, findings: judge(fields) }
  }
  return { look, judge }
}
