// Who may import whom, as a table. Where it and DESIGN.md differ, one of them is wrong.

import { posix } from 'node:path'
import type { Facts, Import } from './read.ts'

export interface Violation {
  readonly path: string
  readonly line: number
  readonly rule: string
}

interface Zone {
  readonly files: RegExp
  /** What it may use at run time; its types too. */
  readonly uses: readonly RegExp[]
  /** What it may import the types of, and no more. */
  readonly types?: readonly RegExp[]
}

const event = /^src\/event\//
const ports = /^src\/ports\//
const errors = /^src\/errors\.ts$/
/** What an app hands over, what doors hand over, and the options that are made of both. */
const options = /^src\/(?:input|options|seams)\.ts$/
const runtime = /^src\/runtime\//
/** How a call is given up, which is the same of every port. */
const abort = /^src\/runtime\/abort\.ts$/
/** How a part is loaded when it is needed. */
const outside = /^src\/runtime\/outside\.ts$/
/** What it computes where the platform does not. */
const hashing = /^src\/event\/(?:hex|sha256)\.ts$/
const console = /^src\/console\.ts$/
const shape = /^src\/shape\.ts$/
const logins = /^src\/capture\/(?:auth\/auth|kinds\/auth)\.ts$/
const anything = /./
/** What starts a run of `keep`, and what it asks of an audit. */
const runner = /^src\/keep\/start\/runner\.ts$/
const keptAudit = /^src\/keep\/tell\.ts$/
/** A door of its own: nobody who audits requests loads it without asking. */
const security = /^src\/capture\/security\//
/** What it judges by: data and pure functions, of no request and no clock. */
const judging =
  /^src\/capture\/security\/(?:rules?|rules\/[\w-]+|decode|facts|judge|window|burst)\.ts$/

const stage = (
  name: string,
  more: readonly RegExp[] = [],
  own = new RegExp(`^src/${name}/`),
): Zone => ({
  files: new RegExp(`^src/${name}/`),
  uses: [own, event, ports, errors, options, shape, console, runtime, ...more],
  types: [/^hono(\/|$)/],
})

const adapter = (
  port: string,
  vendors: readonly RegExp[],
  types: readonly RegExp[] = [],
): Zone => ({
  files: new RegExp(`^adapters/${port}/`),
  uses: [new RegExp(`^adapters/${port}/`), event, ports, errors, abort, ...vendors],
  types: [/^hono(\/|$)/, ...types],
})

const drizzle = /^drizzle-orm(\/|$)/

