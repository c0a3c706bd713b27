import { read } from '../event/write.ts'
import type { Recording } from './open.ts'
import { type AccessKinds, accessKinds } from './kinds/access.ts'
import { type AuthKinds, authKinds } from './kinds/auth.ts'
import { type ExportKinds, exportKinds } from './kinds/export.ts'
import { type ProcessKinds, processKinds } from './kinds/process.ts'
import { type SystemKinds, systemKinds } from './kinds/system.ts'
import type { EventInput, TargetInput } from '../input.ts'
import type { Tell } from './kinds/told.ts'

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
  return {
    ...authKinds(record, recording.authPolicy),
    ...accessKinds(record),
    ...exportKinds(record, mint),
    ...processKinds(record, { mint, elapsed: recording.elapsed }),
    ...systemKinds(record),
    fields: (target, names, { of, action = 'snapshot', ...more } = {}) => {
      const { type, id, name } = target
      const from: object = of ?? target
      const fields = Object.fromEntries(names.map((field) => [field, read(from, field)]))
      return record({ ...more, action, target: { type, id, name }, data: { ...more.data, fields } })
    },
  }
}
