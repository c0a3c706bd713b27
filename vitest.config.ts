import { existsSync } from 'node:fs'
import { defineConfig } from 'vitest/config'
import { doors, root } from './test/support/doors.ts'

// Tests import the package by its name too, as examples do: the name leads to the sources, so that
// a test never runs yesterday's build. The surface and the README are tested on the build itself.
const sources = doors.map(({ specifier, source }) => ({
  find: new RegExp(`^${specifier}$`),
  replacement: root + source,
}))

const servers = 'test/support/servers.ts'

interface Project {
  readonly name: string
  readonly include: readonly string[]
  readonly built?: boolean
  readonly servers?: boolean
  /** One worker, when the files share a port, a process or a processor they measure. */
  readonly alone?: boolean
  readonly seconds?: number
}

const projects: readonly Project[] = [
  { name: 'unit', include: ['test/unit/**/*.test.ts'] },
  {
    name: 'conformance',
    include: [
      'test/adapters/!(http|archive|cli|keep|render|schedule)/**/*.test.ts',
      'test/conformance/**/*.test.ts',
    ],
    servers: true,
    seconds: 30,
  },
  {
    name: 'archive',
    include: ['test/adapters/{archive,cli,keep,schedule}/**/*.test.ts'],
    servers: true,
    seconds: 60,
  },
  { name: 'report', include: ['test/adapters/render/**/*.test.ts'], seconds: 60 },
  { name: 'http', include: ['test/adapters/http/**/*.test.ts'], servers: true, seconds: 30 },
  { name: 'fault', include: ['test/fault/**/*.test.ts'], servers: true, seconds: 30 },
  {
    name: 'runtime',
    include: ['test/runtime/**/*.test.ts'],
    servers: true,
    alone: true,
    seconds: 60,
  },
  { name: 'architecture', include: ['test/architecture/**/*.test.ts'], seconds: 30 },
  { name: 'surface', include: ['test/surface/**/*.test.ts'], built: true, seconds: 60 },
  {
    name: 'readme',
    include: ['test/readme/**/*.test.ts'],
    built: true,
    seconds: 60,
  },
  {
    name: 'examples',
    include: ['test/examples/**/*.test.ts', 'test/browser/**/*.test.ts'],
    built: true,
    servers: true,
    seconds: 60,
  },
]

export default defineConfig({
  test: {
    // Two processors are what a CI machine has at least; more only makes the servers slower.
    maxWorkers: 2,
    pool: 'threads',
    allowOnly: false,
    update: 'none',
    projects: projects.map(({ name, include, built, alone, seconds = 10, ...project }) => ({
      resolve: { alias: built === true ? [] : sources },
      test: {
        name,
        include: [...include],
        environment: 'node',
        testTimeout: seconds * 1_000,
        hookTimeout: 60_000,
        fileParallelism: alone !== true,
        globalSetup: project.servers === true && existsSync(root + servers) ? [servers] : [],
      },
    })),
  },
})
