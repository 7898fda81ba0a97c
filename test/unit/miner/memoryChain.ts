import pino from 'pino'
import type { Log } from '../../../src/base/log.ts'
import type { Hotkey, Rao } from '../../../src/base/units.ts'
import type { AnnouncedAxon, MinerChain, NeuronView } from '../../../src/miner/minerChain.ts'

export const genesis = `0x${'11'.repeat(32)}`

/** A subnet in memory, as far as a miner sees one. */
export class MemoryChain implements MinerChain {
  readonly genesis = genesis
  readonly announced: AnnouncedAxon[] = []
  neurons: NeuronView[]
  /** Thrown by each read, each announcement. */
  readError: Error | undefined
  announceError: Error | undefined
  reads = 0
  closed = 0

  constructor(hotkeys: readonly string[]) {
    this.neurons = hotkeys.map((hotkey, uid) => neuron(uid, hotkey))
  }

  async read() {
    this.reads++
    if (this.readError !== undefined) throw this.readError
    return { block: this.reads, neurons: this.neurons }
  }

  async announce(axon: AnnouncedAxon): Promise<void> {
    if (this.announceError !== undefined) throw this.announceError
    this.announced.push(axon)
    const [algorithm, ...key] = axon.certificate
    const certificate = { algorithm: algorithm!, publicKey: Uint8Array.from(key) }
    this.neurons = this.neurons.map((each) =>
      each.uid === 0 ? { ...each, axon: { ...axon, version: 1, block: 1n }, certificate } : each,
    )
  }

  async close(): Promise<void> {
    this.closed++
  }
}

export function neuron(uid: number, hotkey: string): NeuronView {
  return {
    uid,
    hotkey: hotkey as Hotkey,
    alphaStake: BigInt(uid) as Rao,
    validatorPermit: false,
    axon: undefined,
    certificate: undefined,
  }
}

/** A log whose lines are kept: level and message. */
export function keptLog(): { log: Log; lines: string[] } {
  const lines: string[] = []
  const write = (line: string): void => {
    const { level, msg } = JSON.parse(line) as { level: number; msg: string }
    lines.push(`${pino.levels.labels[level]}: ${msg}`)
  }
  return { log: pino({ level: 'debug' }, { write }), lines }
}

/** Waits until something holds; fails after 10 seconds. */
export async function until(holds: () => boolean, what: string): Promise<void> {
  const deadlineMs = performance.now() + 10_000
  while (!holds()) {
    if (performance.now() > deadlineMs) throw new Error(`never came true: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
