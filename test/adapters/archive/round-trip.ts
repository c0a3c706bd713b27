import type { ObjectStore } from '../../../src/ports/archive.ts'

const encoder = new TextEncoder()
const decoder = new TextDecoder()

const odd = 'tenant=a b+c%/day=2026-01-02/日本 👍.gz'
const page = 1_000

/** What a run archives, reads and purges, in short; `aborted` is a signal that is. */
export const roundTrip = async (
  objects: ObjectStore,
  aborted: AbortSignal,
): Promise<readonly string[]> => {
  const seen: string[] = []
  const note = (value: unknown): void => {
    seen.push(String(value))
  }
  const read = async (path: string): Promise<string> => {
    const bytes = await objects.get(path)
    return bytes === undefined ? 'nothing' : decoder.decode(bytes)
  }
  const count = async (prefix: string): Promise<number> => {
    let found = 0
    for await (const path of objects.list(prefix)) if (path.startsWith(prefix)) found += 1
    return found
  }
  await objects.put(odd, encoder.encode('first'))
  await objects.put(odd, encoder.encode('second'), { mediaType: 'application/gzip' })
  await objects.put('empty', new Uint8Array())
  note(await read(odd))
  note(await read('empty'))
  note(await read('none'))
  for await (const path of objects.list('')) note(path)
  for (let from = 0; from <= page; from += 50) {
    const some = Array.from({ length: 50 }, (_, n) => `many/${from + n}`)
    await Promise.all(some.map((path) => objects.put(path, encoder.encode(path))))
  }
  note(await count('many/'))
  await objects.remove(odd)
  await objects.remove(odd)
  note(await read(odd))
  for (const call of [
    objects.put('../a', new Uint8Array()),
    objects.get('empty', { signal: aborted }),
  ])
    note(await call.catch((error: unknown) => error))
  return seen
}

/** What every store on every runtime has to say to it. */
export const expected: readonly string[] = [
  'second',
  '',
  'nothing',
  'empty',
  odd,
  '1050',
  'nothing',
  'AuditError: The archive refused and would again: look up the code (path)',
  'AuditError: The archive did not answer: check its address, keys and load (aborted)',
]
