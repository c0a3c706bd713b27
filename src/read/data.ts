import type { Kind } from '../event/schema.ts'

// What the library's own functions write into `data`, by kind. An app may add to it, and what was
// stored by another version may lack it.

type Open<Data> = { readonly [Name in keyof Data]?: Data[Name] | undefined } & {
  readonly [name: string]: unknown
}

interface Data {
  request: {
    status: number | null
    durationMs: number
    requestBytes: number | null
    responseBytes: number | null
    query: Readonly<Record<string, unknown>>
    headers: Readonly<Record<string, string>>
  }
  auth: { name: string; method: string; failure: string; sessionHash: string }
  process: {
    phase: 'started' | 'registered' | 'ended'
    step: string
    name: string
    description: string
    durationMs: number
    parent: string
    steps: readonly {
      readonly name: string
      readonly expects?: number
      readonly description?: string
    }[]
  }
  access: { count: number; filter: unknown }
  export: {
    type: string
    format: string
    records: number
    bytes: number
    filters: unknown
    purpose: string
    sha256: string
  }
  system: {
    title: string
    description: string
    severity: string
    code: string
    module: string
    function: string
    line: number
    fingerprint: string
    note: string
    count: number
  }
  security: { rule: string; severity: string; count: number; source: string; sample: string }
  change: object
  custom: object
}

/** What `data` of an event of this kind holds, where it is there. */
export type DataOf<K extends Kind> = K extends Kind ? Open<Data[K]> : never
