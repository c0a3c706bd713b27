import type { AnyContext, EventInput } from '../../input.ts'
import type { Attempt, AuthCapture } from '../../seams.ts'
import { ask } from './ask.ts'

/** What watches over attempts: `attempts()` of `edge-audit/attempts`. */
export interface AttemptWatch {
  /** Before the handler of a login: an answer to give in its place. */
  readonly before?: ((attempt: Attempt, c: AnyContext) => Promise<Response | undefined>) | undefined
  /** When a failed login is stored, by whatever way it was told. */
  readonly after: (attempt: Attempt, record: (event: EventInput) => Promise<void>) => Promise<void>
}

/** Delivers, and has what was stored of failed logins counted. Nobody waits for that, if he need not. */
export const countingWith =
  (watch: AttemptWatch): AuthCapture['counting'] =>
  (counting) => {
    const { awake, deliver, now, record, store, track } = counting
    const loginAction = counting.normaliseAction('login')
    return (rows, holder, mode) => {
      const failed = rows.filter(
        ({ action, kind, outcome }) =>
          kind === 'auth' && outcome === 'failure' && action === loginAction,
      )
      if (failed.length === 0) return deliver(rows, holder, mode)
      const stored = deliver(rows, holder, 'await')
      // A dry run: nothing is stored that could be counted.
      if (stored === undefined) return undefined
      const count = async (): Promise<void> => {
        if (!(await stored)) return
        for (const { ip, targetId, targetType, tenant } of failed) {
          const name = targetType === 'account' ? (targetId ?? undefined) : undefined
          await ask('attempts', counting, () =>
            watch.after(
              {
                name,
                tenant,
                action: loginAction,
                ip: ip ?? undefined,
                now: now(),
                store: store(holder.env),
              },
              async (event) => {
                await record(event, holder)
              },
            ),
          )
        }
      }
      const counted = count()
      holder.work.push(counted)
      track(counted)
      if (mode === 'await') return stored
      // Where nothing else keeps the runtime, the response does.
      return holder.release === undefined && !awake ? counted.then(() => stored) : undefined
    }
  }
