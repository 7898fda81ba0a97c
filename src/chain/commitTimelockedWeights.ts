import type { Hash } from '../base/units.ts'
import type { Signer } from '../keys/signer.ts'
import { decodeAddress } from '../keys/ss58.ts'
import { encodeWeightsPayload } from '../timelock/payloads.ts'
import { revealRoundAt } from '../timelock/rounds.ts'
import { timelock } from '../timelock/timelock.ts'
import { composeCall } from './calls.ts'
import { ChainError } from './chainError.ts'
import type { Chain } from './connect.ts'
import { getEpochState, revealBlockOf } from './epochClock.ts'
import { type ChainBeacon, getBeacon } from './getBeacon.ts'
import { readOne, rpc } from './readMany.ts'
import type { Weights } from './setWeights.ts'
import { type Submission, type Submitted, submit } from './submit.ts'
import { asNumber } from './values.ts'

export interface TimelockedWeights extends Weights {
  readonly netuid: number
  /** Default: the main mechanism, 0. */
  readonly mecid?: number
  readonly versionKey?: bigint
}

export interface TimelockedCommit extends Submitted {
  /** Round of the beacon whose pulse opens the commit. */
  readonly round: number
  /** Block in which the chain is expected to set the weights. Its event `TimelockedWeightsRevealed` says that it did. */
  readonly revealBlock: number
}

/** The form of commits that is made here. */
const version = 4
/** Blocks after the reveal's first one for which the round is reckoned. */
const slackBlocks = 3

/**
 * Commits to weights that the chain opens by itself `RevealPeriodEpochs` epochs later. Signed by the validator's hotkey.
 *
 * @throws ChainError `not-found` where no epoch runs on the subnet, or the chain has no beacon or takes another form
 * @see facts: commit-reveal.md, 4
 */
export async function commitTimelockedWeights(
  chain: Chain,
  options: { signer: Signer; weights: TimelockedWeights } & Submission,
): Promise<TimelockedCommit> {
  const { weights, ...submission } = options
  const { netuid, mecid = 0, uids, values, versionKey = 0n } = weights
  const { publicKey, round, revealBlock } = await planReveal(chain, netuid)
  const { publicKey: hotkey } = decodeAddress(options.signer.address)
  const commit = timelock(encodeWeightsPayload({ hotkey, uids, values, versionKey }), { publicKey, round })
  const args = [netuid, mecid, `0x${Buffer.from(commit).toString('hex')}`, round, version]
  const call = composeCall(chain, 'SubtensorModule', 'commit_timelocked_mechanism_weights', args)
  return { ...(await submit(chain, call, submission)), round, revealBlock }
}

/** When a commit that is made now will be opened, and by what. All of it is read at one block. */
async function planReveal(
  chain: Chain,
  netuid: number,
): Promise<{ readonly publicKey: Uint8Array; readonly round: number; readonly revealBlock: number }> {
  const at = await rpc<Hash>(chain, 'chain_getBlockHash', [])
  const [epoch, beacon, wanted] = await Promise.all([
    getEpochState(chain, { netuid, at }),
    getBeacon(chain, { at }),
    readOne(chain, 'SubtensorModule', 'CommitRevealWeightsVersion', [], at),
  ])
  if (asNumber(wanted) !== version) {
    const what = `commit-reveal version ${asNumber(wanted)}`
    throw new ChainError(
      `this chain wants ${what}, this client makes ${version}`,
      { code: 'not-found', what },
      { mend: 'use a release of this client that is made for the chain' },
    )
  }
  const revealBlock = revealBlockOf(epoch)
  if (revealBlock === undefined) {
    const failure = { code: 'not-found', what: `an epoch of subnet ${netuid}` } as const
    throw new ChainError(`no weights can be revealed on subnet ${netuid}`, failure, {
      mend: 'its tempo is 0, so no epochs run: the owner must set one',
    })
  }
  const round = roundFor(beacon, (revealBlock + slackBlocks - epoch.block) * blockMs(chain))
  return { publicKey: beacon.publicKey, round, revealBlock }
}

/**
 * A round that is there when the reveal is due. The chain's own time is reckoned from, as the clock of this machine may
 * be wrong; and a round that the chain has already would hide nothing.
 */
function roundFor(beacon: ChainBeacon, delayMs: number): number {
  return Math.max(revealRoundAt(beacon, beacon.timeMs + delayMs), beacon.lastRound + 1)
}

/** Milliseconds that the chain takes for a block. */
function blockMs(chain: Chain): number {
  const slot = chain.api.consts.aura?.slotDuration
  return slot === undefined ? 12_000 : Number(slot.toString())
}
