import type { Kind, Outcome, Target } from 'edge-audit'
import type { EventPage, StoredEvent } from 'edge-audit/query'
import { html } from 'hono/html'

// Every value goes through `html`, which escapes it: an audit trail shows what attackers sent.
export type Markup = ReturnType<typeof html> | string

/** The filter and the place that an address asks for, by parameter. */
export type Wanted = Readonly<Record<string, string>>

const outcomes: readonly Outcome[] = ['success', 'failure', 'denied', 'unknown']
const kinds: readonly Kind[] = [
  'request',
  'auth',
  'access',
  'change',
  'process',
  'export',
  'system',
  'security',
  'custom',
]

/** A whole page. */
export const document = (title: string, main: Markup): Markup =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        <link rel="icon" href="/icon.svg" />
        <link rel="stylesheet" href="/style.css" />
      </head>
      <body>
        <header>
          <a href="/audit">Audit trail</a> <a href="/audit/summary">Summary</a>
          <span>edge-audit demo</span>
        </header>
        <main>${main}</main>
      </body>
    </html>`

const time = (ms: number, digits: 19 | 23): Markup => {
  const iso = new Date(ms).toISOString()
  const [day, clock] = iso.slice(0, digits).split('T')
  return html`<time datetime="${iso}"><span>${day}</span> <span>${clock} UTC</span></time>`
}

const badge = (outcome: Outcome): Markup => html`<span class="badge ${outcome}">${outcome}</span>`

/** A thing's name, and in small what else tells it apart. */
const named = (name: string, ...more: readonly (string | undefined)[]): Markup => {
  const rest = more.filter((word) => word !== undefined && word !== name).join(' ')
  return rest === '' ? name : html`${name} <small>${rest}</small>`
}

const nameOf = ({ name, type, id }: Target): Markup =>
  name === undefined ? named(id, type) : named(name, type, id)

const shown = (value: unknown): string =>
  typeof value === 'string' ? value : (JSON.stringify(value) ?? '—')

/** What the kinds say of themselves, in the order in which they are worth a line. */
const words = [
  'phase',
  'step',
  'name',
  'method',
  'failure',
  'count',
  'records',
  'code',
  'rule',
  'sample',
]

const lineOf = ({ request, data = {}, reason, changes = {} }: StoredEvent): Markup => {
  if (request?.method !== undefined && data['status'] !== undefined)
    return html`<code>${request.method} ${request.path} ${data['status']}</code>`
  const told = words.flatMap((word) =>
    data[word] === undefined ? [] : `${word} ${shown(data[word])}`,
  )
  return reason ?? [...Object.keys(changes), ...told].join(', ')
}

const row = (event: StoredEvent): Markup => {
  const { actor, targets } = event
  return html`<tr>
    <td class="when">${time(event.occurredAt, 19)}</td>
    <td class="who">${named(actor.name ?? actor.id, actor.role ?? actor.type)}</td>
    <td class="what">
      <a href="/audit/${event.id}">${event.action}</a>
      <small>${lineOf(event)}</small>
    </td>
    <td class="which">${targets.slice(0, 1).map(nameOf)}</td>
    <td class="how">${badge(event.outcome)}</td>
  </tr>`
}

const table = (events: readonly StoredEvent[]): Markup =>
  html`<table class="events">
    <caption>
      Newest first, times in UTC
    </caption>
    <thead>
      <tr>
        ${['When', 'Who', 'Action', 'Target', 'Outcome'].map((name) => html`<th scope="col">${name}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${events.map(row)}
    </tbody>
  </table>`

const choice = (name: string, words: readonly string[], chosen?: string): Markup =>
  html`<label>
    ${name}
    <select name="${name}">
      <option value="">any</option>
      ${words.map((word) => html`<option ${word === chosen ? 'selected' : ''}>${word}</option>`)}
    </select>
  </label>`

const addressOf = (wanted: Wanted): string => `/audit?${new URLSearchParams(wanted)}`

/** The same events as a file, from the routes of the library. */
const fileOf = ({ request, ...filter }: Wanted): string =>
  `/audit/api/export?${new URLSearchParams({
    format: 'csv',
    ...filter,
    ...(request !== undefined && { requestId: request }),
  })}`

/** A page of events, with its filter and the way to the next. */
export const listing = (wanted: Wanted, { events, next }: EventPage): Markup => {
  const { next: here, ...filter } = wanted
  const { outcome, kind, actor, request } = filter
  const filtered = Object.keys(filter).length > 0
  const nothing = filtered
    ? 'Nothing matches this filter.'
    : 'Send the app a request, and it shows up here.'
  return html`<h1>${request === undefined ? 'Events' : 'Events of one request'}</h1>
    <form method="get" action="/audit">
      ${choice('outcome', outcomes, outcome)} ${choice('kind', kinds, kind)}
      <label>
        actor
        <input name="actor" value="${actor ?? ''}" placeholder="id, such as ada" />
      </label>
      ${request === undefined ? '' : html`<input type="hidden" name="request" value="${request}" />`}
      <button>Filter</button>
      ${filtered ? html`<a href="/audit">Clear</a>` : ''}
    </form>
    ${events.length > 0 ? table(events) : html`<p class="empty"><strong>No events</strong> ${nothing}</p>`}
    <nav aria-label="Pages">
      ${here === undefined ? '' : html`<a href="${addressOf(filter)}">« Newest</a>`}
      ${next === null ? '' : html`<a href="${addressOf({ ...filter, next })}" rel="next">Older »</a>`}
      <a href="${fileOf(filter)}">All of these as CSV</a>
    </nav>`
}

/** A process has a page of its own. */
const linked = (target: Target): Markup =>
  target.type === 'process'
    ? html`<a href="/audit/processes?id=${encodeURIComponent(target.id)}">${nameOf(target)}</a>`
    : nameOf(target)

const fact = (name: string, value: Markup | undefined): Markup =>
  value === undefined || value === ''
    ? ''
    : html`<dt>${name}</dt>
        <dd>${value}</dd>`

const changesOf = ({ changes }: StoredEvent): Markup => {
  if (changes === undefined) return ''
  const rows = Object.entries(changes).map(([field, change]) => {
    const { old, new: now } = change as { old?: unknown; new?: unknown }
    return html`<tr>
      <th scope="row">${field}</th>
      <td>${shown(old)}</td>
      <td>${shown(now)}</td>
    </tr>`
  })
  return html`<h2>Changes</h2>
    <table>
      <thead>
        <tr>
          ${['Field', 'Before', 'After'].map((name) => html`<th scope="col">${name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>`
}

/** All that is known of one event. */
export const detail = (event: StoredEvent): Markup => {
  const { recordedAt, ...record } = event
  const { actor, data, error, reason, request, targets, tenant } = record
  const answer = [
    data?.['status'],
    data?.['durationMs'] !== undefined && `in ${shown(data['durationMs'])} ms`,
  ]
  return html`<p><a href="/audit">‹ All events</a></p>
    <h1>${event.action} ${badge(event.outcome)}</h1>
    <dl>
      ${fact('Occurred', time(event.occurredAt, 23))} ${fact('Recorded', time(recordedAt, 23))}
      ${fact('Actor', named(actor.name ?? actor.id, actor.type, actor.id, actor.role))}
      ${fact('Tenant', tenant ?? undefined)}
      ${targets.map((target) => fact('Target', linked(target)))} ${fact('Reason', reason)}
      ${fact('Request', request?.method && html`<code>${request.method} ${request.path}</code>`)}
      ${fact('Answer', answer.filter(Boolean).join(' '))}
      ${fact('Address', request?.ip && named(request.ip, `from ${request.ipFrom}`))}
      ${fact('User agent', request?.userAgent)}
      ${fact('Error', error && `${error.type}: ${error.message}`)}
      ${fact('Related', request && html`<a href="${addressOf({ request: request.id })}">All events of this request</a>`)}
    </dl>
    ${changesOf(event)}
    <h2>Record</h2>
    <pre tabindex="0">${JSON.stringify(record, null, 2)}</pre>`
}
