import { afterEach, describe, expect, it } from 'vitest'
import { clientOf, vercel } from './client-of.ts'

afterEach(() => {
  Reflect.deleteProperty(globalThis, vercel)
})

describe('geo', () => {
  it('is Cloudflare’s cf', async () => {
    const cf = {
      country: 'DE',
      city: 'Köln',
      asn: 3320,
      colo: 'FRA',
      region: 'NRW',
      postalCode: '50667',
      timezone: 'Europe/Berlin',
      latitude: '50.9',
      longitude: '6.9',
      tlsCipher: 'x',
    }
    const { tlsCipher: _, ...geo } = cf
    expect((await clientOf({ cf })).geo).toEqual(geo)
  })

  it('is Vercel’s headers, decoded, only where Vercel’s context stands behind them', async () => {
    const headers = {
      'x-vercel-ip-country': 'DE',
      'x-vercel-ip-city': 'K%C3%B6ln',
      'x-vercel-ip-country-region': '%',
    }
    expect((await clientOf({ headers })).geo).toBeUndefined()
    Reflect.set(globalThis, vercel, { get: () => ({}) })
    expect((await clientOf({ headers })).geo).toEqual({ country: 'DE', city: 'Köln', region: '%' })
  })
})
