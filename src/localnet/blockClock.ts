import { messageOf } from '../base/errors.ts'
import { ForkError } from './fork/forkError.ts'
import type { BlockInterval } from './interval.ts'

export interface BlockClockOptions {
  /** Makes one block. @param timestampMs wall-clock time at which the block was due */
  readonly produce: (timestampMs: number) => void
  /** Whether an instant block has anything to include. */
  readonly hasWork: () => boolean
  readonly nowMs: () => number
  /** Hears why block production ended, or waits. */
  readonly note: (line: string) => void
}

/** Decides when blocks are made. At a set pace they are due at fixed distances, so that late timers do not add up. */
export class BlockClock {
  readonly #options: BlockClockOptions
  #interval: BlockInterval = { kind: 'manual' }
  #timer: NodeJS.Timeout | undefined
  #immediate: NodeJS.Immediate | undefined
  #dueMs = 0
  /** Whether the last block could not be made, and why was told. */
  #isWaiting = false

  constructor(options: BlockClockOptions) {
    this.#options = options
  }

  get interval(): BlockInterval {
    return this.#interval
  }

  /** Goes over to another interval at once. */
  start(interval: BlockInterval): void {
    this.stop()
    this.#interval = interval
    if (interval.kind === 'every') {
      this.#dueMs = this.#options.nowMs() + interval.ms
      this.#schedule(interval.ms)
    }
    this.wake()
  }

  stop(): void {
    clearTimeout(this.#timer)
    clearImmediate(this.#immediate)
    this.#timer = undefined
    this.#immediate = undefined
    this.#interval = { kind: 'manual' }
  }

  /** Something became ready: an instant chain makes a block of all that arrive in this turn of the event loop. */
  wake(): void {
    if (this.#interval.kind !== 'instant' || this.#immediate !== undefined) return
    this.#immediate = setImmediate(() => {
      this.#immediate = undefined
      if (!this.#options.hasWork()) return
      if (this.#produce(this.#options.nowMs()) && this.#options.hasWork()) this.wake()
    })
  }

  #schedule(everyMs: number): void {
    const now = this.#options.nowMs()
    // After a pause of the whole process, go on from now instead of making up for what was missed.
    if (now - this.#dueMs > everyMs) this.#dueMs = now
    // A wall clock that was set back must not hold blocks up until it is there again.
    if (this.#dueMs - now > everyMs) this.#dueMs = now + everyMs
    this.#timer = setTimeout(
      () => {
        this.#produce(this.#dueMs)
        if (this.#timer === undefined) return
        this.#dueMs += everyMs
        this.#schedule(everyMs)
      },
      Math.max(0, this.#dueMs - now),
    )
  }

  /** @returns whether there is a block */
  #produce(timestampMs: number): boolean {
    try {
      this.#options.produce(timestampMs)
      this.#isWaiting = false
      return true
    } catch (error) {
      if (isPassing(error)) {
        if (!this.#isWaiting) this.#options.note(`no block for now: ${messageOf(error)}`)
        this.#isWaiting = true
        return false
      }
      // The same state would fail in the same way for ever; what is there can still be looked at.
      this.stop()
      this.#options.note(`block production stopped: ${error instanceof Error ? error.stack : messageOf(error)}`)
      return false
    }
  }
}

/** A fork's source that is silent now may answer for the next block. */
function isPassing(error: unknown): boolean {
  return error instanceof ForkError && error.failure.code === 'fork-source-silent'
}
