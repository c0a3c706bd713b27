import process from 'node:process'
import {
  dryRun,
  type DryRun,
  keep as keepEvents,
  type KeepOptions,
  type KeepOutcome,
} from '../../src/keep/keep.ts'
import { archiveHelp, formatOf, openArchive } from './archive.ts'
import { storeHelp, storeOptions, withAudit } from './audit.ts'
import type { Command, Given } from './command.ts'
import { budgetOf, durationOf, policiesIn } from './read.ts'
import { counted, lines, plain, spanText } from './words.ts'

const policyOf = ({ values }: Given): Pick<KeepOptions, 'archiveAfter' | 'deleteAfter'> => {
  const { 'archive-after': archive, 'delete-after': remove } = values
  return {
    archiveAfter: archive === undefined ? undefined : durationOf(archive, 'archive-after'),
    deleteAfter:
      remove === undefined || remove === 'never' ? remove : durationOf(remove, 'delete-after'),
  }
}

const optionsOf = async (given: Given): Promise<KeepOptions> => {
  const { to, policies, budget = '10m' } = given.values
  const options = {
    ...policyOf(given),
    to: to === undefined ? undefined : await openArchive(given, to),
    format: await formatOf(given),
    policies: policies === undefined ? undefined : await policiesIn(policies),
    budgetMs: budgetOf(budget),
  }
  const { archiveAfter, deleteAfter } = options
  if (archiveAfter === undefined && deleteAfter === undefined && policies === undefined)
    throw new Error('There is nothing to do. Give --archive-after, --delete-after or --policies.')
  return options
}

const told = (outcome: KeepOutcome): string => {
  const { state, moved, segments, deleted, expired, held, left, more, lagMs } = outcome
  if (state === 'busy') return lines('Another run is under way: this one did nothing.')
  const least = more ? 'at least ' : ''
  return lines(
    `Archived ${counted(moved, 'event')} in ${counted(segments, 'segment')}.`,
    `Deleted ${counted(deleted, 'live event')} and ${counted(expired, 'archived one')}.`,
    held > 0 && `Due and held: ${least}${counted(held, 'event')}.`,
    left > 0 && `Due and left: ${least}${counted(left, 'event')}, for up to ${spanText(lagMs)}.`,
    state === 'stopped' && 'The run was stopped by its budget or a signal: the next one goes on.',
  )
}

const tried = ({ move, delete: gone, held, expire, policies }: DryRun): string => {
  const of = ({ count, more }: DryRun['move'], thing: string): string =>
    `${more ? 'at least ' : ''}${counted(count, thing)}`
  return lines(
    `Would archive ${of(move, 'event')}.`,
    `Would delete ${of(gone, 'live event')}, and up to ${counted(expire.events, 'archived one')} in ${counted(expire.segments, 'segment')}.`,
    `Held, and left alone: ${of(held, 'event')}.`,
    ...policies.map(
      (policy, at) =>
        `Policy ${at + 1}${policy.source === undefined ? '' : ` (${plain(policy.source)})`} applies to ${of(policy.move, 'event')} to archive and ${of(policy.delete, 'event')} to delete.`,
    ),
    'Nothing was changed.',
  )
}

/** Asked to end, a run ends as its budget would end it; asked twice, the process does. */
const interruptible = async <Result>(work: (signal: AbortSignal) => Promise<Result>) => {
  const controller = new AbortController()
  const abort = (): void => controller.abort()
  process.once('SIGINT', abort).once('SIGTERM', abort)
  try {
    return await work(controller.signal)
  } finally {
    process.off('SIGINT', abort).off('SIGTERM', abort)
  }
}

export const keep: Command = {
  help: `Usage: edge-audit keep --url <address> --to <archive> --archive-after 90d

Archives and deletes what policies let go, and keeps what a hold covers. Run it hourly or daily; it
may be cut off and run again, and of two at once one does nothing.

${storeHelp}  --to <archive>       where events go that may be archived
  --archive-after <t>  live events of this age are archived: 12h, 90d, 6w, 18mo, 7y
  --delete-after <t>   events of this age are deleted, live or archived
  --policies <file>    JSON, a list of policies: what holds for some events
  --format <name>      ndjson, or parquet                              (ndjson)
  --object-lock <mode> governance or compliance, on S3                 (no lock)
  --budget <t>         90s, 10m, 2h, after which the next run goes on  (10m)
  --dry-run            counts what it would do, and does nothing
  --json               prints the outcome as JSON

${archiveHelp}`,
  takes: [
    ...storeOptions,
    'to',
    'archive-after',
    'delete-after',
    'policies',
    'format',
    'object-lock',
    'budget',
    'dry-run',
    'json',
  ],
  run: async (given) => {
    const options = await optionsOf(given)
    if (given.values['dry-run'] === true) {
      const data = await withAudit(given, (audit) => dryRun(audit, options))
      return { text: tried(data), data }
    }
    const data = await interruptible((signal) =>
      withAudit(given, (audit) => keepEvents(audit, { ...options, signal })),
    )
    return { text: told(data), data }
  },
}
