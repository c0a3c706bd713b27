// Puts objects, a few at once and over one another, until it is killed; says which of them were put.
import { writeSync } from 'node:fs'
import process from 'node:process'
import { directory } from '../../../adapters/archive/directory.ts'

const [home = ''] = process.argv.slice(2)
const objects = directory(home)

const putOn = async (worker: number): Promise<never> => {
  for (let n = 0; ; n += 1) {
    const path = `worker=${worker}/day=${n % 5}/object`
    const bytes = Buffer.from(`${n}\n`.repeat(200_000))
    await objects.put(path, new Uint8Array(bytes))
    writeSync(1, `${path} ${n}\n`)
    if (n % 7 === 6) await objects.remove(`worker=${worker}/day=${(n + 1) % 5}/object`)
  }
}
await Promise.all([putOn(0), putOn(1), putOn(2)])
