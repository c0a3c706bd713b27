import { fileURLToPath } from 'node:url'
import { build, type BuildOptions } from 'esbuild'

/** The module in one script, as it would be uploaded; for workerd unless the options say otherwise. */
export const bundled = async (
  module: URL,
  options: Pick<BuildOptions, 'conditions' | 'define' | 'external' | 'format'> = {},
): Promise<string> => {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(module)],
    bundle: true,
    format: 'esm',
    conditions: ['workerd', 'worker'],
    ...options,
    write: false,
  })
  return outputFiles.map(({ text }) => text).join('')
}
