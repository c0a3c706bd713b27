import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from '../support/doors.ts'
import { start } from './project.ts'

/** What `npm start` does, in an empty folder. */
export const startDemo = async ({
  folder,
  port = '0',
}: { folder?: string; port?: string } = {}) => {
  const cwd = folder ?? (await mkdtemp(join(tmpdir(), 'edge-audit-demo-')))
  const running = start('node', [`${root}examples/demo/node.ts`], { cwd, env: { PORT: port } })
  const address = await running.printed(/(http:\/\/\S+)\/audit\n/)
  await running.printed(/Ctrl-C ends it/)
  return {
    ...running,
    folder: cwd,
    address,
    remove: async () => {
      await running.stop()
      await rm(cwd, { recursive: true, force: true })
    },
  }
}
