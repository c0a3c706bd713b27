import { dice, START } from '../trail.ts'

// The table that all subjects draw: no character is in it that Helvetica, as PDF has it, could not show.

/** An event as the table shows it; the id stands below the time. */
export interface Line {
  readonly time: string
  readonly id: string
  readonly actor: string
  readonly action: string
  readonly target: string
  readonly outcome: string
}

export const columns = [
  { label: 'Time', width: 5, cell: ({ time, id }: Line) => `${time}\n${id}` },
  { label: 'Actor', width: 3, cell: ({ actor }: Line) => actor },
  { label: 'Action', width: 3, cell: ({ action }: Line) => action },
  { label: 'Target', width: 3, cell: ({ target }: Line) => target },
  { label: 'Outcome', width: 2, cell: ({ outcome }: Line) => outcome },
] as const

const names = ['Ada Lovelace', 'José Peña', 'Zoë Müller', 'Inês Conceição', 'Åse Bjørnson']
const things = ['invoice', 'order', 'patient', 'user', 'project', 'document', 'payment', 'key']
const verbs = ['create', 'update', 'delete', 'approve', 'share', 'refund', 'rotate', 'archive']

const hex = (value: number, digits: number): string =>
  Math.floor(value).toString(16).padStart(digits, '0')

/** So many of them, a minute apart, the same at every run; one of ten takes more than one line. */
export function* linesOf(count: number): Generator<Line> {
  const roll = dice(7)
  const pick = (list: readonly string[]): string => list[Math.floor(roll() * list.length)] ?? ''
  for (let index = 0; index < count; index += 1) {
    const at = START + index * 60_000 + Math.floor(roll() * 60_000)
    const [thing, number] = [pick(things), 1_000 + Math.floor(roll() * 20_000)]
    const time = hex(at, 12)
    const ended = roll()
    const about = roll() < 0.1 ? ' of the northern branch, handed in again after a correction' : ''
    yield {
      time: new Date(at).toISOString().slice(0, 23).replace('T', ' '),
      id: `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${hex(roll() * 2 ** 24, 6)}${hex(roll() * 2 ** 24, 6)}`,
      actor: `${pick(names)} (usr_${Math.floor(roll() * 5_000)})`,
      action: `${thing}.${pick(verbs)}`,
      target: `${thing} ${number}${about}`,
      outcome: ended < 0.93 ? 'Success' : ended < 0.98 ? 'Failure' : 'Denied',
    }
  }
}
