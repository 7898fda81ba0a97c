import type { Standing } from './standing.ts'

/** How far below the others' median, and for how many epochs in a row, before it is told. */
export const vtrustGap = 0.1
export const vtrustEpochs = 3

export interface VtrustWatch {
  /** The standing at an epoch; the last one of each epoch counts. */
  note(epochIndex: number, standing: Pick<Standing, 'vtrust' | 'othersVtrust'>): void
  /** Whether it has been clearly below the others in each of the newest epochs. */
  readonly isBehind: boolean
}

/** Notices that a validator agrees less with the consensus than the others do, which costs it dividends. */
export function watchVtrust(): VtrustWatch {
  const behind = new Map<number, boolean>()
  return {
    note(epochIndex, { vtrust, othersVtrust }) {
      behind.set(epochIndex, othersVtrust !== undefined && vtrust < othersVtrust - vtrustGap)
      for (const known of behind.keys()) if (known <= epochIndex - vtrustEpochs) behind.delete(known)
    },
    get isBehind() {
      return behind.size >= vtrustEpochs && [...behind.values()].every((isBehind) => isBehind)
    },
  }
}
