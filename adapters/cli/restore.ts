import { restore as restoreEvents, type RestoreOptions } from '../../src/keep/keep.ts'
import { archiveHelp, formatOf, openArchive } from './archive.ts'
import { storeHelp, storeOptions, withAudit } from './audit.ts'
import { type Command, type Given, needed, tenantOf, whyOf } from './command.ts'
import { timeOf } from './read.ts'
import { counted, lines } from './words.ts'

const placeOf = (into: string): RestoreOptions['into'] => {
  if (into === 'live' || into === 'table') return into
  throw new Error('--into must be live or table.')
}

const optionsOf = async (given: Given): Promise<RestoreOptions> => ({
  from: timeOf(needed(given, 'from'), 'from'),
  to: timeOf(needed(given, 'to'), 'to'),
  tenant: tenantOf(given),
  into: placeOf(needed(given, 'into')),
  ...whyOf(given),
  hold: given.values.hold,
  archive: await openArchive(given, needed(given, 'archive')),
  format: await formatOf(given),
})

export const restore: Command = {
  help: `Usage: edge-audit restore --url <address> --archive <archive> --from 2026-01-01 --to 2026-02-01
         --into live --reason <text> --by <name>

Puts archived events back as they were: the same ids, times and bytes. They stay in the archive too.
It may be cut off and run again, with --hold then.

${storeHelp}  --archive <archive>  where the events are archived
  --format <name>      ndjson, or parquet                              (ndjson)
  --from <time>        from then on: 2026-01-31, or 2026-01-31T12:00Z
  --to <time>          up to then, not included
  --tenant <id>        events of this tenant; --no-tenant: of none     (all)
  --into <place>       live: under a hold; table: apart from the live ones
  --hold <id>          the hold of a call that was cut off             (a new one)
  --reason <text>      why
  --by <name>          who restores
  --json               prints the outcome as JSON

${archiveHelp}`,
  takes: [
    ...storeOptions,
    'archive',
    'format',
    'from',
    'to',
    'tenant',
    'no-tenant',
    'into',
    'hold',
    'reason',
    'by',
    'json',
  ],
  run: async (given) => {
    const options = await optionsOf(given)
    const data = await withAudit(given, (audit) => restoreEvents(audit, options))
    const { events, segments, hold } = data
    const text = lines(
      `Restored ${counted(events, 'event')} of ${counted(segments, 'segment')}.`,
      hold !== undefined && `They stay live until the hold ${hold} is released.`,
    )
    return { text, data }
  },
}
