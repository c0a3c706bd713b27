import { hold as placeHold, type HoldTerms } from '../../src/keep/keep.ts'
import { storeHelp, storeOptions, withAudit } from './audit.ts'
import { type Command, type Given, tenantOf, whyOf } from './command.ts'
import { timeOf } from './read.ts'
import { lines } from './words.ts'

const targetOf = ({ values }: Given): HoldTerms['target'] => {
  const { 'target-type': type, 'target-id': id } = values
  if (type !== undefined) return { type, id }
  if (id !== undefined) throw new Error('--target-id needs --target-type.')
  return undefined
}

const termsOf = (given: Given): HoldTerms => {
  const { actor, from, to, everything } = given.values
  return {
    tenant: tenantOf(given),
    actor,
    target: targetOf(given),
    from: from === undefined ? undefined : timeOf(from, 'from'),
    to: to === undefined ? undefined : timeOf(to, 'to'),
    everything: everything === true ? true : undefined,
    ...whyOf(given),
  }
}

export const hold: Command = {
  help: `Usage: edge-audit hold --url <address> --tenant acme --reason <text> --by <name>

Places a legal hold: what it covers is neither moved nor deleted until it is released. Prints its id.

${storeHelp}  --tenant <id>        events of this tenant; --no-tenant: of none
  --actor <id>         events by this actor
  --target-type <name> events on things of this type, --target-id <id> on this one
  --everything         all events
  --from <time>        from then on: 2026-01-31, or 2026-01-31T12:00Z
  --to <time>          up to then, not included
  --reason <text>      why
  --by <name>          who places it
  --json               prints the outcome as JSON
`,
  takes: [
    ...storeOptions,
    'tenant',
    'no-tenant',
    'actor',
    'target-type',
    'target-id',
    'everything',
    'from',
    'to',
    'reason',
    'by',
    'json',
  ],
  run: async (given) => {
    const terms = termsOf(given)
    const id = await withAudit(given, (audit) => placeHold(audit, terms))
    return { text: lines(`Placed the hold ${id}.`), data: { id } }
  },
}
