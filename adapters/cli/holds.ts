import { type Hold, holds as holdsOf } from '../../src/keep/keep.ts'
import { storeHelp, storeOptions, withAudit } from './audit.ts'
import type { Command } from './command.ts'
import { plain } from './words.ts'

const timeText = (ms: number): string => new Date(ms).toISOString()

const covered = ({ tenant, actor, target, from, to }: Hold): string => {
  const parts = [
    tenant === null && 'no tenant',
    typeof tenant === 'string' && `tenant ${tenant}`,
    actor !== undefined && `actor ${actor}`,
    target !== undefined && `target ${[target.type, target.id].join(' ').trimEnd()}`,
  ].filter((part) => part !== false)
  const what = parts.length === 0 ? 'everything' : parts.join(', ')
  const since = from === undefined ? '' : ` from ${timeText(from)}`
  return `${what}${since}${to === undefined ? '' : ` to ${timeText(to)}`}`
}

const told = (hold: Hold): string => `${hold.id}
  covers ${plain(covered(hold))}
  placed ${timeText(hold.placedAt)} by ${plain(hold.by)}: ${plain(hold.reason)}
`

export const holds: Command = {
  help: `Usage: edge-audit holds --url <address>

Lists the holds in force.

${storeHelp}  --json               prints them as JSON
`,
  takes: [...storeOptions, 'json'],
  run: async (given) => {
    const data = await withAudit(given, holdsOf)
    const text = data.length === 0 ? 'There are no holds.\n' : data.map(told).join('')
    return { text, data }
  },
}
