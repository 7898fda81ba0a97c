import { createHash } from 'node:crypto'
import pino from 'pino'
import type { AnswerEvent, Answerer } from '../../../src/axon/answer.ts'
import { type AxonKey, generateAxonKey } from '../../../src/axon/axonKey.ts'
import { type Axon, startAxon } from '../../../src/axon/startAxon.ts'
import type { Hotkey } from '../../../src/base/units.ts'
import type { GatewayNeuron } from '../../../src/gateway/minerTable.ts'
import { type Gateway, type GatewayOptions, startGateway } from '../../../src/gateway/startGateway.ts'
import { pairFromUri } from '../../../src/keys/derive.ts'
import { localSigner } from '../../../src/keys/signer.ts'
import { announcedIp } from '../../../src/wire/axonAddress.ts'

export const genesis = `0x${'11'.repeat(32)}`
export const netuid = 3
export const fingerprint = '22'.repeat(32)

export interface TestMiner {
  readonly neuron: GatewayNeuron
  readonly axon: Axon
  readonly key: AxonKey
  /** Questions that reached it. */
  readonly asked: string[]
  /** Asks whose signal fired before the answer was whole. */
  readonly cancelled: string[]
}

export interface MinerOptions {
  readonly uid: number
  readonly incentive: number
  readonly domains?: readonly string[]
  /** Of those, the ones that it names a model for; default: all. */
  readonly modelDomains?: readonly string[]
  /** What it does with a question; default: says its uid and the question back, word by word. */
  readonly answer?: Answerer
  readonly port?: number
  readonly key?: AxonKey
}

/** Closes everything that was started, last first. */
export class World {
  readonly #closers: (() => Promise<unknown>)[] = []

  /** A real axon on a free port, and the neuron that the chain would show for it. */
  async miner(options: MinerOptions): Promise<TestMiner> {
    const { uid, incentive, domains = ['medicine'], port = 0, key = generateAxonKey(), answer = echo(uid) } = options
    const { modelDomains = domains } = options
    const { address } = await pairFromUri(`//Miner${uid}`)
    const asked: string[] = []
    const cancelled: string[] = []
    const axon = await startAxon({
      host: '127.0.0.1',
      port,
      key,
      hotkey: address,
      genesis,
      netuid,
      domains,
      models: modelDomains.map((domain) => ({ domain, name: `${domain}/test`, fingerprint })),
      admit: () => ({ ok: true, stake: 0n }),
      answer: async function* (ask, context) {
        const question = ask.request.messages.at(-1)!.content
        asked.push(question)
        context.signal.addEventListener('abort', () => cancelled.push(question))
        yield* answer(ask, context)
      },
    })
    this.#closers.push(() => axon.close())
    const hotkey = address as Hotkey
    const { ip, ipType } = announcedIp('127.0.0.1')
    const certificate = { algorithm: 1, publicKey: key.publicKey }
    const neuron = { uid, hotkey, incentive, axon: { ip, ipType, port: axon.port, version: 1, block: 1n }, certificate }
    return { neuron, axon, key, asked, cancelled }
  }

  /** A gateway over what `neurons` gives; its own hotkey is added. */
  async gateway(neurons: () => readonly GatewayNeuron[], options: Partial<GatewayOptions> = {}): Promise<Gateway> {
    const signer = localSigner(await pairFromUri('//Gateway'))
    const own = { uid: 0, hotkey: signer.address as Hotkey, incentive: 0, axon: undefined, certificate: undefined }
    const gateway = await startGateway({
      readNeurons: async () => [own, ...neurons()],
      signer,
      genesis,
      netuid,
      host: '127.0.0.1',
      port: 0,
      log: pino({ level: 'silent' }),
      pollMs: 100,
      ...options,
    })
    this.#closers.push(() => gateway.close())
    return gateway
  }

  async close(): Promise<void> {
    for (const close of this.#closers.splice(0).reverse()) await close()
  }
}

/** `uid: question`, a word at a time. */
export function echo(uid: number): Answerer {
  return async function* ({ request }) {
    const text = `${uid}: ${request.messages.at(-1)!.content}`
    for (const word of text.split(/(?<= )/)) {
      yield { type: 'text', text: word }
      // Another turn of the event loop, so that the words leave in frames of their own.
      await new Promise((resolve) => setTimeout(resolve, 1))
    }
    yield doneEvent(text)
  }
}

/** Token counts are those of a model with one token a word. */
export function doneEvent(text: string): AnswerEvent {
  const traceHash = createHash('sha256').update(text).digest('hex')
  return { type: 'done', reason: 'stop', promptTokens: 7, completionTokens: text.split(' ').length, traceHash }
}

/** Says some words, then nothing until the ask is cancelled. */
export function stuckAfter(words: readonly string[]): Answerer {
  return async function* (_ask, { signal }) {
    for (const text of words) yield { type: 'text', text }
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
  }
}

export async function until(condition: () => boolean, what: string, timeoutMs = 10_000): Promise<void> {
  const endMs = performance.now() + timeoutMs
  while (!condition()) {
    if (performance.now() > endMs) throw new Error(`not within ${timeoutMs} ms: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
