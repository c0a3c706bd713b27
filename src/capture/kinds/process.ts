import type { Outcome } from '../../event/schema.ts'
import { head } from '../../event/text.ts'
import type { EventInput } from '../../input.ts'
import { peek } from '../../runtime/ambient.ts'
import { textOf } from '../actor.ts'
import { settle } from '../settle.ts'
import { type Telling, tenantSaid, type Told } from './told.ts'

export interface StepInput<Name extends string = string> {
  readonly name: Name
  /** Registrations that must succeed. @default 1 */
  readonly expects?: number | undefined
  readonly description?: string | undefined
}

export interface ProcessInput<Step extends string = string> extends Omit<
  Told,
  'target' | 'targets' | 'outcome' | 'error' | 'changes'
> {
  readonly steps?: readonly (Step | StepInput<Step>)[] | undefined
  readonly description?: string | undefined
  /** The process that this one is a part of, by its id. */
  readonly parent?: string | undefined
  /** An id of your own. @default the name and a UUIDv7 */
  readonly id?: string | undefined
}

export interface StepHandle {
  /** Registers a success. */
  ok(name?: string, description?: string): string
  /** Registers a failure; a later success of the same name in this step makes it good. */
  fail(name?: string, description?: string, error?: unknown): string
  /** Runs a function and registers how it ended and how long it took. What it throws is thrown on. */
  run<Result>(fn: () => Result, name?: string): Result
}

/** A business process under way. Its state is not kept here: readers fold it from the events. */
export interface ProcessHandle<Step extends string = string> {
  /** For `audit.process.resume(id)`, in another request, queue message or cron run. */
  readonly id: string
  step(name: Step): StepHandle
  /** A process that is a part of this one. */
  process<const Inner extends string>(
    name: string,
    input?: ProcessInput<Inner>,
  ): ProcessHandle<Inner>
  /** Says that nothing more will come: what is still open is incomplete. */
  end(description?: string): string
}

export interface ResumeInput {
  /** Of a process whose id is your own. @default what the id begins with */
  readonly name?: string | undefined
  /** @default the scope's */
  readonly tenant?: string | null | undefined
}

/** Starts a process; its function `resume` goes on with one. */
export interface ProcessKind {
  <const Step extends string>(name: string, input?: ProcessInput<Step>): ProcessHandle<Step>
  resume<Step extends string = string>(id: string, input?: ResumeInput): ProcessHandle<Step>
}

export interface ProcessKinds {
  /**
   * Starts a business process: steps, each with the registrations that it expects.
   * @example
   * const order = audit.process('order.place', { steps: ['pay', { name: 'ship', expects: 2 }] })
   * await order.step('pay').run(() => charge(card))
   * order.step('ship').ok('parcel 1')
   * const later = audit.process.resume(order.id)
   */
  readonly process: ProcessKind
}

interface Registration {
  readonly name?: string | undefined
  readonly description?: string | undefined
  readonly durationMs?: number | undefined
  readonly error?: unknown
}

const stepOf = (step: string | StepInput): StepInput => {
  const { name, expects = 1, description } = typeof step === 'string' ? { name: step } : step
  return { description, expects, name }
}

/** Bytes of a name in an id: with a slash and a UUID they stay below what is kept of one (255). */
const NAME = 200

export const processKinds = (
  tell: Telling,
  { mint, elapsed }: { readonly mint: () => string; readonly elapsed: () => number },
): ProcessKinds => {
  const handle = (
    id: string,
    name: string,
    said: Pick<EventInput, 'tenant'>,
  ): ProcessHandle<never> => {
    const target = { type: 'process', id, name }
    // Nothing of it is read here, so nothing can throw: what it says is the redactor's to look at.
    const told = (
      outcome: Outcome,
      data: Readonly<Record<string, unknown>>,
      error?: unknown,
    ): string =>
      tell({ action: name, data, error, kind: 'process', outcome, target, tenant: said.tenant })
    const step = (of: string): StepHandle => {
      const register = (
        outcome: 'success' | 'failure',
        { name: registration, description, durationMs, error }: Registration,
      ): string =>
        // In the order in which it is written.
        told(
          outcome,
          { description, durationMs, name: registration, phase: 'registered', step: of },
          error,
        )
      return {
        ok: (registration, description) => register('success', { name: registration, description }),
        fail: (registration, description, error) =>
          register('failure', { name: registration, description, error }),
        run: (fn, registration) => {
          const start = elapsed()
          const took = (error?: unknown): Registration => ({
            name: registration,
            durationMs: Math.round((elapsed() - start) * 1_000) / 1_000,
            error,
          })
          return settle(
            fn,
            () => register('success', took()),
            (thrown) => register('failure', took(thrown)),
          )
        },
      }
    }
    return {
      id,
      step,
      process: (inner, input) => begin(inner, input, id, said),
      end: (description) => told('unknown', { description, phase: 'ended' }),
    }
  }

  const begin = (
    called: string,
    input: ProcessInput | undefined,
    within: string | undefined,
    outer: Pick<EventInput, 'tenant'>,
  ): ProcessHandle<never> => {
    const name = textOf(called) ?? 'process'
    const id = textOf(peek(input, 'id')) ?? `${head(name, NAME)}/${mint()}`
    const said = { ...outer, ...tenantSaid(input) }
    const certain: EventInput = {
      kind: 'process',
      action: name,
      outcome: 'unknown',
      target: { type: 'process', id, name },
      ...said,
    }
    const data = { parent: within, phase: 'started', steps: [] }
    const make = (): Partial<EventInput> => {
      const { steps = [], description, parent, ...told } = input ?? {}
      const declared = steps.map(stepOf)
      return { ...told, data: { ...data, description, parent: within ?? parent, steps: declared } }
    }
    tell(certain, make, () => ({ data }))
    return handle(id, name, said)
  }

  const start: ProcessKind = Object.assign(
    (name: string, input?: ProcessInput) => begin(name, input, undefined, {}),
    {
      resume: (written: string, input?: ResumeInput): ProcessHandle<never> => {
        const id = textOf(written) ?? ''
        const cut = id.lastIndexOf('/')
        const name = textOf(peek(input, 'name')) ?? (cut > 0 ? id.slice(0, cut) : 'process')
        return handle(id, name, tenantSaid(input))
      },
    },
  )
  return { process: start }
}
