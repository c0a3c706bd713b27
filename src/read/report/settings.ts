import { isObject, objectIn, textOf } from '../../event/data.ts'
import type { StoredRow } from '../../event/row.ts'
import type { ReadingStore } from '../../ports/store.ts'
import { eventOf } from '../event.ts'
import { shown } from './cells.ts'
import type { Block, Facts } from './document.ts'
import type { Asked } from './query.ts'
import type { Speech } from './speech.ts'

type Fact = Facts['facts'][number]

/** Settings that are named, one by one. */
const MOST = 40

/** The last start of auditing before the end of the period, or change of its settings. */
const lastTold = async (store: ReadingStore, to: number): Promise<StoredRow | undefined> => {
  const about = { tenant: null, targetType: 'audit', targetId: 'settings' }
  const where = { column: 'action', in: ['audit.start', 'audit.configure'] } as const
  const { rows } = await store.page({ ...about, where, to, limit: 1 })
  return rows[0]
}

/** Each setting by its path. */
const flat = (value: unknown, path = ''): readonly Fact[] => {
  if (!isObject(value) || Object.keys(value).length === 0)
    return [{ name: path, value: shown(value) }]
  return Object.entries(value).flatMap(([name, one]) =>
    flat(one, path === '' ? name : `${path}.${name}`),
  )
}

const listed = (settings: string | undefined, { words, counted }: Speech): readonly Block[] => {
  const found = settings === undefined ? undefined : objectIn(settings)
  // It was cut, or masked, or this reader is not shown it.
  if (found === undefined) return [{ type: 'note', text: words.settings.unreadable, tone: 'muted' }]
  const facts = flat(found).filter(({ name }) => name !== '')
  if (facts.length === 0) return []
  const rest = facts.length - MOST
  return [
    { type: 'facts', facts: facts.slice(0, MOST) },
    ...(rest > 0
      ? [{ type: 'note', text: counted(words.settings.more, rest), tone: 'muted' } as const]
      : []),
  ]
}

/**
 * With which settings events were captured when the period ended.
 * @throws {AuditError} what the store rejects with.
 */
export const settingsOf = async (
  store: ReadingStore,
  { to, speech }: Asked,
): Promise<readonly Block[]> => {
  const { words, clock } = speech
  const row = await lastTold(store, to)
  if (row === undefined) return [{ type: 'note', text: words.settings.none, tone: 'muted' }]
  const { data } = eventOf<'system'>(row)
  const told: Facts = {
    type: 'facts',
    facts: [
      {
        name: words.settings.told,
        value: [
          clock.time(row.occurredAt),
          { text: `${row.action} ${row.id}`, tone: 'muted', event: row.id },
        ],
      },
      { name: words.settings.digest, value: textOf(data?.['digest']) ?? words.nothing },
    ],
  }
  return [told, ...listed(textOf(data?.['settings']), speech)]
}
