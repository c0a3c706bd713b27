import { release as releaseHold } from '../../src/keep/keep.ts'
import { storeHelp, storeOptions, withAudit } from './audit.ts'
import { type Command, whyOf } from './command.ts'
import { lines } from './words.ts'

export const release: Command = {
  help: `Usage: edge-audit release <id> --url <address> --reason <text> --by <name>

Releases a hold. What it covered goes by its policies again. It stands in the books for good.

${storeHelp}  --reason <text>      why
  --by <name>          who releases it
  --json               prints the outcome as JSON
`,
  takes: [...storeOptions, 'reason', 'by', 'json'],
  argument: '<id>',
  run: async (given) => {
    const [id = ''] = given.rest
    const why = whyOf(given)
    const released = await withAudit(given, (audit) => releaseHold(audit, id, why))
    if (!released) throw new Error('There is no hold in force by that id. See edge-audit holds.')
    return { text: lines('Released the hold.'), data: { released } }
  },
}
