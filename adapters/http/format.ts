import { cloudEvents } from '../../src/read/export/cloudevents.ts'
import { csv } from '../../src/read/export/csv.ts'
import { ecs } from '../../src/read/export/ecs.ts'
import type { ExportFormat } from '../../src/read/export/format.ts'
import { json } from '../../src/read/export/json.ts'
import { ndjson } from '../../src/read/export/ndjson.ts'
import { ocsf } from '../../src/read/export/ocsf.ts'
import { refuse } from '../../src/read/parameters.ts'

interface Wishes {
  readonly columns?: readonly string[] | undefined
  readonly bom?: boolean | undefined
  readonly trailer?: boolean | undefined
}

/** The formats that need no vendor, each with what it can be told. */
const builtIn: Readonly<
  Record<
    string,
    readonly [takes: readonly (keyof Wishes)[], make: (wishes: Wishes) => ExportFormat]
  >
> = {
  csv: [['columns', 'bom', 'trailer'], csv],
  ndjson: [['trailer'], ndjson],
  json: [[], json],
  ocsf: [['trailer'], ocsf],
  cloudevents: [['trailer'], cloudEvents],
  ecs: [['trailer'], ecs],
}

type Formats = ReadonlyMap<string, ExportFormat>

const only = (wishes: Wishes, takes: readonly (keyof Wishes)[], name: string): Wishes => {
  for (const wish of ['columns', 'bom', 'trailer'] as const)
    if (wishes[wish] !== undefined && !takes.includes(wish))
      return refuse(wish, `left out: ${name} takes none`)
  return Object.fromEntries(takes.map((wish) => [wish, wishes[wish]]))
}

/**
 * The format of this name: the app's own, or one that is there anyway.
 * @throws {AuditError} AUDIT_QUERY_INVALID, naming the parameter.
 */
export const formatOf = (name: string, wishes: Wishes, formats: Formats): ExportFormat => {
  const own = formats.get(name)
  const [takes, make] = (Object.hasOwn(builtIn, name) ? builtIn[name] : undefined) ?? []
  if (own === undefined && make === undefined)
    return refuse(
      'format',
      `one of ${[...new Set([...Object.keys(builtIn), ...formats.keys()])].join(', ')}`,
    )
  const asked = only(wishes, own === undefined ? (takes ?? []) : [], name)
  return own ?? make?.(asked) ?? json()
}

/** Of all formats that there are. */
export const mediaTypesOf = (formats: Formats): readonly string[] => {
  const made = Object.entries(builtIn).map(([name, [, make]]) => formats.get(name) ?? make({}))
  // Without parameters: those are a matter of the file.
  const types = [...made, ...formats.values()].map(({ mediaType }) =>
    mediaType.replace(/ *;.*/s, ''),
  )
  return [...new Set(types)]
}
