import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../../', import.meta.url))

/** A door of the package: what `exports` says, and the source it is built from. */
export interface Door {
  /** `.`, `./libsql` … */
  readonly name: string
  /** What a user imports: `edge-audit`, `edge-audit/libsql` … */
  readonly specifier: string
  readonly source: string
  readonly code: string
  readonly types: string
}

interface Manifest {
  readonly name: string
  readonly version: string
  readonly exports: Readonly<
    Record<string, string | { readonly types: string; readonly default: string }>
  >
  readonly budgets: Readonly<Record<string, number>>
  readonly peerDependencies: Readonly<Record<string, string>>
  readonly dependencies: Readonly<Record<string, string>>
}

export const manifest: Manifest = JSON.parse(readFileSync(`${root}package.json`, 'utf8'))

const relative = (path: string): string => path.replace(/^\.\//, '')

export const doors: readonly Door[] = Object.entries(manifest.exports).flatMap(([name, target]) => {
  if (typeof target === 'string') return []
  const code = relative(target.default)
  return [
    {
      name,
      specifier: manifest.name + name.slice(1),
      source: code.replace(/^dist\//, '').replace(/\.js$/, '.ts'),
      code,
      types: relative(target.types),
    },
  ]
})

/** The files of a door that are not there: before a build, or when `exports` and the sources differ. */
export const missingFiles = ({ source, code, types }: Door): readonly string[] =>
  [source, code, types].filter((path) => !existsSync(root + path))
