import { parseSync, Visitor } from 'oxc-parser'

export interface SourceFile {
  /** From the root of the project: `src/event/id.ts`. */
  readonly path: string
  readonly text: string
}

export interface Import {
  /** As written. */
  readonly from: string
  /** Gone after compilation. */
  readonly typeOnly: boolean
  readonly line: number
}

export interface Use {
  /** `process`, `Date.now`, `export *` … */
  readonly what: string
  readonly line: number
}

/** What the rules look at in a file. */
export interface Facts {
  readonly path: string
  readonly lines: number
  readonly imports: readonly Import[]
  readonly uses: readonly Use[]
}

const ambient = new Set(['process', 'Buffer', 'Deno', 'Bun', 'require', '__dirname', '__filename'])

const impure = new Set([
  'Date.now',
  'performance.now',
  'crypto.randomUUID',
  'crypto.getRandomValues',
  'Math.random',
])

/** Reads a file with a real parser: no import in a comment or a string is taken for one. */
export const read = ({ path, text }: SourceFile): Facts => {
  const { module, program, errors } = parseSync(path, text)
  if (errors.length > 0) throw new Error(`${path} does not parse: ${errors[0]?.message}`)

  const lineOf = (offset: number): number => text.slice(0, offset).split('\n').length
  const imports: Import[] = []
  const uses: Use[] = []

  for (const { moduleRequest, entries, start } of module.staticImports) {
    const typeOnly = entries.length > 0 && entries.every(({ isType }) => isType)
    imports.push({ from: moduleRequest.value, typeOnly, line: lineOf(start) })
  }
  for (const { entries } of module.staticExports) {
    for (const { moduleRequest, isType, importName, start } of entries) {
      if (moduleRequest === null) continue
      imports.push({ from: moduleRequest.value, typeOnly: isType, line: lineOf(start) })
      if (importName.kind === 'AllButDefault') uses.push({ what: 'export *', line: lineOf(start) })
    }
    for (const { exportName, start } of entries) {
      if (exportName.kind === 'Default') uses.push({ what: 'export default', line: lineOf(start) })
    }
  }
  for (const { moduleRequest, start } of module.dynamicImports) {
    const from = text.slice(moduleRequest.start, moduleRequest.end).replaceAll(/^['"`]|['"`]$/g, '')
    imports.push({ from, typeOnly: false, line: lineOf(start) })
  }

  // A property or a key may be called what it likes: only a name that is looked up counts.
  const names = new Set<number>()
  new Visitor({
    MemberExpression({ object, property, computed, start }) {
      if (!computed) names.add(property.start)
      const key = !computed && property.type === 'Identifier' ? property.name : undefined
      if (object.type !== 'Identifier' || key === undefined) return
      const what = `${object.name}.${key}`
      if (impure.has(what)) uses.push({ what, line: lineOf(start) })
      if (object.name === 'globalThis' && ambient.has(key))
        uses.push({ what: key, line: lineOf(start) })
      if (object.name === 'globalThis' && key === 'crypto') uses.push({ what, line: lineOf(start) })
    },
    Property({ key, computed, shorthand }) {
      if (!computed && !shorthand) names.add(key.start)
    },
    TSPropertySignature({ key, computed }) {
      if (!computed) names.add(key.start)
    },
    TSMethodSignature({ key, computed }) {
      if (!computed) names.add(key.start)
    },
    NewExpression({ callee, arguments: given, start }) {
      if (callee.type !== 'Identifier' || callee.name !== 'Date' || given.length > 0) return
      uses.push({ what: 'new Date()', line: lineOf(start) })
    },
    Identifier({ name, start }) {
      if (ambient.has(name) && !names.has(start)) uses.push({ what: name, line: lineOf(start) })
    },
    TSImportType({ source, start }) {
      imports.push({ from: source.value, typeOnly: true, line: lineOf(start) })
    },
  }).visit(program)

  const lines = text.trimEnd().split('\n').length
  return { path, lines, imports, uses }
}
