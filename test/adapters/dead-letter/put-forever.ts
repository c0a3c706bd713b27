// Puts letters, a few at once, until it is killed; says the number of each letter whose put resolved.
import { writeSync } from 'node:fs'
import process from 'node:process'
import { fileDeadLetter } from '../../../adapters/dead-letter/file.ts'
import { letter } from '../../conformance/dead-letter.ts'

const [directory = ''] = process.argv.slice(2)
const { put } = fileDeadLetter(directory)

let next = 0
const putOn = async (): Promise<never> => {
  for (;;) {
    const [one, two] = [next++, next++]
    await put([letter(one, 'x'.repeat(20_000)), letter(two)])
    writeSync(1, `${one}\n${two}\n`)
  }
}
await Promise.all([putOn(), putOn(), putOn()])
