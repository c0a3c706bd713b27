import type { Recording } from '../open.ts'
import { type AccessKinds, accessKinds } from './access.ts'
import { peek } from '../../runtime/ambient.ts'
import { textOf } from '../actor.ts'
import { type AuthKinds, authKinds } from './auth.ts'
import { type ExportKinds, exportKinds } from './export.ts'
import { type ProcessKinds, processKinds } from './process.ts'
import { type SystemKinds, systemKinds } from './system.ts'
import type { EventInput, TargetInput } from '../../input.ts'
import { membersOf } from '../members.ts'
import { type Tell, telling } from './told.ts'

/** What is recorded of each kind: of the scope that there is, or of the one that `audit.in()` was given. */
export interface Kinds extends AuthKinds, AccessKinds, ExportKinds, ProcessKinds, SystemKinds {
  /**
   * Records the current values of some fields of a thing, as `data.fields`.
   * @example audit.fields({ type: 'poll', id: 7 }, ['question'], { of: poll, action: 'poll.publish' })
   */
  fields<Row extends object = TargetInput>(
    target: TargetInput & Partial<Row>,
    names: readonly (keyof Row & string)[],
    more?: FieldsInput<Row>,
  ): string
}

export interface FieldsInput<Row extends object> extends Omit<EventInput, 'action' | 'target'> {
  /** @default 'snapshot' */
  readonly action?: string | undefined
  /** Where the values are read. @default the target itself */
  readonly of?: Row | undefined
}

export const kindsOf = (record: Tell, recording: Recording): Kinds => {
  const mint = (): string => recording.mint(recording.now())
  const tell = telling(record, recording.onError)
  return {
    ...authKinds(tell, recording.authPolicy),
    ...accessKinds(tell),
    ...exportKinds(tell, mint),
    ...processKinds(tell, { mint, elapsed: recording.elapsed }),
    ...systemKinds(tell),
    fields: (thing, names, input) =>
      tell({ action: textOf(peek(input, 'action')) ?? 'snapshot' }, () => {
        const { type, id, name } = thing
        const { of = thing, action: _, ...more } = input ?? {}
        return {
          ...more,
          target: { type, id, name },
          data: { ...more.data, fields: membersOf(of, names) },
        }
      }),
  }
}
