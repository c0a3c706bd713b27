// Compiled, never run: what the factories make is what the option takes, alone and in a list.
import { bearer } from '../../../adapters/actor/bearer.ts'
import { jwtPayload } from '../../../adapters/actor/jwt-payload.ts'
import type { ActorResolver } from '../../../src/input.ts'

export const accepted: readonly ActorResolver[] = [jwtPayload(), bearer({ key: 'secret' })]

// @ts-expect-error what verifies tokens needs to be told with what
export const refused = bearer()
