import { describe, expect, it } from 'vitest'
import { detectors } from '../../../src/event/secrets.ts'
import { REDACTED, stored, storedText } from './sample.ts'

const JWT =
  'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U'
const PEM =
  '-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA7marker7\n-----END RSA PRIVATE KEY-----'

/** A text as a JSON text of a JSON text, and so on. */
const nested = (text: string, times: number): string =>
  times === 0 ? text : nested(JSON.stringify(text), times - 1)

describe('a secret in a text', () => {
  it.each([
    ['a JWT', `sent ${JWT} twice`, `sent ${REDACTED} twice`],
    ['a JWT in a URL path', `/reset/${JWT}`, `/reset/${REDACTED}`],
    ['a JWT behind a percent escape', `x%20${JWT}`, `x%20${REDACTED}`],
    [
      'a JWT behind an escaped newline',
      String.raw`{"a":"x\n${JWT}`,
      String.raw`{"a":"x\n${REDACTED}`,
    ],
    ['the head of a JWT that was cut', JWT.slice(0, 30), REDACTED],
    ['an encrypted JWT of five parts', `${JWT}.AxY8DCtDaGlsbGljb3RoZQ.KDlTtXchhZTGufMY`, REDACTED],
    ['a bearer token', 'sent Bearer abc123def once', `sent Bearer ${REDACTED} once`],
    ['a bearer token in any case', 'BEARER s3cr3t-value', `BEARER ${REDACTED}`],
    ['a bearer token in a query', 'x=Bearer%20abc123def', `x=Bearer%20${REDACTED}`],
    ['Basic credentials', 'sent Basic dXNlcjpwYXNz here', `sent Basic ${REDACTED} here`],
    ['Basic credentials with padding', 'basic QWxhZGRpbjpvcGVuc2VzYW1l==', `basic ${REDACTED}`],
    ['a private key', `key: \n${PEM}\nend`, `key: \n${REDACTED}\nend`],
    ['a private key that was cut', PEM.slice(0, 50), REDACTED],
    [
      'an OpenPGP private key',
      PEM.replaceAll('RSA PRIVATE KEY', 'PGP PRIVATE KEY BLOCK'),
      REDACTED,
    ],
    ['a private key in a form', `pem=${PEM.replaceAll(' ', '+')}`, `pem=${REDACTED}`],
    [
      'credentials of a URL',
      'postgres://ada:hunter2@db.example/x',
      `postgres://${REDACTED}@db.example/x`,
    ],
    ['a password with an @', 'postgres://ada:hun@ter2@db/x', `postgres://${REDACTED}@db/x`],
    ['a password with a slash', 'postgres://ada:hun/ter2@db/x', `postgres://${REDACTED}@db/x`],
    ['a password with a quote', "redis://:hun'ter2@cache:6379", `redis://${REDACTED}@cache:6379`],
    [
      'a URL that was cut in its password',
      'see postgres://ada:hunter',
      `see postgres://${REDACTED}`,
    ],
    [
      'a URL with escaped slashes',
      String.raw`{"u":"https:\/\/ada:pw@h\/x`,
      String.raw`{"u":"https:\/\/${REDACTED}@h\/x`,
    ],
    [
      'an encoded URL in a query',
      '/go?to=https%3A%2F%2Fada%3Apw%40h%2Fx',
      `/go?to=https%3A%2F%2F${REDACTED}%40h%2Fx`,
    ],
  ])('%s is masked', (_, text, expected) => {
    expect(storedText(text)).toBe(expected)
  })

  it.each(
    `4111111111111111 4012888888881881 4222222222222 5555555555554444 5105105105105100 2223003122003222
     378282246310005 371449635398431 6011111111111117 6011000990139424 30569309025904 38520000023237
     3530111333300000 3566002020360505 6200000000000005 6759649826438453 5019717010103742`.split(
      /\s+/,
    ),
  )('the card number %s is masked as text, in groups, and as a number', (card) => {
    const groups = card.replace(/(\d{4})(?=\d)/g, '$1 ')
    expect(storedText(`paid by ${card}.`)).toBe(`paid by ${REDACTED}.`)
    expect(storedText(`paid by ${groups}, thanks`)).toBe(`paid by ${REDACTED}, thanks`)
    expect(storedText(groups.replaceAll(' ', '-'))).toBe(REDACTED)
    expect(stored(Number(card))).toBe(REDACTED)
    expect(stored(BigInt(card))).toBe(REDACTED)
  })

  it.each([
    ['the month and code that follow', '4111 1111 1111 1111 12 27 123', `${REDACTED} 12 27 123`],
    ['an amount before it', '3 4111 1111 1111 1111', `3 ${REDACTED}`],
    ['a second card', '4111111111111111 5555555555554444', `${REDACTED} ${REDACTED}`],
    ['a percent escape before it', 'x%204111111111111111', `x%20${REDACTED}`],
    ['a full stop before it', 'Card no.4111111111111111', `Card no.${REDACTED}`],
  ])('a card number is found in spite of %s', (_, text, expected) => {
    expect(storedText(text)).toBe(expected)
  })

  it.each([
    ['a query', '/login?user=ada&password=hunter2&x=1', `/login?user=ada&password=${REDACTED}&x=1`],
    ['a fragment', '/cb#access_token=hunter2&state=1', `/cb#access_token=${REDACTED}&state=1`],
    [
      'a query with an escaped name',
      '/login?pass%77ord=hunter2&x=1',
      `/login?pass%77ord=${REDACTED}&x=1`,
    ],
    [
      'the query of an encoded URL',
      'to=%2Fa%3Ftoken%3Dhunter2%26x%3D1',
      `to=%2Fa%3Ftoken%3D${REDACTED}%26x%3D1`,
    ],
    [
      'a URL encoded twice',
      'to=%252Fa%253Ftoken%253Dhunter2%2526x',
      `to=%252Fa%253Ftoken%253D${REDACTED}%2526x`,
    ],
    ['a value with a quote in it', 'password=hun\'ter"2 x', `password=${REDACTED} x`],
    ['a value with a hash in it', 'password=hunter#2 x', `password=${REDACTED} x`],
    ['a form with brackets', 'user%5Bpin%5D=1234&a=1', `user%5Bpin%5D=${REDACTED}&a=1`],
    ['a line', 'password: correct horse\nuser: ada', `password: ${REDACTED}\nuser: ada`],
    ['a header', 'Cookie: a=b; c=d\r\nHost: x', `Cookie: ${REDACTED}\r\nHost: x`],
    ['a pair without a space', 'password:hunter2', `password:${REDACTED}`],
    [
      'a pair with many spaces',
      'password            = hunter2',
      `password            = ${REDACTED}`,
    ],
    ['a quoted pair', 'password="correct horse" x', `password="${REDACTED}" x`],
    [
      'a pair in single quotes',
      String.raw`{'password': 'it\'s', 'a': 1}`,
      `{'password': '${REDACTED}', 'a': 1}`,
    ],
    ['a hash rocket', '{"password"=>"hunter2", "a"=>1}', `{"password"=>"${REDACTED}", "a"=>1}`],
    ['the head of JSON', '{"a":1,"password":"hunter2","b', `{"a":1,"password":"${REDACTED}","b`],
    ['a number in the head of JSON', '{"pin":1234,"b":"c","d', `{"pin":${REDACTED}"b":"c","d`],
    [
      'JSON in the head of JSON',
      String.raw`{"a":"{\"password\":\"hun\\\"ter2\",\"b\":1`,
      String.raw`{"a":"{\"password\":\"${REDACTED}\",\"b\":1`,
    ],
    [
      'a head of JSON with an escaped name',
      String.raw`{"p\u0061ssword":"hunter2","b`,
      String.raw`{"p\u0061ssword":"${REDACTED}","b`,
    ],
    [
      'an object in the head of JSON',
      '{"a":1,"password":{"x":"hunter2"},"b',
      `{"a":1,"password":${REDACTED}`,
    ],
    [
      'XML',
      '<u><ns:password type="t">hunter2</ns:password></u>',
      `<u><ns:password type="t">${REDACTED}</ns:password></u>`,
    ],
    ['XML that was cut', '<u><password>hunter2', `<u><password>${REDACTED}`],
    [
      'the head of JSON, where a value ends in a backslash',
      String.raw`{"password":"hunter2\\","b":1,"c`,
      `{"password":"${REDACTED}","b":1,"c`,
    ],
    [
      'the head of JSON, four times in itself',
      '{"a":1,' + nested('{"password":"hunter2","b":"c"}', 4),
      '{"a":1,' + nested(`{"password":"${REDACTED}","b":"c"}`, 4),
    ],
    ['CDATA', '<password><![CDATA[hunter2]]></password>', `<password>${REDACTED}</password>`],
  ])('the value of a secret name is masked in %s', (_, text, expected) => {
    expect(storedText(text)).toBe(expected)
  })

  it('is masked in the message, the stack and the causes of an error too', () => {
    const fault = {
      type: 'Error',
      message: 'password=hunter2',
      stack: 'at password=hunter2',
      causes: [{ type: 'E', message: 'token: hunter2' }],
    }
    expect(JSON.stringify(stored({ fault }))).not.toContain('hunter2')
  })
})

