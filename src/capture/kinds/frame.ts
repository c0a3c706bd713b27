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

/** A stack without the message that V8 begins it with: what stands in that is no frame. */
const framesIn = (stack: string, message: string): string => {
  const at = message === '' ? -1 : stack.indexOf(message)
  const before = stack.slice(0, at)
  const rest = stack.slice(at + message.length)
  const isHead = at >= 0 && !/[\n@]/.test(before) && (before === '' || before.endsWith(': '))
  return isHead && (rest === '' || rest.startsWith('\n')) ? rest : stack
}

/**
 * The first frame of a stack: `at name (file:1:2)` and `at file:1:2` (V8), `name@file:1:2`
 * (JavaScriptCore, SpiderMonkey).
 */
export const frameOf = (stack: string | undefined, message = ''): Frame => {
  const lines = framesIn(stack ?? '', message).split('\n', LINES)
  // V8 alone has the message in it, and an address of mail in that looks like a frame of the others.
  const v8 = lines.some((line) => /^ +at /.test(line))
  for (const written of lines) {
    const line = written.slice(0, CHARS).trim()
    if (!(v8 ? line.startsWith('at ') : line.includes('@'))) continue
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
  const holder: { stack?: unknown } = {}
  // V8 and JavaScriptCore have it; the standard has not. Types of neither are loaded here.
  const capture: unknown = Reflect.get(Error, 'captureStackTrace')
  if (typeof capture !== 'function') return {}
  Reflect.apply(capture, Error, [holder, ours])
  // The app may have had its own say of it (`Error.prepareStackTrace`).
  return typeof holder.stack === 'string' ? frameOf(holder.stack) : {}
}
