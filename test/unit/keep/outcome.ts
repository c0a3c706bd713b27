import type { KeepOutcome } from '../../../src/keep/keep.ts'

/** What a run tells that found nothing to do. */
export const idle: KeepOutcome = {
  state: 'done',
  moved: 0,
  segments: 0,
  deleted: 0,
  expired: 0,
  held: 0,
  left: 0,
  more: false,
  lagMs: 0,
}
