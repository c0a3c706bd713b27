import { storeHelp, storeOptions, storeOf } from './audit.ts'
import type { Command } from './command.ts'

export const migrate: Command = {
  help: `Usage: edge-audit migrate --url <address> [--text]

Brings the audit tables up to date. Safe to run at every deploy, also by many at once.

${storeHelp}  --text               adds an index for free text

On *.neon.tech the Neon driver is used, for other PostgreSQL the package pg.
`,
  takes: [...storeOptions, 'text'],
  run: async (given) => {
    const store = await storeOf(given)
    try {
      const names = await store.migrate({ text: given.values.text })
      if (names.length === 0) return { text: 'Nothing to do: the audit tables are up to date.\n' }
      return { text: names.map((name) => `Applied ${name}\n`).join('') }
    } finally {
      await store.close()
    }
  },
}