// The first zone whose pattern fits is the file's.
const zones: readonly Zone[] = [
  { files: /^src\/event\/schema\.ts$/, uses: [/^zod$/, event] },
  { files: event, uses: [event] },
  { files: ports, uses: [], types: [ports, event] },
  { files: errors, uses: [] },
  { files: options, uses: [event, ports, errors, options], types: [runtime, /^hono(\/|$)/] },
  { files: shape, uses: [errors] },
  { files: /^src\/check\.ts$/, uses: [event, ports, errors, options, shape] },
  { files: console, uses: [errors], types: [event, ports] },
  { files: runtime, uses: [runtime, errors, hashing], types: [event, ports, /^hono(\/|$)/] },
  // Which route matched is known to Hono alone; the helper is one small file of a peer that is there.
  { files: judging, uses: [judging, event] },
  { ...stage('capture', [/^hono\/route$/]), files: security },
  stage('capture', [/^hono\/route$/], /^src\/capture\/(?!security\/)/),
  stage('deliver'),
  stage('keep'),
  stage('read'),
  {
    files: /^src\/(archive|audit|index)\.ts$/,
    uses: [/^src\/(?!capture\/security\/)/],
    types: [/^hono(\/|$)/],
  },
  adapter(
    'store',
    [drizzle, /^@libsql\/client(\/|$)/, /^@neondatabase\/serverless$/, outside],
    [/^pg$/],
  ),
  adapter('actor', [/^jose(\/|$)/]),
  // What works with somebody's logins tells them by the functions of the audit, whose types it names.
  adapter('auth', [/^better-auth(\/|$)/], [options, logins, /^@auth\/core(\/|$)/]),
  adapter('dead-letter', [/^node:/]),
  // The door of a runtime with a disk hands out the dead letter on that disk too, and that of one with a
  // scheduler starts what is kept on a schedule.
  adapter(
    'runtime',
    [/^node:/, /^adapters\/dead-letter\/file\.ts$/, runner],
    [runtime, options, keptAudit],
  ),
  adapter('schedule', [/^croner$/, runner], [keptAudit]),
  // What it is told may be wrong like any option. Parquet for archives has the columns of the export, and
  // what all formats of archives ask of a row; how bytes are compressed is the platform's.
  adapter('archive', [
    /^node:/,
    /^aws4fetch$/,
    /^hyparquet(-writer)?$/,
    /^adapters\/export\/(columns|group)\.ts$/,
    /^src\/keep\/archive\/format\//,
    runtime,
    shape,
  ]),
  // Reads what people ask for, and tells of it by the scope of the request; names the types of both.
  adapter(
    'http',
    [/^hono(\/|$)/, /^zod$/, /^src\/read\//, runtime, shape],
    [options, /^src\/capture\/scope\.ts$/, /^src\/deliver\/stats\.ts$/],
  ),
  adapter('drizzle', [drizzle]),
  // It draws what `report` makes, and hands out both together; how bytes are compressed is the platform's.
  adapter(
    'render',
    [/^pdf-lib$/, /^fontkit$/, /^bidi-js$/, /^src\/read\/report\//, runtime],
    [/^src\/read\//],
  ),
  // A format like those in src, but for the vendor that writes it: what may be shown is asked there.
  // How bytes are compressed is the platform's.
  adapter('export', [/^hyparquet-writer$/, /^src\/read\/export\//, runtime], [/^src\/read\//]),
  // The two places that put an application together.
  { files: /^adapters\/(cli\/|worker\.ts$)/, uses: [anything] },
]

const schema = 'src/event/schema.ts'

// The one place that reads clocks and dice. The memory store is a backend: the clock is its own.
const mayBeImpure =
  /^(src\/runtime\/|adapters\/runtime\/|adapters\/cli\/|adapters\/store\/memory\.ts$|adapters\/dead-letter\/bundles\.ts$)/

const mostLines = 300

export const resolveImport = (path: string, from: string): string =>
  from.startsWith('.') ? posix.normalize(posix.join(posix.dirname(path), from)) : from

const checkImport = (path: string, zone: Zone, { from, typeOnly, line }: Import): Violation[] => {
  const target = resolveImport(path, from)
  const found: Violation[] = []
  const breaks = (rule: string): void => {
    found.push({ path, line, rule })
  }
  const mayUse = zone.uses.some((pattern) => pattern.test(target))
  const mayType = mayUse || (zone.types ?? []).some((pattern) => pattern.test(target))
  if (!mayType) breaks(`may not import ${target}`)
  if (mayType && !mayUse && !typeOnly) breaks(`may import only types of ${target}`)
  // The routes hold requests to Zod schemas anyway, and document events by theirs.
  if (target === schema && !typeOnly && !path.startsWith('adapters/http/'))
    breaks('may import only types of the schema: it brings Zod along')
  if (target === 'adapters/worker.ts') breaks('nothing imports the worker')
  if (from.startsWith('.') && !/\.(ts|json)$/.test(from)) breaks(`${from} lacks its extension`)
  return found
}

const checkUses = ({ path, uses }: Facts): Violation[] =>
  uses.flatMap(({ what, line }) => {
    const ambient = /^(process|Buffer|Deno|Bun|require|__dirname|__filename)$/.test(what)
    if (ambient) {
      const allowed = path.startsWith('src/runtime/') || path.startsWith('adapters/')
      return allowed
        ? []
        : [{ path, line, rule: `${what} belongs to one runtime: src/runtime asks for it` }]
    }
    if (what === 'export *') return [{ path, line, rule: 'names what it exports, no export *' }]
    if (what === 'export default') {
      const allowed = path === 'adapters/worker.ts'
      return allowed ? [] : [{ path, line, rule: 'has named exports only' }]
    }
    if (mayBeImpure.test(path)) return []
    return [
      { path, line, rule: `${what} is handed in as an argument; src/runtime has the real one` },
    ]
  })

/** Every file that can reach itself, told once per circle, with the way round. */
export const cycles = (
  graph: ReadonlyMap<string, readonly string[]>,
): readonly (readonly string[])[] => {
  const done = new Set<string>()
  const found: string[][] = []
  const visit = (path: string, trail: readonly string[]): void => {
    const at = trail.indexOf(path)
    if (at !== -1) {
      found.push([...trail.slice(at), path])
      return
    }
    if (done.has(path)) return
    for (const next of graph.get(path) ?? []) visit(next, [...trail, path])
    done.add(path)
  }
  for (const path of graph.keys()) visit(path, [])
  return found
}

/** Holds the files against the table. */
export const check = (files: readonly Facts[]): readonly Violation[] => {
  const found: Violation[] = []
  for (const facts of files) {
    const { path, lines, imports } = facts
    const zone = zones.find(({ files: pattern }) => pattern.test(path))
    if (zone === undefined) {
      found.push({
        path,
        line: 1,
        rule: 'has no place in the layout: add it to the table or move it',
      })
      continue
    }
    for (const one of imports) found.push(...checkImport(path, zone, one))
    found.push(...checkUses(facts))
    if (lines > mostLines)
      found.push({ path, line: mostLines, rule: `is longer than ${mostLines} lines` })
  }
  const paths = new Set(files.map(({ path }) => path))
  const graph = new Map(
    files.map(({ path, imports }) => [
      path,
      imports.map(({ from }) => resolveImport(path, from)).filter((target) => paths.has(target)),
    ]),
  )
  for (const circle of cycles(graph)) {
    found.push({
      path: circle[0] ?? '',
      line: 1,
      rule: `imports in a circle: ${circle.join(' > ')}`,
    })
  }
  return found
}
