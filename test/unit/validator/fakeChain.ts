import { ChainError } from '../../../src/chain/chainError.ts'
import type { WeightsView } from '../../../src/validator/planWeights.ts'
import { weightsEraBlocks } from '../../../src/validator/planWeights.ts'
import type { WeightsChain } from '../../../src/validator/weightsChain.ts'
import type { WeightsRow } from '../../../src/validator/weightsRow.ts'

/** What becomes of the next submission. */
export type Fate =
  /** In the next block. */
  | { readonly type: 'well' }
  /** The chain refuses it. */
  | { readonly type: 'refused' }
  /** The connection is lost before the chain has it, or after; then it is in a block so many blocks later. */
  | { readonly type: 'cut'; readonly landsIn: number | undefined }
  /** The process is killed; likewise. */
  | { readonly type: 'killed'; readonly landsIn: number | undefined }

interface Waiting {
  readonly call: WeightsRow['kind'] | 'reveal'
  readonly hash: string
  readonly atBlock: number
}

/** The chain's rules for one validator's weights, without everything else, and with a say in what goes wrong. */
export class FakeChain implements WeightsChain {
  block = 100
  tempoBlocks = 20
  lastEpochBlock = 95
  epochIndex = 4
  revealPeriodEpochs = 1
  rateLimitBlocks = 0
  lastUpdateBlock = 0
  commitReveal = true
  /** The validator's own choice. */
  timelocked = false
  mayValidate = true
  fate: Fate = { type: 'well' }
  /** Epochs in which commits and open sets were taken, and hashes that were revealed or set. */
  readonly taken: number[] = []
  readonly shown: string[] = []
  /** Reveals that were sent outside their epoch. */
  readonly misplacedReveals: string[] = []
  /** Resolves when the process of now is killed. */
  killed: Promise<void>
  #kill: () => void = () => undefined
  #commits: { hash: string; epoch: number }[] = []
  #waiting: Waiting[] = []

  constructor() {
    this.killed = Promise.resolve()
    this.startProcess()
  }

  startProcess(): void {
    this.killed = new Promise((resolve) => {
      this.#kill = resolve
    })
  }

  advance(): void {
    this.block++
    if (this.#epochAt(this.block) > this.epochIndex) {
      this.lastEpochBlock = this.block
      this.epochIndex++
    }
    const now = this.#waiting.filter(({ atBlock }) => atBlock <= this.block)
    this.#waiting = this.#waiting.filter(({ atBlock }) => atBlock > this.block)
    for (const { call, hash } of now) this.#execute(call, hash)
  }

  /** The block with the newest commit loses to another one; the pool has the commit, and it is in a block again later. */
  retract(landsIn: number): void {
    const { hash } = this.#commits.pop()!
    this.taken.pop()
    this.lastUpdateBlock = 0
    this.#waiting.push({ call: 'commit', hash, atBlock: this.block + landsIn })
  }

  view(): Promise<WeightsView> {
    return Promise.resolve({
      epoch: {
        block: this.block,
        tempoBlocks: this.tempoBlocks,
        lastEpochBlock: this.lastEpochBlock,
        pendingEpochAt: 0,
        blocksSinceLastStep: this.block - this.lastEpochBlock,
        epochIndex: this.epochIndex,
        revealPeriodEpochs: this.revealPeriodEpochs,
      },
      commitReveal: this.commitReveal,
      timelocked: this.timelocked,
      rateLimitBlocks: this.rateLimitBlocks,
      versionKey: 0n,
      minAllowedWeights: 1,
      uid: 3,
      mayValidate: this.mayValidate,
      lastUpdateBlock: this.lastUpdateBlock,
      commits: new Map(this.#commits.map(({ hash, epoch }) => [hash, { epoch }])),
    })
  }

  hashOf({ id, salt }: WeightsRow): string {
    return `${id} ${salt.join()}`
  }

  async send(row: WeightsRow): Promise<{ epoch: number; block: number }> {
    const hash = this.hashOf(row)
    await this.#submit(row.kind, hash)
    const commit = this.#commits.find((candidate) => candidate.hash === hash)
    return { epoch: commit?.epoch ?? this.epochIndex, block: this.block }
  }

  async reveal(row: WeightsRow): Promise<void> {
    const hash = this.hashOf(row)
    const commit = this.#commits.find((candidate) => candidate.hash === hash)
    if (commit === undefined || this.#epochAt(this.block + 1) !== commit.epoch + this.revealPeriodEpochs) {
      this.misplacedReveals.push(hash)
    }
    await this.#submit('reveal', hash)
  }

  async #submit(call: Waiting['call'], hash: string): Promise<void> {
    const { fate } = this
    this.fate = { type: 'well' }
    if (fate.type === 'refused') throw refusal(call)
    if (fate.type === 'well') {
      this.advance()
      if (!this.#execute(call, hash)) throw refusal(call)
      return
    }
    // Signed for an era: later than its end it enters no block.
    if (fate.landsIn !== undefined && fate.landsIn < weightsEraBlocks) {
      this.#waiting.push({ call, hash, atBlock: this.block + fate.landsIn })
    }
    if (fate.type === 'cut') throw new Error('the connection was lost')
    this.#kill()
    await new Promise(() => undefined)
  }

  #epochAt(block: number): number {
    return this.epochIndex + (this.tempoBlocks > 0 && block - this.lastEpochBlock >= this.tempoBlocks ? 1 : 0)
  }

  #execute(call: Waiting['call'], hash: string): boolean {
    this.#commits = this.#commits.filter(
      ({ epoch }) => call !== 'commit' || epoch + this.revealPeriodEpochs >= this.epochIndex,
    )
    if (call === 'reveal') {
      const at = this.#commits.findIndex((candidate) => candidate.hash === hash)
      if (at === -1 || this.#commits[at]!.epoch + this.revealPeriodEpochs !== this.epochIndex) return false
      this.#commits.splice(0, at + 1)
      this.shown.push(hash)
      return true
    }
    if ((call !== 'set') !== this.commitReveal) return false
    if (call === 'commit' && this.#commits.length >= 10) return false
    if (this.lastUpdateBlock !== 0 && this.block - this.lastUpdateBlock < this.rateLimitBlocks) return false
    this.taken.push(this.epochIndex)
    this.lastUpdateBlock = this.block
    if (call === 'commit') this.#commits.push({ hash, epoch: this.epochIndex })
    else this.shown.push(hash)
    return true
  }
}

function refusal(call: string): ChainError {
  return new ChainError(`${call} refused`, { code: 'refused', reason: 'RateLimitExceeded', call, custom: 6 })
}
