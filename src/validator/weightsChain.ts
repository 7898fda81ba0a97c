import type { Hash } from '../base/units.ts'
import { ChainError } from '../chain/chainError.ts'
import { commitTimelockedWeights } from '../chain/commitTimelockedWeights.ts'
import { commitHash, commitWeights, revealWeights, type WeightsCommit } from '../chain/commitWeights.ts'
import type { Chain } from '../chain/connect.ts'
import { getEpochState } from '../chain/epochClock.ts'
import { readMany, rpc } from '../chain/readMany.ts'
import { setWeights } from '../chain/setWeights.ts'
import type { Submitted } from '../chain/submit.ts'
import { asBigint, asBoolean, asBooleans, asList, asNumber, asNumbers, asText } from '../chain/values.ts'
import { toHex } from '../keys/hex.ts'
import type { Signer } from '../keys/signer.ts'
import { type WeightsView, weightsEraBlocks } from './planWeights.ts'
import type { WeightsRow } from './weightsRow.ts'

/** The chain as far as weights need it. Its own interface, so that the timing can be tried on a chain of its own. */
export interface WeightsChain {
  view(at?: Hash): Promise<WeightsView>
  hashOf(row: WeightsRow): string
  /** Resolves when it is in a block: with what the chain holds for a commit. */
  send(row: WeightsRow): Promise<{ readonly epoch: number; readonly block: number }>
  reveal(row: WeightsRow): Promise<void>
}

const submitTimeoutMs = 30_000

export interface WeightsChainOptions {
  readonly signer: Signer
  readonly netuid: number
  /** Commit so that the chain opens it by itself, with the pulses of a beacon. */
  readonly timelocked: boolean
}

export function weightsChain(chain: Chain, options: WeightsChainOptions): WeightsChain {
  const { signer, netuid, timelocked } = options
  const commitOf = ({ uids, values, salt, versionKey }: WeightsRow): WeightsCommit => {
    return { hotkey: signer.address, netuid, uids, values, salt, versionKey }
  }
  const hashOf = (row: WeightsRow): string => toHex(commitHash(commitOf(row)))
  const view = (at?: Hash): Promise<WeightsView> => readView(chain, { netuid, hotkey: signer.address, timelocked, at })
  const submission = { signer, timeoutMs: submitTimeoutMs, eraBlocks: weightsEraBlocks }
  const submitRow = async (row: WeightsRow): Promise<Submitted> => {
    const { kind, uids, values, versionKey } = row
    if (kind === 'commit') return await commitWeights(chain, { ...submission, commit: commitOf(row) })
    if (kind === 'set') return await setWeights(chain, { ...submission, netuid, weights: { uids, values }, versionKey })
    return await commitTimelockedWeights(chain, { ...submission, weights: { netuid, uids, values, versionKey } })
  }
  return {
    view,
    hashOf,
    async send(row) {
      const { blockHash } = await submitRow(row)
      const { epoch, commits } = await view(blockHash)
      // The epoch runs before the block's transactions, so the index after the block is that of a set in it.
      return { epoch: commits.get(hashOf(row))?.epoch ?? epoch.epochIndex, block: epoch.block }
    },
    async reveal(row) {
      await revealWeights(chain, { ...submission, commit: commitOf(row) })
    },
  }
}

/** Whether an error of `send` or `reveal` means that the chain has not taken it and will not. */
export function isRefusal(error: unknown): boolean {
  if (!(error instanceof ChainError)) return false
  const { failure } = error
  return failure.code === 'dispatch' || (failure.code === 'refused' && failure.custom !== undefined)
}

const pallet = 'SubtensorModule'

async function readView(
  chain: Chain,
  { netuid, hotkey, timelocked, at }: { netuid: number; hotkey: string; timelocked: boolean; at: Hash | undefined },
): Promise<WeightsView> {
  const hash = at ?? (await rpc<Hash>(chain, 'chain_getBlockHash', []))
  const bySubnet = [
    'CommitRevealWeightsEnabled',
    'WeightsSetRateLimit',
    'WeightsVersionKey',
    'MinAllowedWeights',
    'LastUpdate',
    'ValidatorPermit',
    'SubnetOwnerHotkey',
  ]
  const byHotkey = ['Uids', 'WeightCommits']
  const [epoch, values] = await Promise.all([
    getEpochState(chain, { netuid, at: hash }),
    readMany(
      chain,
      [
        ...bySubnet.map((item) => ({ pallet, item, keys: [netuid] })),
        ...byHotkey.map((item) => ({ pallet, item, keys: [netuid, hotkey] })),
      ],
      hash,
    ),
  ])
  const [commitReveal, rateLimit, versionKey, least, lastUpdate, permits, owner, uidValue, commits] = values
  const uid = uidValue === undefined ? undefined : asNumber(uidValue)
  return {
    epoch,
    commitReveal: asBoolean(commitReveal),
    timelocked,
    rateLimitBlocks: asNumber(rateLimit),
    versionKey: asBigint(versionKey),
    minAllowedWeights: asNumber(least),
    uid,
    mayValidate: uid !== undefined && (asBooleans(permits)[uid] === true || asText(owner) === hotkey),
    lastUpdateBlock: uid === undefined ? 0 : (asNumbers(lastUpdate)[uid] ?? 0),
    commits: new Map(
      asList(commits).map((commit) => {
        const [commitHash, commitEpoch] = asList(commit)
        return [asText(commitHash), { epoch: asNumber(commitEpoch) }]
      }),
    ),
  }
}
