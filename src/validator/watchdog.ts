import { untilAborted } from '../base/sleep.ts'
import { ValidatorError } from './validatorError.ts'

/** Parts of a validator that must go on. */
export type Pulse = 'block' | 'round'

export interface Watchdog {
  beat(pulse: Pulse): void
  /** Which of them has stood still for too long, in words; undefined while all go on. */
  stalled(): string | undefined
}

const texts: Readonly<Record<Pulse, string>> = { block: 'no block was followed', round: 'no round was finished' }

/**
 * Notices a validator that hangs, so that whatever keeps it running can start it anew.
 *
 * @param pulses those that are to be heard
 * @param ms how long each may be silent; 0: for ever
 */
export function makeWatchdog(pulses: readonly Pulse[], ms: number, nowMs = () => performance.now()): Watchdog {
  const last = new Map(pulses.map((pulse) => [pulse, nowMs()]))
  return {
    beat(pulse) {
      if (last.has(pulse)) last.set(pulse, nowMs())
    },
    stalled() {
      const silent = [...last].filter(([, atMs]) => ms > 0 && nowMs() - atMs > ms)
      if (silent.length === 0) return undefined
      return `${silent.map(([pulse]) => texts[pulse]).join(' and ')} for ${Math.round(ms / 1_000)} s`
    },
  }
}

const lookMs = 1_000

/** @returns a promise that never resolves, and rejects with `stalled` once something stands still before the signal fires */
export function untilStalled(watchdog: Watchdog, signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const timer = setInterval(() => {
      const why = watchdog.stalled()
      if (why !== undefined)
        reject(new ValidatorError(why, { code: 'stalled' }, { mend: 'it ends, to be started anew' }))
    }, lookMs)
    void untilAborted(signal).then(() => clearInterval(timer))
  })
}
