export interface User {
  readonly id: string
  readonly name: string
  readonly role: 'accountant' | 'clerk'
  readonly tenant: string
}

const all: readonly User[] = [
  { id: 'ada', name: 'Ada Lindqvist', role: 'accountant', tenant: 'acme' },
  { id: 'bo', name: 'Bo Chen', role: 'clerk', tenant: 'acme' },
  { id: 'cleo', name: 'Cleo Marsh', role: 'accountant', tenant: 'globex' },
]

/** Who may be named in the header `x-demo-user`. */
export const users: ReadonlyMap<string, User> = new Map(all.map((user) => [user.id, user]))
