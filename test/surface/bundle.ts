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
    outdir: 'out',
    splitting: true,
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

/**
 * The bytes that are loaded and run for these doors: bundled, minified, gzipped. What is imported when
 * somebody asks for it, and not before, is left out.
 */
export const weigh = async (specifiers: readonly string[]): Promise<number> => {
  const { outputFiles, metafile } = await bundle(specifiers, 'bundle')
  const loaded = new Set<string>()
  const load = (path: string): void => {
    if (loaded.has(path)) return
    loaded.add(path)
    for (const { path: next, kind } of metafile.outputs[path]?.imports ?? [])
      if (kind === 'import-statement' && next in metafile.outputs) load(next)
  }
  const entry = Object.entries(metafile.outputs).find(
    ([, { entryPoint }]) => entryPoint === '<stdin>',
  )
  load(entry?.[0] ?? '')
  const files = outputFiles.filter(({ path }) =>
    [...loaded].some((one) => path.endsWith(`/${one}`)),
  )
  if (files.length !== loaded.size)
    throw new Error(`weighed ${files.length} of ${loaded.size} files`)
  return gzipSync(Buffer.concat(files.map(({ contents }) => contents)), { level: 9 }).length
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