describe('what only looks like a secret', () => {
  it.each([
    'Error: Unexpected token } in JSON at position 3',
    'Basic authentication is not supported',
    'Basic JavaScript knowledge',
    'Bearer authentication is required',
    'Bearer realm',
    'The bearer of this letter',
    'at Object.<anonymous> (/srv/app/session.ts:12:5)',
    'at token (file:///srv/app/auth.js:120:33)',
    'at async /srv/app/src/auth:12:5',
    'at process.processTicksAndRejections (node:internal/process/task_queues:95:5)',
    'https://example.com/a/b?c=d&page=2#top',
    'https://example.com:8080/users/@ada',
    'https://unpkg.com/hono@4.1.0/dist/index.js',
    'see http://localhost:3000',
    'git@github.com:ada/repo.git',
    'ada@example.com',
    '2024-05-06T07:08:09.123Z',
    '2024-05-06 07:08:09',
    '1700000000000',
    '1700000000000 1700000000001 1700000000002',
    '550e8400-e29b-41d4-a716-446655440000',
    '12345678-1234-4111-8111-111111111111',
    'd670460b4b4aece5915caf5c68d12f560a9fe3e4',
    '1234567890123456',
    '1175928847299117063',
    '644411764411176321',
    '4111111111111112',
    '0.4111111111111111',
    'id_4111111111111111',
    'ORD-4111111111111111',
    '4111111111111111abc',
    '4111111111111111.25',
    '+49 30 1234567890',
    'maxTokens: 4096, tokenType: bearer',
    'max_tokens=4096&author=ada&shipping=express',
    'a === b',
    'x => x + 1',
    'Note: the passenger left',
    '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----',
    '-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----',
    'eyJ',
    '10:20',
    '{"a":[1,2],"description":"ok"}',
    '<p class="x">a &lt; b</p>',
    'std::vector<int>::size()',
    "Type 'Promise<Token>' is not assignable to type 'Session'",
    'expected <token> before the end',
    'x<session>y',
    '',
  ])('%s stays as it is', (text) => {
    expect(storedText(text)).toBe(text)
  })

  it.each([
    1_700_000_000_000, 1_234_567_890_123_456, 4_111_111_111_111_112, 0.4111111111111111,
    -4_111_111_111_111_111,
  ])('the number %d stays a number', (value) => {
    expect(stored(value)).toBe(value)
  })
})

