import type { Metagraph, Neuron } from '../chain/getMetagraph.ts'

/** How a validator stands among the others, as of the metagraph's block. */
export interface Standing {
  /** In [0, 1]: how far its weights agree with the consensus. */
  readonly vtrust: number
  /** Median over the other active validators with a permit; undefined where there are none. */
  readonly othersVtrust: number | undefined
  /** In [0, 1]: its part of all dividends. */
  readonly dividends: number
  /** Blocks since its last weights or commit, or since its registration. */
  readonly weightAgeBlocks: number
  readonly hasPermit: boolean
}

const one = 65_535

/** @returns undefined where the hotkey has no place on the subnet */
export function standingOf({ neurons, block, ownerHotkey }: Metagraph, hotkey: string): Standing | undefined {
  const own = neurons.find((neuron) => neuron.hotkey === hotkey)
  if (own === undefined) return undefined
  const others = neurons.filter((neuron) => neuron !== own && neuron.validatorPermit && neuron.active)
  return {
    vtrust: own.validatorTrust / one,
    othersVtrust: medianTrust(others),
    dividends: own.dividends / one,
    weightAgeBlocks: Math.max(0, block - Number(own.lastUpdate)),
    // The owner's hotkey needs none.
    hasPermit: own.validatorPermit || ownerHotkey === hotkey,
  }
}

function medianTrust(validators: readonly Neuron[]): number | undefined {
  const sorted = validators.map(({ validatorTrust }) => validatorTrust / one).sort((a, b) => a - b)
  const middle = sorted.length >> 1
  if (sorted.length % 2 === 1) return sorted[middle]
  return sorted.length === 0 ? undefined : (sorted[middle - 1]! + sorted[middle]!) / 2
}
