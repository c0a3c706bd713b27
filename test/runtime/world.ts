import type { Backend } from './backend.ts'
import { startControl } from './control.ts'
import type { AppEnv } from './store.ts'
import type { Started } from './suite.ts'

export interface Host {
  readonly url: string
  problems?(): readonly string[]
  stop(): Promise<void>
}

/** A database, the test's own server, and the app between the two. */
export const worldOf =
  (startBackend: () => Promise<Backend>, run: (env: AppEnv, backend: Backend) => Promise<Host>) =>
  async (): Promise<Started> => {
    const backend = await startBackend()
    const control = await startControl()
    const stop = async (host?: Host): Promise<void> => {
      await host?.stop()
      await control.stop()
      await backend.stop()
    }
    const host = await run({ ...backend.env, CONTROL: control.url }, backend).catch(
      async (error: unknown) => {
        await stop()
        throw error
      },
    )
    return {
      url: host.url,
      control,
      gate: backend.gate,
      events: backend.events,
      migrate: backend.migrate,
      migrations: backend.migrations,
      problems: () => host.problems?.() ?? [],
      stop: () => stop(host),
    }
  }
