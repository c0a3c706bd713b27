import type { Outcome } from '../../event/schema.ts'
import {
  detailLines,
  lineOf,
  linesOf,
  muted,
  outcomeLine,
  actionLines,
  actorCell,
  type Told,
} from './cells.ts'
import type { Block, Cell } from './document.ts'
import { type Afterwards, byColumns, type Recipe } from './recipe.ts'
import type { Speech } from './speech.ts'
import { action, time } from './timeline.ts'
import type { Counted } from './words/words.ts'

/** Users, and addresses, that are counted. */
const MOST = 1_000

interface Group {
  readonly label: readonly (string | undefined)[]
  readonly outcomes: Record<Outcome, number>
  first: number
  last: number
}

interface Groups {
  readonly see: (key: string, label: Group['label'], told: Told) => void
  readonly all: () => readonly Group[]
  /** There were more of them than are counted. */
  readonly isFull: () => boolean
}

const failed = ({ outcomes }: Group): number => outcomes.failure + outcomes.denied

/** Who was attacked, or forgot a password, stands first; of as many, who was seen last. */
const bySuspicion = (one: Group, other: Group): number =>
  failed(other) - failed(one) || other.last - one.last

const groupsOf = (): Groups => {
  const groups = new Map<string, Group>()
  let isFull = false
  return {
    see: (key, label, { row }) => {
      const { outcome, occurredAt: at } = row
      let group = groups.get(key)
      if (group === undefined && groups.size >= MOST) {
        isFull = true
        return
      }
      const outcomes = { success: 0, failure: 0, denied: 0, unknown: 0 }
      group ??= { label, outcomes, first: at, last: at }
      groups.set(key, group)
      group.outcomes[outcome] += 1
      group.first = Math.min(group.first, at)
      group.last = Math.max(group.last, at)
    },
    all: () => [...groups.values()].toSorted(bySuspicion),
    isFull: () => isFull,
  }
}

/** The name that was tried; where none is known, who it was. */
const userOf = ({ row, facts }: Told): string => {
  const [target] = facts.targets
  return facts.data('name') ?? (target?.type === 'account' ? target.id : undefined) ?? row.actorId
}

const sectionOf = (
  groups: Groups,
  title: string,
  subject: string,
  more: Counted,
  speech: Speech,
): readonly Block[] => {
  const { words, clock, number, counted } = speech
  const rows = groups.all().map(({ label, outcomes, first, last }): readonly Cell[] => {
    const [name, ...about] = label
    return [
      linesOf([name, ...about.map((one) => lineOf(one, muted))], speech),
      { text: number(outcomes.success), tone: outcomes.success > 0 ? 'success' : undefined },
      { text: number(outcomes.failure), tone: outcomes.failure > 0 ? 'failure' : undefined },
      { text: number(outcomes.denied), tone: outcomes.denied > 0 ? 'denied' : undefined },
      clock.time(first),
      clock.time(last),
    ]
  })
  if (rows.length === 0) return []
  const { columns } = words
  return [
    { type: 'heading', level: 2, text: title },
    {
      type: 'table',
      caption: title,
      columns: [
        { label: subject, width: 4 },
        { label: columns.successes, width: 2 },
        { label: columns.failures, width: 2 },
        { label: columns.blocked, width: 2 },
        { label: columns.first, width: 4 },
        { label: columns.last, width: 4 },
      ],
      rows,
    },
    ...(groups.isFull() ? [{ type: 'note', text: counted(more, MOST) } as const] : []),
  ]
}

const afterwards = (speech: Speech): Afterwards => {
  const { headings, columns, logins } = speech.words
  const [users, addresses] = [groupsOf(), groupsOf()]
  return {
    see: (told) => {
      const { action, tenant, ip } = told.row
      if (action !== 'login') return
      const user = userOf(told)
      // A user of two tenants is two users.
      users.see(JSON.stringify([tenant, user]), [user, tenant ?? undefined], told)
      if (ip !== null) addresses.see(ip, [ip], told)
    },
    blocks: () => [
      ...sectionOf(users, headings.byUser, columns.user, logins.moreUsers, speech),
      ...sectionOf(addresses, headings.byAddress, columns.address, logins.moreAddresses, speech),
    ],
  }
}

const userCell = (told: Told, speech: Speech): Cell => {
  const user = userOf(told)
  const actor = actorCell(told, speech)
  return user === told.row.actorId ? actor : linesOf([user, ...[actor].flat()], speech)
}

const outcomeCell = (told: Told, speech: Speech): Cell =>
  linesOf([outcomeLine(told, speech), lineOf(told.facts.data('failure'), muted)], speech)

/** Who got in, and who tried. */
export const logins: Recipe = {
  ...byColumns(
    ['auth'],
    [
      time,
      { label: 'user', width: 4, cell: userCell },
      {
        ...action,
        cell: (told, speech) => {
          const method = lineOf(told.facts.data('method'), muted)
          return linesOf([actionLines(told, speech)[0], method], speech)
        },
      },
      { label: 'outcome', width: 3, cell: outcomeCell },
      {
        label: 'details',
        width: 5,
        cell: (told, speech) => {
          const agent = lineOf(told.facts.request('userAgent'), muted)
          return linesOf([...detailLines(told, speech), agent], speech)
        },
      },
    ],
  ),
  afterwards,
}
