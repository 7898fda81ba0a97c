import { onTestFinished } from 'vitest'
import { generateAxonKey } from '../../../src/axon/axonKey.ts'
import { type Axon, startAxon } from '../../../src/axon/startAxon.ts'
import type { Target } from '../../../src/dendrite/target.ts'
import { pairFromUri } from '../../../src/keys/derive.ts'
import { identity } from './scratch.ts'

/** What a test miner says to a question; a promise that never ends keeps the caller waiting. */
export type Say = (question: string, domain: string, signal: AbortSignal, caller: string) => Promise<string> | string

export interface TestAxon {
  readonly axon: Axon
  readonly target: Target
  /** Every question so far, in the order in which they came. */
  readonly asked: { readonly domain: string; readonly question: string }[]
  /** The most answers that were made at one time. */
  readonly mostAtOnce: () => number
}

export interface TestAxonOptions {
  /** Key URI of its hotkey. */
  readonly uri: string
  readonly domains: readonly string[]
  readonly say: Say
  /** To listen on; default 127.0.0.1. */
  readonly host?: string
  readonly genesis?: string
  readonly netuid?: number
}

const traceHash = '00'.repeat(32)

/** A real axon on a free port of this machine that answers what the test wants. */
export async function testAxon(options: TestAxonOptions): Promise<TestAxon> {
  const { uri, domains, say, host = '127.0.0.1', genesis = identity.genesis, netuid = identity.netuid } = options
  const { address: hotkey } = await pairFromUri(uri)
  const key = generateAxonKey()
  const asked: { domain: string; question: string }[] = []
  let now = 0
  let most = 0
  const axon = await startAxon({
    host,
    port: 0,
    key,
    hotkey,
    genesis,
    netuid,
    domains,
    models: [],
    admit: () => ({ ok: true, stake: 0n }),
    async *answer({ domain, request }, { caller, signal }) {
      const question = request.messages.at(-1)!.content
      asked.push({ domain, question })
      most = Math.max(most, ++now)
      try {
        yield { type: 'text', text: await say(question, domain, signal, caller.hotkey) }
      } finally {
        now--
      }
      yield { type: 'done', reason: 'stop', promptTokens: 1, completionTokens: 1, traceHash }
    },
  })
  onTestFinished(() => axon.close())
  const target = { host, port: axon.port, publicKey: key.publicKey, hotkey }
  return { axon, target, asked, mostAtOnce: () => most }
}
