export const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="4" fill="#2f5d50"/><path d="M4 5h8M4 8h8M4 11h5" stroke="#fff" stroke-width="1.5" stroke-linecap="round"/></svg>`

export const css = `
:root {
  color-scheme: light dark;
  --ground: #fbfbf9; --panel: #fff; --ink: #1b1f1d; --soft: #5d6662; --rule: #dfe3df; --accent: #1f5f4d;
  --success: #166a45; --success-ground: #e2f3ea;
  --failure: #a3231f; --failure-ground: #fce8e6;
  --denied: #8a5200; --denied-ground: #fdf0d8;
  --unknown: #4d5560; --unknown-ground: #e9ecef;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #121514; --panel: #191d1b; --ink: #e8ebe9; --soft: #98a29d; --rule: #2b322f; --accent: #7cc9ae;
    --success: #7fd6a6; --success-ground: #133325;
    --failure: #ff9d95; --failure-ground: #441a18;
    --denied: #f2c06d; --denied-ground: #3c2a0c;
    --unknown: #b6bec7; --unknown-ground: #2a2f35;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; font-variant-numeric: tabular-nums; }
header, main { padding-inline: max(1.25rem, (100vw - 66rem) / 2); }
header { display: flex; gap: 1.25rem; align-items: baseline; padding-block: 1rem; border-bottom: 1px solid var(--rule); }
header a { color: var(--ink); font-weight: 650; text-decoration: none; }
header span { margin-left: auto; }
header span, small, caption, th, dt, label { color: var(--soft); }
main { padding-block: 1.5rem 4rem; }
h1 { font-size: 1.6rem; line-height: 1.2; letter-spacing: -0.015em; margin: 0 0 1.25rem; overflow-wrap: anywhere; }
h2 { font-size: 1rem; margin: 2rem 0 0.5rem; }
a { color: var(--accent); text-underline-offset: 0.2em; }
small { font-size: 0.85em; overflow-wrap: anywhere; }
td small { display: block; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 4px; }

form { display: flex; flex-wrap: wrap; gap: 0.75rem; align-items: end; margin-bottom: 1.25rem; }
label { display: grid; gap: 0.25rem; font-size: 0.85rem; text-transform: capitalize; }
select, input, button { font: inherit; font-size: 0.95rem; color: var(--ink); background: var(--panel); border: 1px solid var(--rule); border-radius: 6px; padding: 0.4rem 0.6rem; min-height: 2.4rem; }
button { background: var(--accent); border-color: var(--accent); color: var(--ground); font-weight: 600; padding-inline: 1rem; cursor: pointer; }
form a { line-height: 2.4rem; }

table { width: 100%; border-collapse: separate; border-spacing: 0; background: var(--panel); border: 1px solid var(--rule); border-radius: 8px; }
caption { text-align: left; font-size: 0.85rem; padding-bottom: 0.5rem; }
th { text-align: left; font-size: 0.8rem; font-weight: 600; padding: 0.6rem 0.9rem; border-bottom: 1px solid var(--rule); }
td { padding: 0.6rem 0.9rem; vertical-align: top; border-bottom: 1px solid var(--rule); overflow-wrap: anywhere; }
tbody tr:last-child > * { border-bottom: 0; }
tbody tr:hover { background: color-mix(in srgb, var(--accent) 5%, transparent); }
.who { min-width: 8.5rem; }
td a { font-weight: 600; text-decoration: none; overflow-wrap: anywhere; }
td a:hover { text-decoration: underline; }
.when { white-space: nowrap; }
.events .when span:first-child { display: block; font-size: 0.85em; color: var(--soft); }
.what { width: 45%; }
code, pre { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
.number { text-align: right; font-variant-numeric: tabular-nums; }
td ul { margin: 0; padding: 0; list-style: none; }
.badge { display: inline-block; white-space: nowrap; font-size: 0.8rem; font-weight: 600; letter-spacing: 0; line-height: 1; padding: 0.3rem 0.55rem; border-radius: 99px; }
.success, .succeeded { color: var(--success); background: var(--success-ground); }
.failure, .failed { color: var(--failure); background: var(--failure-ground); }
.denied, .incomplete { color: var(--denied); background: var(--denied-ground); }
.unknown, .pending { color: var(--unknown); background: var(--unknown-ground); }
h1 .badge { vertical-align: middle; margin-left: 0.4rem; }

nav { display: flex; justify-content: space-between; padding-top: 1rem; }
nav a { padding: 0.5rem 0; font-weight: 600; text-decoration: none; }
nav a[rel='next'] { margin-left: auto; }
.empty { margin: 0; padding: 3.5rem 1rem; text-align: center; color: var(--soft); background: var(--panel); border: 1px dashed var(--rule); border-radius: 8px; }
.empty strong { display: block; color: var(--ink); }

main > p:first-child { margin: 0 0 0.75rem; }
dl { display: grid; grid-template-columns: minmax(7rem, max-content) 1fr; margin: 0; background: var(--panel); border: 1px solid var(--rule); border-radius: 8px; }
dt, dd { margin: 0; padding: 0.55rem 0.9rem; border-bottom: 1px solid var(--rule); overflow-wrap: anywhere; }
dt:last-of-type, dd:last-of-type { border-bottom: 0; }
code { font-size: 0.9em; }
pre { margin: 0; padding: 1rem; overflow-x: auto; font-size: 0.82rem; line-height: 1.55; background: var(--panel); border: 1px solid var(--rule); border-radius: 8px; white-space: pre-wrap; overflow-wrap: anywhere; }

@media (max-width: 44rem) {
  form label { flex: 1 1 8rem; }
  form select, form input { width: 100%; }
  .events thead { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; }
  .events, .events tbody, .events caption { display: block; border: 0; background: none; }
  .events tr { display: grid; grid-template-columns: 1fr auto; gap: 0.25rem 0.75rem; padding: 0.75rem 0.9rem; margin-bottom: 0.6rem; background: var(--panel); border: 1px solid var(--rule); border-radius: 8px; }
  .events td { padding: 0; border: 0; width: auto; }
  .events .what { grid-area: 1 / 1; }
  .events .how { grid-area: 1 / 2; }
  .events .who { grid-area: 2 / 1 / auto / -1; }
  .events .which { grid-area: 3 / 1 / auto / -1; }
  .events .which:empty { display: none; }
  .events .when { grid-area: 4 / 1 / auto / -1; font-size: 0.85em; color: var(--soft); }
  .events .when span:first-child { display: inline; font-size: inherit; }
  .events .which small, .events .who small { display: inline; }
  dl { display: block; padding: 0.3rem 0; }
  dt { padding-bottom: 0; border: 0; font-size: 0.85rem; }
  dd { padding-top: 0; }
}
`
