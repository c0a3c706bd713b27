import { isAuditError } from '../../errors.ts'
import { amountOf, isObject } from '../../event/data.ts'
import { property } from '../../runtime/ambient.ts'
import type { ReadingStore } from '../../ports/store.ts'
import type { Reading } from '../reading.ts'
import { summary, type Summary } from '../summary.ts'
import type { Facts } from './document.ts'
import type { Made } from './made.ts'
import type { Asked } from './query.ts'
import type { Speech } from './speech.ts'

// What somebody might look for in a report, and why it is not in it.

type Fact = Facts['facts'][number]

const cutOf = (made: Made, { words, counted }: Speech): string => {
  const { absent } = words
  const { count, atLeast } = made.cut()
  if (count === 0) return atLeast ? absent.cutPerhaps : absent.noLimit
  return counted(atLeast ? absent.cutAtLeast : absent.cut, count)
}

/** What an audit counts that captures; a reader of one does not. */
const capturedOf = (audit: Reading, { words, counted }: Speech): string => {
  const { absent } = words
  const stats = property(audit, 'stats')
  const told: unknown = typeof stats === 'function' ? Reflect.apply(stats, audit, []) : undefined
  if (!isObject(told)) return absent.captureUnknown
  const names = ['sampledOut', 'skipped', 'deadLettered', 'lost', 'pending'] as const
  return absent.captured(names.map((name) => counted(absent[name], amountOf(told[name]) ?? 0)))
}

/** A span that is too long, or a fence that leaves a choice, is refused: it cannot be told then. */
const summaryOf = async (
  audit: Reading,
  { from, to, filter }: Asked,
  env: unknown,
): Promise<Summary | undefined> => {
  const [tenant, ...others] = filter.tenant === undefined ? [] : [filter.tenant].flat()
  if (from === undefined || others.length > 0) return undefined
  try {
    return await summary(audit, { from, to, tenant, top: 1 }, env)
  } catch (error) {
    if (isAuditError(error) && error.code === 'AUDIT_QUERY_INVALID') return undefined
    throw error
  }
}

const marksOf = (made: Made, audit: Reading, { words, counted }: Speech): readonly Fact[] => {
  const { absent } = words
  if (made.marks === undefined) return []
  const { masked, truncated, unreadable } = made.marks()
  // Whether something was cut is told by the event, to who may see it.
  const cut = audit.shows?.('truncated') === false ? undefined : truncated
  return [
    { name: absent.masked, value: counted(absent.maskedEvents, masked) },
    ...(cut === undefined
      ? []
      : [{ name: absent.truncated, value: counted(absent.truncatedEvents, cut) }]),
    { name: absent.unreadable, value: counted(absent.unreadableEvents, unreadable) },
  ]
}

/** What an event may tell, and a reader may not be shown. */
const hideable = [
  'actor.name',
  'actor.role',
  'actor.onBehalfOf',
  'targets.name',
  'reason',
  'request.id',
  'request.method',
  'request.route',
  'request.path',
  'request.ip',
  'request.userAgent',
  'changes',
  'data',
  'error',
  'metadata',
  'truncated',
] as const

const hiddenOf = (audit: Reading, { words }: Speech): string => {
  const hidden = hideable.filter((path) => audit.shows?.(path) === false)
  return hidden.length === 0 ? words.absent.allShown : hidden.join(', ')
}

/** @throws {AuditError} what the store rejects with. */
export const absentOf = async (
  audit: Reading,
  store: ReadingStore,
  asked: Asked,
  made: Made,
  env: unknown,
): Promise<Facts> => {
  const { speech, selection } = asked
  const { absent } = speech.words
  const { from } = asked
  const [isArchived, isBefore, counts] = await Promise.all([
    store.isArchived(selection),
    from !== undefined && store.isArchived({ ...selection, from: undefined, to: from }),
    summaryOf(audit, asked, env),
  ])
  const inArchive = [
    isArchived ? absent.archived : absent.notArchived,
    ...(isBefore ? [absent.archivedBefore] : []),
  ]
  const tell = (say: typeof absent.countedIssues, count: number | undefined): string =>
    count === undefined ? absent.notCounted : speech.counted(say, count)
  return {
    type: 'facts',
    facts: [
      { name: absent.limit, value: cutOf(made, speech) },
      { name: absent.archive, value: inArchive.join(' ') },
      { name: absent.capture, value: capturedOf(audit, speech) },
      ...marksOf(made, audit, speech),
      { name: absent.openIssues, value: tell(absent.countedIssues, counts?.unresolved) },
      {
        name: absent.pendingProcesses,
        value: tell(absent.countedProcesses, counts?.processes.pending),
      },
      { name: absent.notShown, value: hiddenOf(audit, speech) },
    ],
  }
}
