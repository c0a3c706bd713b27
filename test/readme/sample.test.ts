import { afterAll, describe, expect, it } from 'vitest'
import { blocksOf, commandsOf, promised } from './blocks.ts'
import { pages } from './project.ts'

const page = `# Sample

\`\`\`ts run
import { createHash } from 'node:crypto'
const size: number = createHash('sha256').digest().length
console.log(size) // → 32
// → done
console.log('done')
\`\`\`

1. In a list:

   \`\`\`ts workers
   export default { fetch: (_request: Request, env: { letters: KVNamespace }) => new Response(String(env.letters)) }
   \`\`\`

\`\`\`sh
$ npm ci && npm test   # everything
npm i edge-audit \\
  hono
\`\`\`

~~~ts
const wrong: number = 'text'
~~~
`

const place = pages('readme-sample')
afterAll(() => place.remove())

const blocks = blocksOf(page)
const [first, second, shell, wrong] = blocks

describe('the test of the README', () => {
  it('finds every block, with its line and its marks', () => {
    expect(blocks.map(({ line, language, words }) => [line, language, ...words])).toEqual([
      [3, 'ts', 'run'],
      [13, 'ts', 'workers'],
      [17, 'sh'],
      [23, 'ts'],
    ])
  })

  it('takes a block out of its list', () => {
    expect(second?.text).toMatch(/^export default/)
  })

  it('reads commands without prompts and comments', () => {
    expect(shell && commandsOf(shell)).toEqual(['npm ci && npm test', 'npm i edge-audit hono'])
  })

  it('refuses a block that is never closed', () => {
    expect(() => blocksOf('text\n```ts\nconst a = 1')).toThrow('line 2')
  })

  it('compiles blocks with the types of their runtime', async () => {
    expect(first && second && (await place.check([first, second]))).toEqual({ code: 0, output: '' })
  })

  it('runs a block and compares its output', async () => {
    expect(first && (await place.run(first))).toEqual({
      code: 0,
      output: '32\ndone\n',
      promised: ['32', 'done'],
    })
    expect(first && promised(first)).toEqual(['32', 'done'])
  })

  it('fails a block that does not compile, and names its line of the page', async () => {
    const outcome = wrong && (await place.check([wrong]))
    expect(outcome?.code).toBe(1)
    expect(outcome?.output).toContain('line-23.ts(24,7): error TS2322')
  })

  it('fails a block that throws', async () => {
    const block = { line: 1, language: 'ts', words: ['run'], text: `throw new Error('no')\n` }
    expect((await place.run(block)).code).toBe(1)
  })
})
