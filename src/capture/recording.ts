import { errorOnConsole, quietly } from '../console.ts'
import { normaliseAction } from '../event/action.ts'
import { remembering } from '../event/remembering.ts'
import { idMinter } from '../event/id.ts'
import { createRedactor } from '../event/redact.ts'
import { type AuditOptions, defaults } from '../options.ts'
import type { AnyContext } from '../input.ts'
import { fill } from '../event/fill.ts'
import { ambient } from '../runtime/ambient.ts'
import { keptHeaderNames } from './headers.ts'
import type { AuthPolicy } from './kinds/auth.ts'
import { namesOneOf, skipping } from './skip.ts'
import type { Recording } from './open.ts'
import { addressReader } from './request.ts'
import type { Mounting } from './middleware.ts'

export interface Surroundings {
  readonly delivery: Pick<Recording, 'deliver' | 'track' | 'awake'> & {
    sampledOut(): void
    skipped(): void
  }
  readonly hold: (c: AnyContext | undefined) => (() => void) | undefined
}

/** All that capturing needs, made of the options once. */
export const recordingOf = (
  options: AuditOptions,
  { delivery, hold }: Surroundings,
): Recording & Omit<Mounting, 'scopes' | 'open' | 'handle'> => {
  const { now, elapsed, random } = fill(ambient, options.ambient)
  const { requestId = {}, actor = [] } = options
  const header = (requestId.header ?? defaults.requestIdHeader).toLowerCase()
  const byConsole = errorOnConsole()
  const onError = quietly(options.onError ?? byConsole, byConsole)
  const onTruncate =
    options.onTruncate && quietly(options.onTruncate, () => onError('onTruncate', undefined))
  const read = addressReader(options.address)
  const byte = new Uint8Array(4)
  const { auth, redact, require: required = {} } = options
  const { attempted = 'plain' } = auth ?? {}
  const hash = redact?.hash
  const authPolicy: AuthPolicy = {
    attempted:
      attempted === 'hash'
        ? (name) => hash?.(name)
        : (name) => (attempted === 'plain' ? name : undefined),
    hash,
  }
  const spell = remembering(options.normaliseAction ?? normaliseAction, 500, 256)
  const needsReason = namesOneOf(required.reason, spell)
  const patience = (options.deadline ?? defaults.deadline) / 4
  return {
    owner: options,
    options,
    ...delivery,
    now,
    elapsed,
    redactor: createRedactor({ ...options, onTruncate }),
    mint: idMinter(random),
    normaliseAction: spell,
    keepStack: options.stack !== false,
    authPolicy,
    needsReason,
    demands:
      options.require === undefined && options.actions === undefined
        ? undefined
        : {
            needsReason,
            needsTarget: namesOneOf(required.target, spell),
            registry: options.actions,
            onInvalid: quietly(options.onInvalid ?? (() => undefined), () =>
              onError('onInvalid', undefined),
            ),
          },
    skips: skipping(options.skip, spell),
    onError,
    headers: keptHeaderNames(options.headers ?? []),
    resolvers: typeof actor === 'function' ? [actor] : actor,
    readAddress: (c) => {
      try {
        return read(c)
      } catch (error) {
        onError('address', error)
        return undefined
      }
    },
    patience,
    state: { off: options.enabled === false, started: false },
    idHeader: requestId.accept === false ? undefined : header,
    echo: requestId.echo === true ? header : undefined,
    chance: () => {
      random(byte)
      return new DataView(byte.buffer).getUint32(0) / 0x1_0000_0000
    },
    failOpen: options.onFailure !== 'closed',
    hold,
    deliver: options.enabled === false ? () => undefined : delivery.deliver,
  }
}
