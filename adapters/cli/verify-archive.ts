import { verifyArchive as verify } from '../../src/keep/keep.ts'
import { archiveHelp, formatOf, openArchive } from './archive.ts'
import { storeHelp, storeOptions, withAudit } from './audit.ts'
import { type Command, needed } from './command.ts'
import { counted, lines } from './words.ts'

/** Told apart from a run that failed, so that who watches knows which it was. */
const FOUND = 2

export const verifyArchive: Command = {
  help: `Usage: edge-audit verify-archive --url <address> --archive <archive>

Reads all that is archived and holds it to its manifests. Ends with code 2 when something is damaged,
missing or changed, and with 1 when it could not find out.

${storeHelp}  --archive <archive>  where the events are archived
  --format <name>      ndjson, or parquet                              (ndjson)
  --json               prints the outcome as JSON

${archiveHelp}`,
  takes: [...storeOptions, 'archive', 'format', 'json'],
  run: async (given) => {
    const archive = await openArchive(given, needed(given, 'archive'))
    const format = await formatOf(given)
    const data = await withAudit(given, (audit) => verify(audit, { archive, format }))
    const { manifests, events, findings } = data
    const read = `${counted(manifests, 'manifest')} and ${counted(events, 'event')}`
    if (findings.length === 0) return { text: lines(`All is as it was written: ${read}.`), data }
    const text = lines(
      ...findings.map(({ number, problem }) => `Manifest ${number}: ${problem}.`),
      `Found ${counted(findings.length, 'problem')} in ${read}.`,
    )
    return { text, data, code: FOUND }
  },
}
