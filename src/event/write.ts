import { isCardNumber, suspicious } from './detect.ts'
import { unwrap } from './foreign.ts'
import type { limitDefaults } from './limits.ts'
import { REDACTED } from './mask.ts'
import type { Masker, Secrets } from './secrets.ts'
import { byteLength, head, sound } from './text.ts'
import { clamp } from './clamp.ts'
import { isHarmless, nameOf, sorted } from './names.ts'
import { isPlain } from './write-text.ts'

// The second half of redaction: whatever the value, it becomes canonical JSON text (RFC 8785) in one pass. Text,
// because an object cannot keep `"10"` before `"9"` as the standard asks, nor hold `__proto__`.

/** Where a value stands; the path is only spelled out when a rule or a cut asks for it. */
export interface Place {
  readonly parent: Place | undefined
  readonly key: string | number
}

export interface Writing {
  readonly secrets: Secrets
  readonly limits: typeof limitDefaults
  /** Bytes of JSON that may still be written. */
  left: number
  /** Called for each value that was cut. */
  readonly cut: (path: string, limit: number, length: number) => void
}

export const pathOf = (place: Place): string =>
  place.parent === undefined ? String(place.key) : `${pathOf(place.parent)}.${place.key}`

const ASCII = /^[ -~]*$/
const UNREADABLE = '"[unreadable]"'

/**
 * Writes a free-form part of an event as canonical JSON; undefined when there is nothing to write.
 * What is no object becomes the `value` of one. Never throws.
 */
export const write = (writing: Writing, value: unknown, root: string): string | undefined => {
  let json: string | undefined = UNREADABLE
  try {
    json = writeValue(writing, value, { parent: undefined, key: root }, [])
  } catch {
    // A Proxy or toJSON() of the app's that throws: the rest of the event is kept.
  }
  return json === undefined || json.startsWith('{') ? json : `{"value":${json}}`
}

const writeValue = (
  writing: Writing,
  value: unknown,
  place: Place,
  above: readonly object[],
): string | undefined => {
  const masker = writing.secrets.byPath?.(pathOf(place))
  if (masker !== undefined && value !== undefined && value !== null)
    return mask(writing, masker, value)
  switch (typeof value) {
    case 'string':
      return writeText(writing, value, place, above)
    case 'number':
      return writeNumber(writing, value)
    case 'boolean':
      return spend(writing, value ? 'true' : 'false')
    case 'bigint':
    case 'symbol':
      return writeText(writing, String(value), place, above)
    case 'undefined':
      return undefined
    case 'function':
      return spend(writing, '"[function]"')
    case 'object':
      return value === null ? spend(writing, 'null') : writeObject(writing, value, place, above)
  }
}

const spend = (writing: Writing, json: string): string => {
  writing.left -= json.length
  return json
}

const mask = (writing: Writing, masker: Masker, value: unknown): string | undefined => {
  const masked = masker(typeof value === 'object' ? '' : String(value))
  if (masked === undefined) return undefined
  // Of an object nothing is told, not even its last characters.
  return spend(writing, typeof value === 'object' ? `"${REDACTED}"` : JSON.stringify(sound(masked)))
}

const writeNumber = (writing: Writing, value: number): string => {
  if (!Number.isFinite(value)) return spend(writing, `"${value}"`)
  // JSON.stringify's form of a number is the canonical one (RFC 8785, section 3.2.2.3); -0 is 0.
  const json = String(value)
  if (value < 1e12 || !isCardNumber(value)) return spend(writing, json)
  const masked = writing.secrets.inText(json)
  return spend(writing, masked === json ? json : JSON.stringify(masked))
}

const writeText = (
  writing: Writing,
  text: string,
  place: Place,
  above: readonly object[],
): string => {
  const limit = Math.max(0, Math.min(writing.limits.text, writing.left))
  if (text.length <= limit && text.length < 256 && isPlain(text) && !suspicious(text)) {
    return spend(writing, `"${text}"`)
  }
  const inside = text.length <= limit ? writeInside(writing, sound(text), place, above) : undefined
  const { kept, cut } = clamp(writing.secrets, inside ?? text, limit)
  if (cut) writing.cut(pathOf(place), limit, text.length)
  const json = JSON.stringify(kept)
  writing.left -= ASCII.test(json) ? json.length : byteLength(json)
  return json
}

