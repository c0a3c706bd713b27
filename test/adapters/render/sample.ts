import * as fc from 'fast-check'
import type { Amount, Block, Cell, Report, Tone } from '../../../src/read/report/document.ts'

/** What an attacker writes where an app lets him: markup, controls, and what turns the text around. */
export const hostile = [
  '<script>alert(1)</script>',
  `" onmouseover="alert(1)" x='`,
  '</style><img src=x onerror=alert(1)>',
  '--><svg/onload=alert(1)>&lt;b&gt;&amp;',
  '\u{1B}[2J\u{1B}]0;owned\u{7}\r\ngone\tback\u{8}\u{9B}1m\0',
  'invoice\u{202E}fdp.exe\u{2066}\u{200B}\u{FEFF}\u{AD}\u{2028}\u{E0001}',
  String.raw`looks like \u{202E} already`,
  '\u{301}a mark at the beginning, \u{D800} and a lone surrogate',
  'a\u{301}\u{302}\u{303} 漢字かな交じり文 한국어 ﾊﾝｶｸ 👩🏽‍💻 🇵🇹 עברית العربية हिन्दी',
] as const

/** Texts of all characters that there are, of halves of some, and of what an attacker would write. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)) }),
  fc.constantFrom(...hostile),
  fc
    .array(fc.constantFrom(...hostile, ...Array.from('<>&"\'=/ -\u{0}\u{1B}\u{202E}')), {
      maxLength: 6,
    })
    .map((all) => all.join('')),
)

/** What is in a text and not seen, but for its own line ends. */
export const hiddenIn = (text: string): readonly string[] =>
  text.match(/(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu) ?? []

const label = (index: number): string => hostile[index % hostile.length] ?? ''

const tones: readonly (Tone | undefined)[] = ['success', 'failure', 'denied', 'muted', undefined]

const amount = (value: number, name: string, tone?: Tone): Amount => ({
  label: name,
  value,
  text: value.toLocaleString('en-US'),
  tone,
})

const idOf = (index: number): string => `0197a5c0-7b1e-7000-8000-${String(index).padStart(12, '0')}`

const actions = ['invoice.refund', 'user.login', 'document.read', 'customer.export', 'role.grant']
const people = ['Ada Lovelace', 'José Álvares', '山田 花子', 'Ørsted Søren', 'Łucja Żółć']
const details = [
  'POST /invoices/:id/refund',
  'GET /documents/:id',
  'From 2001:db8:85a3::8a2e:370:7334',
  'Reason: duplicate payment, the customer called and asked for the second one back',
]

const rowAt = (index: number): readonly Cell[] => {
  const outcome = (['success', 'success', 'failure', 'denied'] as const)[index % 4] ?? 'success'
  const id = index === 3 ? `x" onclick='alert(1)/../<b>\u{D800}` : idOf(index)
  return [
    [
      `Jan ${(index % 28) + 1}, 2026, 09:${String(index % 60).padStart(2, '0')}:12.345`,
      { text: id, tone: 'muted', event: id },
    ],
    [people[index % people.length] ?? '', { text: `u-${index} · user · auditor`, tone: 'muted' }],
    [actions[index % actions.length] ?? '', { text: 'request', tone: 'muted' }],
    index % 5 === 4 ? label(index) : `invoice inv-${1_000 + index}`,
    [
      {
        text: outcome === 'success' ? 'Success' : outcome === 'failure' ? 'Failure' : 'Denied',
        tone: outcome,
        bold: true,
      },
      { text: 'Status 200', tone: 'muted' },
    ],
    [details[index % details.length] ?? '', label(index)],
  ]
}

const timeline = async function* (rows: number): AsyncGenerator<readonly Cell[]> {
  for (let index = 0; index < rows; index += 1) yield rowAt(index)
}

const body = async function* (rows: number): AsyncGenerator<Block> {
  yield { type: 'heading', level: 1, text: 'Timeline' }
  yield {
    type: 'table',
    caption: 'Timeline',
    columns: [
      { label: 'Time', width: 4 },
      { label: 'Actor', width: 3 },
      { label: 'Action', width: 3 },
      { label: 'Target', width: 3 },
      { label: 'Outcome', width: 2 },
      { label: 'Details', width: 4 },
    ],
    rows: timeline(rows),
  }
  yield { type: 'heading', level: 1, text: 'Processes & <others>' }
  yield { type: 'heading', level: 2, text: 'Month-end closing' }
  yield {
    type: 'facts',
    facts: [
      { name: 'Name', value: 'Month-end closing' },
      { name: 'State', value: { text: 'Failed', tone: 'failure', bold: true } },
      { name: 'Requests', value: ['req-1', { text: 'req-2', tone: 'muted' }, label(0)] },
      { name: label(1), value: label(5) },
    ],
  }
  yield { type: 'heading', level: 3, text: `Steps of ${label(4)}` }
  yield {
    type: 'table',
    caption: `Steps of ${label(2)}`,
    columns: [
      { label: label(0), width: 1 },
      { label: 'Expected', width: 2 },
      { label: 'State', width: 1 },
    ],
    rows: [
      [
        'Collect',
        `a-word-that-is-${'very-'.repeat(40)}long`,
        { text: 'Succeeded', tone: 'success' },
      ],
      ['Check', '漢'.repeat(120), ''],
      ['Send', 'x'.repeat(300), { text: 'Incomplete', tone: 'denied' }],
    ],
  }
  yield { type: 'heading', level: 2, text: label(3) }
  for (const tone of tones) yield { type: 'note', text: `A note: ${label(6)}`, tone }
}

const cover = (): readonly Block[] => [
  {
    type: 'facts',
    facts: [
      { name: 'Report', value: 'Activity report' },
      { name: 'Period', value: 'Jan 1, 2026, 00:00 – Jan 31, 2026, 24:00' },
      { name: 'Time zone', value: 'Europe/Lisbon' },
      { name: 'Tenant', value: 'acme' },
      { name: 'Asked for by', value: 'ada@acme.example' },
      { name: 'ID', value: idOf(999) },
    ],
  },
  {
    type: 'note',
    text: 'Only the first 1,000 events are in it: 234 more were left out.',
    tone: 'denied',
  },
  { type: 'heading', level: 2, text: 'In numbers' },
  {
    type: 'table',
    caption: 'By outcome',
    columns: [
      { label: 'Outcome', width: 3 },
      { label: 'Number', width: 1 },
    ],
    rows: [
      [{ text: 'Success', tone: 'success' }, '1,234'],
      [{ text: 'Failure', tone: 'failure' }, '56'],
      [{ text: 'Denied', tone: 'denied' }, '7'],
    ],
  },
  {
    type: 'chart',
    title: 'Events per day',
    alternative: 'Events per day. Jan 1: 12 Success, 3 Failure; and so on.',
    form: 'columns',
    bars: Array.from({ length: 31 }, (_, day) => ({
      label: `Jan ${day + 1}`,
      parts: [
        amount(40 + ((day * 37) % 61), 'Success', 'success'),
        amount((day * 7) % 11, 'Failure', 'failure'),
        amount(day % 6 === 0 ? 4 : 0, 'Denied', 'denied'),
      ],
    })),
  },
  {
    type: 'chart',
    title: `Most active: ${label(0)}`,
    alternative: `Most active. ${label(1)}`,
    form: 'rows',
    bars: [...people, label(0), label(8), 'W'.repeat(60)].map((name, index) => ({
      label: name,
      parts: [amount(Math.round(4_000 / (index + 1)), 'Events')],
    })),
  },
  { type: 'heading', level: 2, text: 'What is not in it' },
  { type: 'note', text: 'Nothing was lost since the start of this process.', tone: 'muted' },
]

/** A small report with every kind of block, in which much is hostile. Read once, like every report. */
export const sampleReport = (overrides: Partial<Report> = {}, rows = 24): Report => ({
  kind: 'activity',
  id: 'report-1',
  title: 'Activity report',
  period: 'Jan 1 – Jan 31, 2026',
  language: 'en',
  author: `Ada <ada@acme.example> "\u{202E}`,
  madeAt: 1_770_000_000_000,
  words: {
    contents: 'Contents',
    page: (page, of) => `Page ${page} of ${of}`,
    continued: 'continued',
    cut: (characters) => `… (${characters} characters)`,
    escaped: (texts) => `In ${texts} texts some characters are shown by their numbers.`,
  },
  body: body(rows),
  cover: () => Promise.resolve(cover()),
  onRecords: () => {},
  events: () => rows,
  ...overrides,
})

/** One that says what it is given, and nothing else. */
export const reportOf = (blocks: readonly Block[], overrides: Partial<Report> = {}): Report =>
  sampleReport({
    body: (async function* () {
      yield* blocks
    })(),
    cover: () => Promise.resolve([]),
    ...overrides,
  })
