// Runs in workerd, driven by bearer-key-set.test.ts: one resolver for all requests, as an app has it.
import { Hono } from 'hono'
import { bearer } from '../../../adapters/actor/bearer.ts'

declare const JWKS_URL: string // written in when it is bundled

const resolve = bearer({ jwks: JWKS_URL })

// oxlint-disable-next-line import/no-default-export -- where workerd looks
export default new Hono().get('/', async (c) => c.json((await resolve(c)) ?? null))
