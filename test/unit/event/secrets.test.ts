import { describe, expect, it } from 'vitest'
import { hmac } from '../../../src/capture/hash.ts'
import { compileSecrets } from '../../../src/event/secrets.ts'
import { REDACTED, stored, storedAll } from './sample.ts'

const { byKey } = compileSecrets({})
const isMasked = (key: string): boolean => byKey(key) !== undefined

describe('the built-in list of names', () => {
  it.each(
    `password Password PASSWORD pass_word passwd pwd userPassword new-password passwordHash password2
     passphrase passcode secret client_secret clientSecret SECRET_KEY webhookSecret secrets
     apiKey api_key API-KEY x-api-key apikey2 private_key privateKey accessKey AWS_SECRET_ACCESS_KEY
     accountKey masterKey ssh_key signing.key encryptionKey credentials
     token tokens token2 token_1 accessToken access_tokens refresh_token id-token csrfToken xsrf authToken
     jwt bearer Authorization proxy-authorization Cookie set-cookie cookies
     session sessionId session_key PHPSESSID JSESSIONID connect.sid sid ASP.NET_SessionId
     card_number cardNumber creditCard credit-card cc_num cvv cvc CVV2 securityCode pan card.pan
     pin userPin user[pin] card-pin PIN otp totp oneTimeCode verification_code code_verifier mfa
     ssn SSN socialSecurityNumber national_id nationalId taxId cpf cnpj nino bsn dni curp passport
     passportNumber passport_no driversLicense iban accountNumber routing_number
     connectionString DATABASE_URL recoveryCodes backup-codes seedPhrase salt nonce hmac signature
     user[password] user.password data[user][api_key] pass\u200bword`.split(/\s+/),
  )('masks %s', (key) => {
    expect(isMasked(key)).toBe(true)
  })

  it.each(
    `maxTokens max_tokens inputTokens total-tokens completion_tokens tokenType token_type tokenCount
     author authors authored authority shipping passenger passengers compass bypass session_duration
     sessionDuration spinner opinion spin hashtag description key keys id name email code state status
     japan company panel pancake wingspan lifespan pinned pinCount topping assign design resident inside
     cardinality discard postcard cardHolderCount classname message assessment obsession mission passage
     passwordChangedAt password_reset_at secretary cookieConsent cookie_policy tokenizer authored_by
     __proto__ constructor 0 10 9 toString`.split(/\s+/),
  )('leaves %s readable', (key) => {
    expect(isMasked(key)).toBe(false)
  })

  it('is left alone when defaults are switched off', () => {
    expect(stored({ password: 'p' }, { redact: { defaults: false } })).toEqual({ password: 'p' })
  })

  it('finds a secret name at the head and at the tail of one of 100,000 characters', () => {
    expect(isMasked(`password${'x'.repeat(100_000)}`)).toBe(true)
    expect(isMasked(`${'x'.repeat(100_000)}password`)).toBe(true)
  })

  it('decides the same after a flood of other names', () => {
    const { byKey: flooded } = compileSecrets({})
    for (let index = 0; index < 10_000; index++) flooded(`name${index}`)
    expect(flooded('password')).toBeDefined()
    expect(flooded('shipping')).toBeUndefined()
  })
})

describe('names of the app', () => {
  const keys = { redact: { keys: ['customerRef'] } }

  it.each([
    'customerRef',
    'customer_ref',
    'CUSTOMER-REF',
    'order[customer_ref]',
    'order.customerRef',
  ])('masks %s when customerRef was named', (name) => {
    expect(storedAll({ [name]: 'r1' }, keys)).toEqual({ [name]: REDACTED })
  })

  it('does not take a longer name for the one that was named', () => {
    expect(storedAll({ customerReference: 'r1' }, keys)).toEqual({ customerReference: 'r1' })
  })

  it('masks by a RegExp each time, also when it is global or sticky', () => {
    for (const flags of ['g', 'y', 'gi', '']) {
      const redact = { keys: [new RegExp('^ref', flags)] }
      const secrets = compileSecrets(redact)
      expect(
        ['ref1', 'ref2', 'ref3', 'xref'].map((key) => secrets.byKey(key) !== undefined),
      ).toEqual([true, true, true, false])
    }
  })

  it('keeps a default name readable when the app allows it', () => {
    const redact = { allow: ['api_key'] }
    expect(storedAll({ apiKey: 'public', apiSecret: 's' }, { redact })).toEqual({
      apiKey: 'public',
      apiSecret: REDACTED,
    })
  })

  it('masks each name in its own way', () => {
    const redact = {
      hash: hmac('a key of sixteen chars'),
      keys: [
        { key: 'ref', mask: 'partial' as const },
        { key: /^gone$/, mask: 'drop' as const },
        { key: 'email', mask: 'hash' as const },
      ],
    }
    expect(
      storedAll(
        { ref: 'abcdefghijkl', gone: 1, email: 'ada@example.com', password: 'p' },
        { redact },
      ),
    ).toEqual({
      ref: '***ijkl',
      email: expect.stringMatching(/^hmac:[\da-f]{32}$/),
      password: REDACTED,
    })
  })
})

describe('a secret name', () => {
  const secret = 'hunter2-marker'

  it.each<[string, unknown]>([
    ['an object', { a: { b: { password: secret } } }],
    ['an array', [[{ password: secret }]]],
    ['a Map', new Map([['password', secret]])],
    ['a Map in a Set', new Set([new Map([['Api-Key', secret]])])],
    [
      'a class',
      new (class {
        password = secret
      })(),
    ],
    ['an object without prototype', Object.assign(Object.create(null), { password: secret })],
    ['URLSearchParams', new URLSearchParams({ password: secret })],
    ['Headers', new Headers({ authorization: secret })],
    [
      'FormData',
      (() => {
        const form = new FormData()
        form.set('user[password]', secret)
        return form
      })(),
    ],
    ['what toJSON gives', { toJSON: () => ({ password: secret }) }],
    ['a JSON text', JSON.stringify({ password: secret })],
    ['a JSON text with an escaped name', `{"pass\\u0077ord":"${secret}"}`],
    ['a JSON text that names it twice', `{"a":{"password":"${secret}"},"a":1}`],
    [
      'JSON in JSON in JSON',
      JSON.stringify({ a: JSON.stringify({ b: JSON.stringify({ password: secret }) }) }),
    ],
    ['a JSON text of a text', JSON.stringify(JSON.stringify({ password: secret }))],
    ['a value that is an object', { password: { value: secret } }],
    ['a value that is an array', { tokens: [secret] }],
    ['a value that is a function', { password: () => 'hunter2-marker' }],
    [
      'a name with a getter',
      {
        get password() {
          return secret
        },
      },
    ],
  ])('is found in %s', (_, value) => {
    expect(JSON.stringify(stored(value))).not.toContain(secret)
  })

  it('masks a number, a bigint and a boolean too', () => {
    expect(stored({ pin: 1234, otp: 99n, token: true })).toEqual({
      pin: REDACTED,
      otp: REDACTED,
      token: REDACTED,
    })
  })

  it('says that a value was missing, for that is no secret', () => {
    expect(stored({ password: null, token: undefined })).toEqual({ password: null })
  })
})
