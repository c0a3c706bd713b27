// An app that is asked to end; run on each runtime by shutdown.test.ts. It says what happens to it.
import process from 'node:process'
import type { Closable, ShutdownOptions } from '../../../adapters/runtime/node.ts'

const [runtime = 'node', scene = ''] = process.argv.slice(2)

// The door of the runtime, by a name that bundlers and type checkers leave alone.
const door: {
  closeOnShutdown(audit: Closable, options?: ShutdownOptions & { end?: boolean }): () => void
} = await import(`../../../adapters/runtime/${runtime}.ts`)
const { closeOnShutdown } = door

const say = (line: string): void => console.log(line)
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
const stayUp = (): unknown => setInterval(() => undefined, 1_000)

const auditOf = (name: string, work: () => Promise<void>): Closable => ({
  flush: async () => {
    await pause(5)
    say(`${name} flushed`)
  },
  close: async () => {
    say(`${name} closes`)
    await work()
    say(`${name} closed`)
  },
})
const audit = auditOf('audit', () => pause(20))
const onClosed: ShutdownOptions['onClosed'] = ({ kind }) => say(`told ${kind}`)

const scenes: Readonly<Record<string, () => void>> = {
  'only listener': () => {
    closeOnShutdown(audit, { onClosed })
    stayUp()
    say('send SIGTERM')
  },
  interrupt: () => {
    closeOnShutdown(audit, { onClosed })
    stayUp()
    say('send SIGINT')
  },
  // What ends too early ends before the promise goes on, so no clock is needed to see it.
  'own listener': () => {
    const closed = Promise.withResolvers<void>()
    closeOnShutdown(audit, { end: false, onClosed: () => closed.resolve() })
    const stop = async (): Promise<void> => {
      say('app stops')
      await closed.promise
      say('app stopped')
      process.exit(3)
    }
    process.once('SIGTERM', () => {
      stop().catch(say)
    })
    stayUp()
    say('send SIGTERM')
  },
  'own listener before ours': () => {
    const closed = Promise.withResolvers<void>()
    const stop = async (): Promise<void> => {
      await closed.promise
      say('app stopped')
      process.exit(3)
    }
    process.once('SIGTERM', () => {
      stop().catch(say)
    })
    closeOnShutdown(audit, { end: false, onClosed: () => closed.resolve() })
    stayUp()
    say('send SIGTERM')
  },
  'two signals': () => {
    let signals = 0
    const second = Promise.withResolvers<void>()
    const impatient = auditOf('audit', async () => {
      say('send SIGTERM')
      await second.promise
    })
    closeOnShutdown(impatient, { end: false, onClosed: () => process.exit(0) })
    process.on('SIGTERM', () => {
      signals += 1
      if (signals === 2) second.resolve()
    })
    stayUp()
    say('send SIGTERM')
  },
  'two audits': () => {
    const fastClosed = Promise.withResolvers<void>()
    closeOnShutdown(auditOf('slow', () => fastClosed.promise))
    closeOnShutdown(
      auditOf('fast', () => pause(5)),
      { onClosed: () => fastClosed.resolve() },
    )
    stayUp()
    say('send SIGTERM')
  },
  'hanging close': () => {
    closeOnShutdown(
      auditOf('audit', () => new Promise(() => undefined)),
      { onClosed, timeout: 20 },
    )
    stayUp()
    say('send SIGTERM')
  },
  'failing close': () => {
    const failing = auditOf('audit', async () => {
      throw new Error('the store is down')
    })
    closeOnShutdown(failing, { onClosed })
    stayUp()
    say('send SIGTERM')
  },
  'failing watcher': () => {
    closeOnShutdown(audit, {
      onClosed: () => {
        throw new Error('the watcher fails')
      },
    })
    stayUp()
    say('send SIGTERM')
  },
  'taken off': () => {
    closeOnShutdown(audit, { onClosed })()
    stayUp()
    say('send SIGTERM')
  },
  'another signal': () => {
    closeOnShutdown(audit, { onClosed, signals: ['SIGINT'] })
    stayUp()
    say('send SIGTERM')
  },
  'empty loop': () => {
    closeOnShutdown(audit, { onClosed })
    say('main is done')
  },
  'failing flush': () => {
    closeOnShutdown({ ...audit, flush: () => Promise.reject(new Error('the store is down')) })
    say('main is done')
  },
}

scenes[scene]?.()
