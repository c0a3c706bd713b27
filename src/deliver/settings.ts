import { lossOnConsole, quietly, showOnConsole } from '../console.ts'
import { type AuditOptions, defaults } from '../options.ts'
import { fill } from '../event/fill.ts'
import { ambient } from '../runtime/ambient.ts'
import type { DeliveryOptions } from './delivery.ts'

/** A store or dead letter, or what makes one of the bindings. */
const perEnv =
  <Made>(made: Made | ((env: never) => Made)): ((env: unknown) => Made) =>
  (env) =>
    // The app's function names the type of its own bindings; what it is given is what the runtime gave.
    typeof made === 'function' ? Reflect.apply(made, undefined, [env]) : made

/** The options of delivering, with their defaults. */
export const deliverySettings = (options: AuditOptions): DeliveryOptions => {
  const { dryRun = false, deadLetter } = options
  return {
    store: perEnv(options.store),
    deadLetter: perEnv(deadLetter),
    deadline: options.deadline ?? defaults.deadline,
    retry: fill(defaults.retry, options.retry),
    batch: fill(defaults.batch, options.batch),
    queue: fill(defaults.queue, options.queue),
    onLoss: quietly(options.onLoss ?? lossOnConsole, lossOnConsole),
    dryRun:
      dryRun === false
        ? undefined
        : dryRun === true
          ? showOnConsole
          : quietly(dryRun, showOnConsole),
    ambient: fill(ambient, options.ambient),
  }
}
