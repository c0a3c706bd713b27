import type { EventInput } from '../../input.ts'

/** Records an event and gives back its id. */
export type Tell = (event: EventInput) => string

/** What may be said of an event of any kind. */
export type Told = Omit<EventInput, 'action' | 'kind' | 'data'>
