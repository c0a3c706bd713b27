import { describe, expect, it } from 'vitest'
import { run, runtimes } from './child.ts'

const closes = ['audit closes', 'audit closed']

describe.each(runtimes)('closeOnShutdown on %s', (runtime) => {
  it('closes at SIGTERM and lets the signal end the process', async () => {
    const { lines, code, signal } = await run(runtime, 'app.ts', 'only listener')
    expect({ lines, code, signal }).toEqual({
      lines: [...closes, 'told closed'],
      code: null,
      signal: 'SIGTERM',
    })
  })

  it('closes at SIGINT and lets the signal end the process', async () => {
    const { lines, signal } = await run(runtime, 'app.ts', 'interrupt')
    expect({ lines, signal }).toEqual({ lines: [...closes, 'told closed'], signal: 'SIGINT' })
  })

  it('leaves the end to the app where it listens itself', async () => {
    const { lines, code, signal } = await run(runtime, 'app.ts', 'own listener')
    expect({ code, signal }).toEqual({ code: 3, signal: null })
    expect(lines).toEqual(['audit closes', 'app stops', 'audit closed', 'app stopped'])
  })

  it('leaves the end to an app that listened first, and only once', async () => {
    const { lines, code } = await run(runtime, 'app.ts', 'own listener before ours')
    expect({ lines, code }).toEqual({ lines: [...closes, 'app stopped'], code: 3 })
  })

  it('closes once when the signal comes twice', async () => {
    const { lines, code } = await run(runtime, 'app.ts', 'two signals')
    expect({ lines, code }).toEqual({ lines: closes, code: 0 })
  })

  it('closes two audits before the process ends', async () => {
    const { lines, signal } = await run(runtime, 'app.ts', 'two audits')
    expect(signal).toBe('SIGTERM')
    expect(lines.toSorted()).toEqual(['fast closed', 'fast closes', 'slow closed', 'slow closes'])
  })

  it('waits for close() no longer than the timeout', async () => {
    const { lines, signal } = await run(runtime, 'app.ts', 'hanging close')
    expect({ lines, signal }).toEqual({
      lines: ['audit closes', 'told timeout'],
      signal: 'SIGTERM',
    })
  })

  it('ends the process also when close() or the one who is told fails', async () => {
    const failed = await run(runtime, 'app.ts', 'failing close')
    expect(failed).toMatchObject({ lines: ['audit closes', 'told failed'], signal: 'SIGTERM' })
    const watched = await run(runtime, 'app.ts', 'failing watcher')
    expect(watched).toMatchObject({ lines: closes, signal: 'SIGTERM' })
  })

  it('leaves the process alone once taken off, and for signals not asked for', async () => {
    for (const scene of ['taken off', 'another signal']) {
      expect(await run(runtime, 'app.ts', scene)).toMatchObject({ lines: [], signal: 'SIGTERM' })
    }
  })

  it('flushes once when the event loop runs empty, and does not close', async () => {
    const { lines, code, errors } = await run(runtime, 'app.ts', 'empty loop')
    expect({ lines, code, errors }).toEqual({
      lines: ['main is done', 'audit flushed'],
      code: 0,
      errors: '',
    })
  })

  it('warns of a flush that fails, and ends well', async () => {
    const { code, errors } = await run(runtime, 'app.ts', 'failing flush')
    expect(code).toBe(0)
    expect(errors).toContain('the store is down')
  })
})
