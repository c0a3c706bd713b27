// One client in a thread of its own: what it measures is the server's time, and none of its own work
// stands in the server's way.
import { Agent, get } from 'node:http'
import { parentPort, workerData } from 'node:worker_threads'

interface Asked {
  readonly port: number
  readonly requests: number
}

const { port, requests }: Asked = workerData
const agent = new Agent({ keepAlive: true, maxSockets: 1 })

const ask = (number: number): Promise<void> =>
  new Promise((resolve, reject) => {
    get({ port, agent, path: `/invoices/${number}` }, (response) => {
      response.on('end', resolve).resume()
    }).on('error', reject)
  })

const taken: number[] = []
for (let number = 0; number < requests; number++) {
  const start = performance.now()
  await ask(number)
  taken.push((performance.now() - start) * 1_000)
}
agent.destroy()
parentPort?.postMessage(taken, [])
