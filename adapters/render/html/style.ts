// How a page looks, in the colours of the PDF; those of texts are dark enough to be read by everybody
// (WCAG 2.2, 1.4.3). It is the same in every report, so that a policy can name its hash.

/** Of a hundred: the widths of columns, which a strict policy lets no attribute set. */
const shares = Array.from({ length: 100 }, (_, index) => `.w${index + 1}{width:${index + 1}%}`)

export const style = `
:root{--ink:#1c212b;--muted:#646b78;--rule:#d9dee6;--shade:#f2f5f7;--accent:#1f5496;--success:#1a7a4d;--failure:#bd2126;--denied:#94570a;color-scheme:light}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;background:#e9edf1;color:var(--ink);font:14px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;overflow-wrap:anywhere}
.page{max-width:1080px;margin:24px auto;padding:44px 48px 56px;background:#fff;box-shadow:0 1px 4px rgb(28 33 43/.18)}
header{padding-bottom:14px;margin-bottom:22px;border-bottom:3px solid var(--accent)}
h1,h2,h3,h4,p,dl,figure{margin:0}
h1,h2,h3,h4,header p,.note,dt,dd,th,td,caption,figcaption,nav a{white-space:pre-wrap}
h1{font-size:30px;line-height:1.2;letter-spacing:-.01em}
header p{margin-top:6px;font-size:16px;color:var(--muted)}
.part{margin:48px 0 12px;padding-bottom:6px;border-bottom:1px solid var(--rule);font-size:22px;line-height:1.3}
.section{margin:30px 0 10px;font-size:16px;line-height:1.35}
.point{margin:20px 0 8px;font-size:14px}
.note{margin:10px 0;max-width:76ch}
.note.success,.note.failure,.note.denied{padding:6px 12px;border-left:3px solid;background:var(--shade)}
a{color:var(--accent);text-underline-offset:2px;text-decoration-thickness:1px}
a:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
.muted{color:var(--muted)}
.success{color:var(--success)}
.failure{color:var(--failure)}
.denied{color:var(--denied)}
dl{display:grid;grid-template-columns:minmax(9em,13em) minmax(0,1fr);gap:5px 20px;margin:12px 0 20px}
dt{color:var(--muted)}
dd{margin:0}
nav{margin:32px 0 0;padding:18px 22px 16px;background:var(--shade);border-radius:4px}
nav .section{margin:0 0 8px}
nav ol{margin:0;padding:0;list-style:none}
nav>ol{columns:2;column-gap:36px}
nav li{break-inside:avoid}
nav>ol>li{padding-bottom:5px}
nav>ol>li>a{font-weight:600}
nav ol ol{padding-left:16px}
nav ol ol li{margin:1px 0}
nav a{text-decoration:none}
nav a:hover{text-decoration:underline}
table{width:100%;margin:14px 0 24px;border-collapse:collapse;table-layout:fixed;font-size:12px;line-height:1.45;font-variant-numeric:tabular-nums}
table.few{max-width:620px}
caption{padding:0 0 6px;font-size:13px;font-weight:600;text-align:left}
caption.unseen{position:absolute;width:1px;height:1px;padding:0;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
th{padding:7px 8px;background:var(--shade);border-bottom:1.5px solid #8d95a3;text-align:left;vertical-align:bottom;font-weight:600}
td{padding:6px 8px;border-bottom:1px solid var(--rule);vertical-align:top}
td a{font-size:11px}
td a.muted{text-decoration-color:#adb5c2}
figure{margin:20px 0 28px;break-inside:avoid}
figcaption{margin-bottom:6px;font-weight:600}
.legend{display:flex;flex-wrap:wrap;gap:2px 18px;margin:0 0 6px;font-size:12px;color:var(--ink)}
.legend i{display:inline-block;width:10px;height:10px;margin-right:6px}
svg{display:block}
svg text{font-size:11.5px;fill:var(--ink);white-space:pre}
rect.accent{fill:var(--accent)}rect.muted{fill:#adb5c2}rect.success{fill:var(--success)}rect.failure{fill:var(--failure)}rect.denied{fill:#c77c11}
i.accent{background:var(--accent)}i.muted{background:#adb5c2}i.success{background:var(--success)}i.failure{background:var(--failure)}i.denied{background:#c77c11}
line.base{stroke:#8d95a3}
line.scale{stroke:var(--rule);stroke-dasharray:3 3}
@media (max-width:720px){.page{margin:0;padding:24px 18px 40px}.wide{overflow-x:auto}table.many{min-width:720px}.wide>svg{min-width:560px}dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:8px}nav>ol{columns:1}}
@media screen{thead th{position:sticky;top:0;box-shadow:inset 0 -1.5px #8d95a3}}
@page{size:A4;margin:18mm 14mm 16mm;@bottom-right{content:counter(page) " / " counter(pages);font:8pt system-ui,sans-serif;color:#646b78}}
@media print{body{background:none;font-size:9pt}.page{max-width:none;margin:0;padding:0;box-shadow:none}*{print-color-adjust:exact;-webkit-print-color-adjust:exact}h1{font-size:22pt}header p{font-size:11pt}.part{margin-top:0;break-before:page;font-size:15pt}.section{font-size:11pt}.point{font-size:9.5pt}h1,h2,h3,h4,caption,figcaption{break-after:avoid}table{font-size:7pt}td a{font-size:6.5pt}caption{font-size:8.5pt}.legend{font-size:8pt}svg text{font-size:8pt}thead{display:table-header-group}tr{break-inside:avoid}th,td{padding:3px 5px}a{color:inherit}nav+.part{margin-top:24pt;break-before:auto}}
${shares.join('')}
`

/**
 * The Content-Security-Policy that pages of reports ask for themselves, and that a server may send with
 * them: it lets in their own style, and nothing else.
 * @example
 * import { Hono } from 'hono'
 * import { htmlCsp } from 'edge-audit/html'
 * new Hono().get('/report', (c) => c.html('…', 200, { 'content-security-policy': htmlCsp }))
 */
export const htmlCsp =
  "default-src 'none'; style-src 'sha256-SCHCHpeY+ynUWzaeitgg+4ia5g+goRUjh/Wxrk0/Clo='; base-uri 'none'; form-action 'none'"