describe('detectors', () => {
  const samples: Readonly<Record<(typeof detectors)[number], string>> = {
    jwt: `see ${JWT}`,
    bearer: 'Bearer abc123def',
    card: '4111 1111 1111 1111',
    'private-key': PEM,
    'url-credentials': 'ftp://ada:pw@h',
  }

  it.each(detectors)('%s can be switched off alone', (name) => {
    const detect = detectors.filter((one) => one !== name)
    expect(storedText(samples[name], { redact: { detect } })).toBe(samples[name])
    expect(storedText(samples[name], { redact: { detect: [name] } })).toContain(REDACTED)
  })
})

// No time is asserted: a pattern that backtracks would keep the run from ending.
describe('200 KB of hostile text', () => {
  const hostile = [
    'eyJ',
    'eyJ.',
    'eyJaaaaaaaa.',
    'bearer ',
    'bearer                ',
    'basic aaaaaaa',
    'Basic\t',
    'a',
    'a=',
    '=',
    ':',
    '>',
    '<a>',
    '<password>',
    '<password> ',
    'a<token>',
    '://',
    '://a:',
    '://a:b',
    '://a@',
    ':\\/\\/',
    '%3A%2F%2F',
    '%3A%2F%2Fa',
    '%25',
    '%2525253D',
    '%3D',
    'password=',
    'password="',
    "password='",
    'password=\\"',
    'password=\\',
    '\\',
    '"',
    '\\"',
    "'",
    '-----BEGIN',
    '-----BEGIN ',
    '-----BEGIN PRIVATE KEY-----',
    '-----END ',
    '-----BEGIN PRIVATE KEY-----END ',
    '-',
    '4',
    '4 ',
    '4-',
    '41111111111111112 ',
    '4111 1111 1111 1111 ',
    ' ',
    '\n',
    '\t',
    '{',
    '[',
    '{"',
    '{"a":',
    '[[',
    '{"password":',
    '"password":"',
    '\u20ac',
    '\ud800',
    '\0',
    '@',
    '#',
    '?',
    '&',
    'a.b.',
    'a[',
    '[]',
    'token\\',
    '\\u0070',
    'password\\u',
    'p%',
    ': ',
    'a: ',
    'a : ',
  ]
  const secret = '\npassword=marker-of-the-test'

  it.each(hostile.map((unit) => [JSON.stringify(unit), unit]))(
    'of %s alone is looked at once',
    (_, unit) => {
      const text = unit.repeat(Math.ceil(200_000 / unit.length))
      const options = { limits: { text: 1_000_000, record: 1_000_000 } }
      for (const whole of [text, `x${text}`, text + secret]) {
        expect(storedText(whole, options)).not.toContain('marker-of-the-test')
      }
    },
  )
})
