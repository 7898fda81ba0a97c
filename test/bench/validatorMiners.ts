import type { AnswerEvent } from '../../src/axon/answer.ts'
import { generateAxonKey } from '../../src/axon/axonKey.ts'
import { startAxon } from '../../src/axon/startAxon.ts'
import { pairFromUri } from '../../src/keys/derive.ts'
import { toHex } from '../../src/keys/hex.ts'
import { sumOf } from '../unit/validator/sums.ts'

/** Where one miner of the benchmark is. */
export interface BenchMiner {
  readonly hotkey: string
  readonly host: string
  readonly port: number
  readonly publicKey: string
}

export const genesis = `0x${'11'.repeat(32)}`
export const netuid = 1
export const domain = 'sums'

const traceHash = '22'.repeat(32)

// Run as a process of its own: real axons that take so long for each answer. Says where they are, and ends with its parent.
const [count, answerMs] = process.argv.slice(2).map(Number)
if (count !== undefined && answerMs !== undefined && process.send !== undefined) {
  const miners: BenchMiner[] = []
  for (let i = 0; i < count; i++) miners.push(await startMiner(i, answerMs))
  process.send(miners)
  process.on('disconnect', () => process.exit(0))
}

async function startMiner(i: number, answerMs: number): Promise<BenchMiner> {
  const { address: hotkey } = await pairFromUri(`//bench/${i}`)
  const key = generateAxonKey()
  // Networks of their own, where the loopback has more than one address: else all would count as neighbours.
  const host = process.platform === 'linux' ? `127.1.${i}.1` : '127.0.0.1'
  const axon = await startAxon({
    host,
    port: 0,
    key,
    hotkey,
    genesis,
    netuid,
    domains: [domain],
    models: [],
    admit: () => ({ ok: true, stake: 0n }),
    async *answer({ request }): AsyncGenerator<AnswerEvent> {
      const question = request.messages.at(-1)!.content
      await new Promise((resolve) => setTimeout(resolve, answerMs))
      // One in five is wrong, each in its own way.
      const isRight = (i * 7 + question.length * 13 + question.charCodeAt(question.length - 4)) % 5 !== 0
      yield { type: 'text', text: isRight ? sumOf(question) : String(i) }
      yield { type: 'done', reason: 'stop', promptTokens: 20, completionTokens: 5, traceHash, confidence: 0.8 }
    },
  })
  return { hotkey, host, port: axon.port, publicKey: toHex(key.publicKey) }
}
