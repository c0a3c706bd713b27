import { AuditError } from '../../src/errors.ts'
import { byteLength } from '../../src/event/text.ts'

/** Most bytes of a path, and of a part between its slashes. Object stores take keys of 1,024. */
const LONGEST_PATH = 900
const LONGEST_PART = 255
const LONGEST_PREFIX = 1_024 - LONGEST_PATH

/** What every store can keep and give back. A lone surrogate would become U+FFFD on the way. */
const isSound = (text: string): boolean =>
  text.isWellFormed() && !text.includes('\0') && byteLength(text) <= LONGEST_PATH

// `..` would lead a file system, and `.` a URL, to another place.
const isPart = (part: string): boolean =>
  part !== '' && part !== '.' && part !== '..' && byteLength(part) <= LONGEST_PART

/** Whether it is a path as the port describes it. */
export const isPath = (text: string): boolean => isSound(text) && text.split('/').every(isPart)

/** @throws {AuditError} AUDIT_ARCHIVE_REFUSED for what is no path. */
export const checkPath = (path: string): void => {
  if (!isPath(path)) throw new AuditError('AUDIT_ARCHIVE_REFUSED', 'path')
}

/** @throws {AuditError} AUDIT_ARCHIVE_REFUSED for what no path can begin with. */
export const checkListed = (prefix: string): void => {
  if (!isSound(prefix)) throw new AuditError('AUDIT_ARCHIVE_REFUSED', 'prefix')
}

/**
 * Throws unless keys of this prefix and a path behind it fit an object store.
 * @throws {AuditError} AUDIT_OPTION_INVALID
 */
export const checkPrefix = (prefix: string): void => {
  const fits = byteLength(prefix) <= LONGEST_PREFIX && isPath(`${prefix}x`)
  if (prefix === '' || fits) return
  const wanted = `at most ${LONGEST_PREFIX} bytes, with no empty part, '.' or '..'`
  throw new AuditError('AUDIT_OPTION_INVALID', `prefix: ${wanted}`)
}

const DEVICE = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|$)/i
const FORBIDDEN = /[<>:"\\|?*\p{Cc}]|[. ]$/u

/**
 * Whether Windows would keep each part as a file of that name: it takes `\` for a slash, `:` for a
 * stream, drops dots and spaces at the end, and has devices everywhere.
 * @see https://learn.microsoft.com/windows/win32/fileio/naming-a-file
 */
export const isWindowsPath = (path: string): boolean =>
  path.split('/').every((part) => !FORBIDDEN.test(part) && !DEVICE.test(part))
