import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { root } from '../support/doors.ts'

export interface Reach {
  /** Our own modules, from the root of the project. */
  readonly modules: readonly string[]
  /** Third parties imported by our modules, without what those import in turn. */
  readonly packages: readonly string[]
}

const external = ['node:*', 'cloudflare:*', 'bun:*']

const bundle = (specifiers: readonly string[], packages: 'bundle' | 'external') =>
  build({
    stdin: {
      contents: specifiers.map((specifier) => `export * from '${specifier}'`).join('\n'),
      resolveDir: root,
    },
    absWorkingDir: root,
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    format: 'esm',
    target: 'es2022',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    conditions: ['workerd', 'worker', 'browser'],
    external: packages === 'bundle' ? external : [],
    packages,
    logLevel: 'silent',
  })

const nameOf = (specifier: string): string =>
  /^(@[^/]+\/[^/]+|[^@/][^/]*)/.exec(specifier)?.[0] ?? specifier

/** The bytes that an edge loads for these doors: bundled, minified, gzipped. */
export const weigh = async (specifiers: readonly string[]): Promise<number> => {
  const { outputFiles } = await bundle(specifiers, 'bundle')
  return gzipSync(outputFiles[0]?.contents ?? new Uint8Array(), { level: 9 }).length
}

/** What a built file reaches: our own modules, and the packages that these import. */
export const reach = async (file: string): Promise<Reach> => {
  const { metafile } = await bundle([`./${file}`], 'external')
  const inputs = Object.entries(metafile.inputs).filter(([path]) => path !== '<stdin>')
  const packages = inputs.flatMap(([, { imports }]) =>
    imports.filter(({ external: outside }) => outside === true).map(({ path }) => nameOf(path)),
  )
  return {
    modules: inputs.map(([path]) => path).toSorted(),
    packages: [...new Set(packages)].toSorted(),
  }
}
