/** Where in the code something happened. */
export interface Frame {
  readonly function?: string | undefined
  /** The file or module, as the runtime names it. */
  readonly module?: string | undefined
  readonly line?: number | undefined
}

/** Lines that are looked at, and characters of each: a stack may hold a message of any size. */
const LINES = 30
const CHARS = 1_024

/**
 * The first frame of a stack: `at name (file:1:2)` and `at file:1:2` (V8), `name@file:1:2`
 * (JavaScriptCore, SpiderMonkey).
 */
export const frameOf = (stack: string | undefined): Frame => {
  for (const written of (stack ?? '').split('\n', LINES)) {
    const line = written.slice(0, CHARS).trim()
    const v8 = line.startsWith('at ')
    if (!v8 && !line.includes('@')) continue
    const [name, place] = v8 ? ofV8(line.slice(3)) : halves(line, '@')
    const [, module, number] = /^(.+?):(\d+)(?::\d+)?$/.exec(place) ?? []
    if (module === undefined || module === 'native') continue
    return { function: name === '' ? undefined : name, module, line: Number(number) }
  }
  return {}
}

const halves = (line: string, at: string): readonly [string, string] => {
  const cut = line.indexOf(at)
  return [line.slice(0, cut), line.slice(cut + at.length)]
}

const ofV8 = (line: string): readonly [string, string] => {
  const plain = line.replace(/^async /, '')
  if (!plain.endsWith(')')) return ['', plain]
  return halves(plain.slice(0, -1), ' (')
}

/** The frame that called a function of ours; nothing where the runtime cannot tell. */
export const callerOf = (ours: (...args: never[]) => unknown): Frame => {
  const holder: { stack?: string } = {}
  // V8 and JavaScriptCore have it; the standard has not. Types of neither are loaded here.
  const capture: unknown = Reflect.get(Error, 'captureStackTrace')
  if (typeof capture !== 'function') return {}
  Reflect.apply(capture, Error, [holder, ours])
  return frameOf(holder.stack)
}
