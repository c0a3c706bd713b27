import { describe, expect, it } from 'vitest'
import { auditRoutes } from '../../../adapters/http/routes.ts'
import { trail } from '../../support/app.ts'

const { audit } = trail()
const authorize = () => true

/** As JavaScript hands them over. */
const made = (options: unknown, given: unknown = audit) =>
  auditRoutes(given as typeof audit, options as { authorize: () => boolean })

describe('the options of the routes', () => {
  it.each([
    ['none at all', undefined, 'the options'],
    ['no authorize', {}, 'authorize must be given'],
    ['an authorize that is no function', { authorize: true }, 'authorize must be a function'],
    ['an option that is not known', { authorize, cors: true }, 'cors is not an option'],
    ['a short secret', { authorize, secret: 'short' }, 'secret must be'],
    ['another delivery', { authorize, delivery: 'never' }, 'delivery must be'],
    ['a limit of nothing', { authorize, limits: { requests: 0 } }, 'limits.requests must be'],
    [
      'a limit that is not known',
      { authorize, limits: { rate: 1 } },
      'limits.rate is not an option',
    ],
    ['a span that no timer takes', { authorize, limits: { per: 2 ** 31 } }, 'limits.per must be'],
    ['a URL of no length', { authorize, limits: { url: 1 } }, 'limits.url must be'],
    ['a format that is none', { authorize, formats: ['parquet'] }, 'formats[0] must be a format'],
    ['a clock that is a time', { authorize, now: 1 }, 'now must be a function'],
  ])('refuse %s before the app starts', (_, options, detail) => {
    expect(() => made(options)).toThrow(
      expect.objectContaining({
        code: 'AUDIT_OPTION_INVALID',
        detail: expect.stringContaining(detail),
      }),
    )
  })

  it('refuse what is no audit', () => {
    expect(() => made({ authorize }, {})).toThrow(
      expect.objectContaining({ code: 'AUDIT_OPTION_INVALID' }),
    )
  })
})
