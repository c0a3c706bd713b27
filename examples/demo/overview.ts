import type { Tally, Summary } from 'edge-audit/summary'
import type { ProcessView } from 'edge-audit/views'
import { html } from 'hono/html'
import type { Markup } from './view.ts'

const columns = ['total', 'success', 'failure', 'denied', 'unknown'] as const

const cells = (tally: Tally): Markup =>
  html`${columns.map((name) => html`<td class="number">${tally[name]}</td>`)}`

const tallies = (title: string, rows: readonly (readonly [name: Markup, tally: Tally])[]): Markup =>
  html`<h2>${title}</h2>
    <table>
      <thead>
        <tr>
          <th scope="col"></th>
          ${columns.map((name) => html`<th scope="col" class="number">${name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ([name, tally]) =>
            html`<tr>
              <th scope="row">${name}</th>
              ${cells(tally)}
            </tr>`,
        )}
      </tbody>
    </table>`

const milliseconds = (value: number | null): string =>
  value === null ? '—' : `${value.toFixed(1)} ms`

/** What a span of time comes to. */
export const overview = (days: number, summary: Summary): Markup => {
  const { processes, requests, unresolved } = summary
  return html`<h1>The last ${days} days</h1>
    <dl>
      <dt>Requests</dt>
      <dd>
        ${requests.total}, half of them within ${milliseconds(requests.p50)}, 95 % within
        ${milliseconds(requests.p95)}
      </dd>
      <dt>Processes</dt>
      <dd>
        ${processes.succeeded} succeeded, ${processes.failed} failed, ${processes.incomplete}
        incomplete, ${processes.pending} pending
      </dd>
      <dt>Issues</dt>
      <dd>${unresolved} unresolved</dd>
    </dl>
    ${tallies('What was done', [
      ['Logins', summary.logins],
      ['Views', summary.views],
      ['Creates', summary.creates],
      ['Updates', summary.updates],
      ['Exports', summary.exports],
      ['Downloads', summary.downloads],
      ['System errors', summary.systemErrors],
    ])}
    ${tallies(
      'By actor',
      summary.byActor.map((actor) => [html`${actor.id} <small>${actor.type}</small>`, actor]),
    )}
    ${tallies(
      'By route',
      summary.byRoute.map((route) => [html`<code>${route.method} ${route.route}</code>`, route]),
    )}`
}

/** One process, with each try at each of its steps. */
export const processPage = ({ id, name, state, description, steps }: ProcessView): Markup =>
  html`<p><a href="/audit?kind=process">‹ All processes</a></p>
    <h1>${name} <span class="badge ${state}">${state}</span></h1>
    <dl>
      <dt>Process</dt>
      <dd>${id}</dd>
      ${
        description === undefined
          ? ''
          : html`<dt>Description</dt>
              <dd>${description}</dd>`
      }
    </dl>
    <h2>Steps</h2>
    <table>
      <thead>
        <tr>
          ${['Step', 'State', 'Expected', 'Registrations'].map((word) => html`<th scope="col">${word}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${steps.map(
          (step) =>
            html`<tr>
              <th scope="row">${step.name}</th>
              <td><span class="badge ${step.state}">${step.state}</span></td>
              <td class="number">${step.expects}</td>
              <td>
                ${
                  step.registrations.length === 0
                    ? 'none'
                    : html`<ul>
                        ${step.registrations.map(
                          (one) =>
                            html`<li>
                              <a href="/audit/${one.id}">${one.outcome}</a>
                              ${one.name} <small>${one.actor.name ?? one.actor.id}</small>
                            </li>`,
                        )}
                      </ul>`
                }
              </td>
            </tr>`,
        )}
      </tbody>
    </table>`
