import { isAuditError } from '../../src/errors.ts'
import { type Fence, reader } from '../../src/read/reader.ts'
import type { Reading } from '../../src/read/reading.ts'
import type { RouteAction, Settings } from './options.ts'
import type { RouteContext, RoutesAudit } from './visit.ts'

/** What a caller may see. */
export interface Admitted {
  readonly reading: Reading
  readonly tenant: string | null | undefined
  readonly seesAll: boolean
}

/** It may not. */
export interface Refused {
  readonly refused: string
  readonly error?: unknown
}

const everything: Fence = { tenants: 'all' }

const onlyTenant = ({ tenant, tenants }: Fence): string | null | undefined => {
  if (tenant !== undefined) return tenant
  return tenants !== 'all' && tenants?.length === 1 ? tenants[0] : undefined
}

const seesAll = ({ tenants, actors, fields }: Fence): boolean =>
  tenants === 'all' && actors === undefined && fields === undefined

/**
 * Asks the app. Only `true` and a fence without a slip in it let anybody in.
 * @throws what `authorize` throws.
 */
export const admit = async (
  audit: RoutesAudit,
  c: RouteContext,
  action: RouteAction,
  { authorize, secret, archive }: Settings,
  includeArchive: boolean,
): Promise<Admitted | Refused> => {
  const answer = await authorize(c, action)
  if (answer === true || (typeof answer === 'object' && answer !== null)) {
    // A copy: what the app does with its own later moves no fence.
    const fence = answer === true ? everything : { ...answer }
    try {
      return {
        reading: reader((includeArchive ? archive : undefined) ?? audit, fence, { secret }),
        tenant: onlyTenant(fence),
        seesAll: seesAll(fence),
      }
    } catch (error) {
      // The app is told in the trail: the caller has no part in it.
      if (isAuditError(error)) return { refused: 'fence', error }
      throw error
    }
  }
  return { refused: 'authorize' }
}
