import type { Signer } from '../keys/signer.ts'
import { composeCall } from './calls.ts'
import type { Chain } from './connect.ts'
import { type Submission, type Submitted, submit } from './submit.ts'

export interface Weights {
  readonly uids: readonly number[]
  /** u16 each, the largest 65535. See `quantiseWeights`. */
  readonly values: readonly number[]
}

/** Sets weights openly; only where the subnet has commit-reveal off. Signed by the validator's hotkey. */
export async function setWeights(
  chain: Chain,
  options: { signer: Signer; netuid: number; weights: Weights; versionKey?: bigint } & Submission,
): Promise<Submitted> {
  const { netuid, weights, versionKey = 0n, ...submission } = options
  const args = [netuid, [...weights.uids], [...weights.values], versionKey]
  return await submit(chain, composeCall(chain, 'SubtensorModule', 'set_weights', args), submission)
}

/**
 * Weights in any unit → what the chain takes: scaled so that the largest is 65535, rounded half to even, zeros left out.
 *
 * @param weights not negative, one per uid in order
 * @throws RangeError for a weight that is negative or not finite
 * @see facts: commit-reveal.md, 2
 */
export function quantiseWeights(weights: readonly number[]): Weights {
  const uids: number[] = []
  const values: number[] = []
  const largest = Math.max(0, ...weights)
  for (const [uid, weight] of weights.entries()) {
    if (!(weight >= 0) || !Number.isFinite(weight))
      throw new RangeError(`weights: ${weight} of uid ${uid} is not a weight`)
    const value = largest === 0 ? 0 : roundHalfToEven((weight / largest) * 65535)
    if (value === 0) continue
    uids.push(uid)
    values.push(value)
  }
  return { uids, values }
}

function roundHalfToEven(x: number): number {
  const low = Math.floor(x)
  const rest = x - low
  if (rest !== 0.5) return Math.round(x)
  return low % 2 === 0 ? low : low + 1
}
