import { roundsBeforeSwap, swap } from './casts.ts'
import { playSubnet } from './playSubnet.ts'

/** What a miner gains by serving a cheaper model after a good start. */
export interface SwapGain {
  /** After the swap: what it was paid above a miner that served the cheaper one all along, in epochs of an expert's pay. */
  readonly epochsOfExpertPay: number
  /** Epochs after the swap until it was paid less than halfway between the two. */
  readonly epochsUntilNoticed: number
  /** Questions that it was asked in an epoch, on average. */
  readonly asksAnEpoch: number
}

const asksARound = 4

/** @throws Error where nobody was paid before the swap, or the swap is not noticed before the end */
export async function swapGain(): Promise<SwapGain> {
  const standings = await playSubnet(swap(), {})
  const after = standings.filter(({ asks }) => asks >= roundsBeforeSwap * asksARound)
  const expertOf = (incentive: ReadonlyMap<string, number>): number =>
    (incentive.get('expert-1')! + incentive.get('expert-2')!) / 2
  if (expertOf(after[0]!.incentive) === 0) throw new Error('the model was swapped before the first pay')
  const excess = after.map(
    ({ incentive }) => (incentive.get('swapper')! - incentive.get('cheap')!) / expertOf(incentive),
  )
  const noticed = after.findIndex(({ incentive }) => {
    const halfway = (expertOf(incentive) + incentive.get('cheap')!) / 2
    return incentive.get('swapper')! < halfway
  })
  if (noticed === -1) throw new Error('the swapped model was still paid as the better one at the end')
  const [first, last] = [after[0]!, after.at(-1)!]
  return {
    epochsOfExpertPay: excess.reduce((sum, part) => sum + part, 0),
    epochsUntilNoticed: noticed,
    asksAnEpoch: (last.asks - first.asks) / (last.epoch - first.epoch),
  }
}