/** JSON inside a text is redacted as JSON, so that escapes hide nothing; untouched when nothing was masked. */
const writeInside = (
  writing: Writing,
  text: string,
  place: Place,
  above: readonly object[],
): string | undefined => {
  if (!/^\s*["[{]/.test(text) || above.length >= writing.limits.depth) return undefined
  try {
    const value: unknown = JSON.parse(text)
    let touched = false
    const spy = (masker: Masker | undefined): Masker | undefined => {
      touched ||= masker !== undefined
      return masker
    }
    const { secrets } = writing
    const json = writeValue(
      {
        ...writing,
        cut: (...cut) => {
          touched = true
          writing.cut(...cut)
        },
        secrets: {
          byKey: (key) => spy(secrets.byKey(key)),
          byPath: undefined,
          inText: (inner) => {
            const masked = secrets.inText(inner)
            touched ||= masked !== inner
            return masked
          },
        },
      },
      value,
      place,
      [...above, {}],
    )
    // Untouched, it is looked at as text once more: a name that stands there twice hides the first.
    return touched ? json : undefined
  } catch {
    // Not JSON after all: the detectors look at it as text.
    return undefined
  }
}

const writeObject = (
  writing: Writing,
  value: object,
  place: Place,
  above: readonly object[],
): string | undefined => {
  if (above.includes(value)) return spend(writing, '"[circular]"')
  if (above.length >= writing.limits.depth) {
    writing.cut(pathOf(place), writing.limits.depth, above.length + 1)
    return spend(writing, '"[too deep]"')
  }
  const inner = [...above, value]
  try {
    if (Array.isArray(value)) return writeArray(writing, value, place, inner)
    const plain = unwrap(value)
    if (plain instanceof Array) return writeArray(writing, plain, place, inner)
    if (typeof plain !== 'object' || plain === null) return writeValue(writing, plain, place, inner)
    return writeMembers(writing, plain, place, inner)
  } catch {
    return spend(writing, UNREADABLE)
  }
}

const writeArray = (
  writing: Writing,
  value: readonly unknown[],
  place: Place,
  above: readonly object[],
): string => {
  const count = Math.min(value.length, writing.limits.entries)
  let json = '['
  writing.left -= 2
  for (let index = 0; index < count; index++) {
    if (writing.left <= 0) return cutShort(writing, place, value.length, `${json}]`)
    writing.left--
    const item = writeValue(writing, value[index], { parent: place, key: index }, above) ?? 'null'
    json += index === 0 ? item : `,${item}`
  }
  return count < value.length ? cutShort(writing, place, value.length, `${json}]`) : `${json}]`
}

const writeMembers = (
  writing: Writing,
  value: object,
  place: Place,
  above: readonly object[],
): string => {
  const all = Object.keys(value)
  const { entries } = writing.limits
  const keys = all.length > entries ? all.slice(0, entries) : all
  const names = keys.every(isHarmless) ? undefined : rename(writing, keys, place)
  let json = '{'
  writing.left -= 2
  // Sorted by UTF-16 code units (RFC 8785, section 3.2.3), which is what sort() does.
  for (const name of sorted(names === undefined ? keys : [...names.keys()])) {
    if (writing.left <= 0) return cutShort(writing, place, all.length, `${json}}`)
    const item = writeMember(writing, value, names?.get(name) ?? name, place, above)
    if (item === undefined) continue
    writing.left -= name.length + 4
    json += json.length === 1 ? nameOf(name).json + item : `,${nameOf(name).json}${item}`
  }
  return all.length > entries ? cutShort(writing, place, all.length, `${json}}`) : `${json}}`
}

/**
 * Names are hostile input too: well-formed, without secrets, no longer than 256 bytes. Of names that
 * become equal the first is kept and the cut is noted.
 */
const rename = (
  writing: Writing,
  keys: readonly string[],
  place: Place,
): ReadonlyMap<string, string> => {
  const names = new Map<string, string>()
  for (const key of keys) {
    const whole = writing.secrets.inText(sound(key.length > 320 ? key.slice(0, 320) : key))
    const kept = head(whole, 256)
    const taken = names.has(kept)
    if (taken || kept.length < whole.length || key.length > 320)
      writing.cut(pathOf(place), 256, key.length)
    if (!taken) names.set(kept, key)
    writing.left -= kept.length
  }
  return names
}

const writeMember = (
  writing: Writing,
  value: object,
  key: string,
  place: Place,
  above: readonly object[],
): string | undefined => {
  const member = read(value, key)
  // What has no value is left out, whatever it is called.
  if (member === undefined) return undefined
  const masker = writing.secrets.byKey(key)
  if (masker === undefined || member === null) {
    return writeValue(writing, member, { parent: place, key }, above)
  }
  const isChange = place.parent === undefined && place.key === 'changes'
  return isChange ? maskBoth(writing, masker, member) : mask(writing, masker, member)
}

/** A member, or what stands for one whose getter throws: its neighbours are kept. */
export const read = (value: object, key: string): unknown => {
  try {
    return Reflect.get(value, key)
  } catch {
    return '[unreadable]'
  }
}

/** A change keeps its shape: that a password was set, or changed, is what the trail is for. */
const maskBoth = (writing: Writing, masker: Masker, change: unknown): string | undefined => {
  if (typeof change !== 'object' || change === null) return mask(writing, masker, change)
  const side = (name: 'new' | 'old'): string[] => {
    const value = read(change, name)
    if (value === undefined) return []
    const json = value === null ? 'null' : mask(writing, masker, value)
    return json === undefined ? [] : [`"${name}":${json}`]
  }
  return `{${[...side('new'), ...side('old')].join(',')}}`
}

const cutShort = (writing: Writing, place: Place, length: number, json: string): string => {
  writing.cut(
    pathOf(place),
    writing.left <= 0 ? writing.limits.record : writing.limits.entries,
    length,
  )
  return json
}
