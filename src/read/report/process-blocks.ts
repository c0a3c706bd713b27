import type { ProcessState } from '../../event/process.ts'
import type { ProcessView } from '../fold/process.ts'
import type { Partly } from '../views/thing.ts'
import { linesOf, personNameOf, shown, wordFor } from './cells.ts'
import type { Block, Cell, Facts, Said, Tone } from './document.ts'
import type { Speech } from './speech.ts'
import { stepsTable } from './steps.ts'

export type Process = Partly<ProcessView>

export const stateTones: Readonly<Record<ProcessState, Tone>> = {
  succeeded: 'success',
  failed: 'failure',
  incomplete: 'denied',
  pending: 'muted',
}

const stateOf = (state: ProcessState, { words }: Speech): Said => ({
  text: wordFor(words.processStates, state),
  tone: stateTones[state],
  bold: true,
})

const factsOf = (view: Process, speech: Speech): Facts => {
  const { words, clock, duration } = speech
  const { facts } = words.process
  const [creator, ...others] = view.actors.map((actor) => personNameOf(actor, speech))
  const time = (at: number | undefined): string =>
    at === undefined ? words.nothing : clock.time(at)
  const given: readonly (readonly [keyof typeof facts, Cell | undefined])[] = [
    ['name', shown(view.name)],
    ['id', shown(view.id)],
    ['tenant', view.tenant === null ? undefined : shown(view.tenant)],
    ['createdBy', creator ?? '-'],
    ['others', others.length === 0 ? undefined : linesOf(others, speech)],
    ['startedAt', time(view.startedAt)],
    ['endedAt', time(view.endedAt)],
    ['lastAt', clock.time(view.lastAt)],
    ['duration', duration(view.durationMs)],
    ['state', stateOf(view.state, speech)],
    ['description', view.description ?? words.process.noDescription],
    ['parent', view.parent],
    ['requests', linesOf(view.requestIds.map(shown), speech)],
  ]
  return {
    type: 'facts',
    facts: given.flatMap(([name, value]) =>
      value === undefined ? [] : [{ name: facts[name], value }],
    ),
  }
}

/** A process with all that was registered in it. */
export const blocksOf = (view: Process, speech: Speech): readonly Block[] => {
  const { process: said } = speech.words
  const name = shown(view.name)
  return [
    { type: 'heading', level: 2, text: name },
    factsOf(view, speech),
    ...(view.partial === true ? [{ type: 'note', text: said.partial } as const] : []),
    view.steps.length === 0
      ? { type: 'note', text: said.noSteps, tone: 'muted' }
      : stepsTable(name, view.steps, speech),
  ]
}
