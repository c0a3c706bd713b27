import type { EventInput } from '../../input.ts'
import { peek } from '../../runtime/ambient.ts'
import { tenantOf } from '../record.ts'

/** Records an event and gives back its id. */
export type Tell = (event: EventInput) => string

/** What may be said of an event of any kind. */
export type Told = Omit<EventInput, 'action' | 'kind' | 'data'>

/** Records what `make` says beside what is certain, or what `otherwise` does where `make` throws. */
export type Telling = (
  certain: EventInput,
  make?: () => Partial<EventInput>,
  otherwise?: () => Partial<EventInput>,
) => string

/** Types do not bind JavaScript callers: what an app hands over may not even be readable. */
export const telling =
  (record: Tell, onError: (where: string, error: unknown) => void): Telling =>
  (certain, make, otherwise) => {
    if (make === undefined) return record(certain)
    let more: Partial<EventInput> | undefined
    try {
      more = make()
    } catch (error) {
      onError('record', error)
      more = otherwise?.()
    }
    return record({ ...more, ...certain })
  }

/** The tenant that was said of a thing holds for all that is told of it later: readers look there. */
export const tenantSaid = (input: unknown): Pick<EventInput, 'tenant'> => {
  const tenant = tenantOf(peek(input, 'tenant'))
  return tenant === undefined ? {} : { tenant }
}
