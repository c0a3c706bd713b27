import process from 'node:process'

/** Takes no call that is not made on itself, as Workers do: «Illegal invocation». */
export class Platform {
  readonly #name: string
  readonly #log: string[]
  readonly waited: Promise<unknown>[] = []
  constructor(name: string, log: string[]) {
    this.#name = name
    this.#log = log
  }
  waitUntil(promise: Promise<unknown>): void {
    this.#log.push(this.#name)
    this.waited.push(promise)
  }
}

export const vercel = Symbol.for('@vercel/request-context')

const { getBuiltinModule } = process
let workers: Platform | undefined

export const setGlobal = (name: PropertyKey, value: unknown): void => {
  Object.defineProperty(globalThis, name, { value, configurable: true, writable: true })
}

// The library asks for it once and remembers it, as it may on Workers: it tells the current request's.
const workersModule = {
  env: { FROM: 'workers' },
  get waitUntil() {
    const now = workers
    return now && ((work: Promise<unknown>): void => now.waitUntil(work))
  },
}

/** Makes this process look like Workers, with or without a current request. */
export const beWorkers = (current?: Platform): void => {
  workers = current
  setGlobal('WebSocketPair', () => undefined)
  process.getBuiltinModule = (id: string) =>
    id === 'cloudflare:workers' ? workersModule : getBuiltinModule(id)
}

export const beYourself = (): void => {
  workers = undefined
  process.getBuiltinModule = getBuiltinModule
  for (const name of [vercel, 'EdgeRuntime', 'WebSocketPair'])
    Reflect.deleteProperty(globalThis, name)
}
