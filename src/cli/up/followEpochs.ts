import type { Hash } from '../../base/units.ts'
import type { Chain } from '../../chain/connect.ts'
import { type EpochState, getEpochState } from '../../chain/epochClock.ts'
import { getMetagraph, type Metagraph } from '../../chain/getMetagraph.ts'
import { readMany, rpc } from '../../chain/readMany.ts'
import { asList, asNumber } from '../../chain/values.ts'
import { watchBlocks } from '../../chain/watchBlocks.ts'

/** One epoch of the subnet, as it went. */
export interface EpochRecord {
  readonly block: number
  readonly previousEpochBlock: number
  /** State after the epoch. */
  readonly metagraph: Metagraph
  /** Uids whose weights were in force when it ran. */
  readonly weighers: ReadonlySet<number>
}

export interface FollowOptions {
  readonly netuid: number
  /** Uids of the validators whose first weights are waited for. */
  readonly validators: readonly number[]
  readonly onBlock: (state: EpochState) => void
  readonly onFirstWeights: () => void
  readonly onEpoch: (epoch: EpochRecord) => Promise<void> | void
  readonly onError: (error: unknown) => void
}

/** Follows a subnet block by block and tells of each of its epochs, in order, none left out. @returns ends it */
export async function followEpochs(chain: Chain, options: FollowOptions): Promise<() => void> {
  const { netuid, validators } = options
  let seen: number | undefined
  let isWeighed = false
  return await watchBlocks(
    chain,
    async ({ hash }) => {
      const state = await getEpochState(chain, { netuid, at: hash })
      options.onBlock(state)
      if (!isWeighed && (await weighersAt(chain, netuid, validators, hash)).size > 0) {
        isWeighed = true
        options.onFirstWeights()
      }
      seen ??= state.lastEpochBlock
      for (const block of await epochsSince(chain, netuid, seen, state.lastEpochBlock)) {
        await options.onEpoch(await recordOf(chain, options, block, seen))
        seen = block
      }
    },
    options.onError,
  )
}

/** Blocks of the epochs after `seen`, oldest first: each epoch's state before it names the one before. */
async function epochsSince(chain: Chain, netuid: number, seen: number, last: number): Promise<number[]> {
  const blocks: number[] = []
  for (let block = last; block > seen; ) {
    blocks.unshift(block)
    const before = await getEpochState(chain, { netuid, at: await hashOf(chain, block - 1) })
    block = before.lastEpochBlock
  }
  return blocks
}

async function recordOf(
  chain: Chain,
  { netuid, validators }: FollowOptions,
  block: number,
  previousEpochBlock: number,
): Promise<EpochRecord> {
  // The epoch runs before its block's transactions, so what counted is the state before that block.
  const [hash, before] = await Promise.all([hashOf(chain, block), hashOf(chain, block - 1)])
  const [metagraph, weighers] = await Promise.all([
    getMetagraph(chain, { netuid, at: hash }),
    weighersAt(chain, netuid, validators, before),
  ])
  return { block, previousEpochBlock, metagraph, weighers }
}

async function weighersAt(
  chain: Chain,
  netuid: number,
  uids: readonly number[],
  at: Hash,
): Promise<ReadonlySet<number>> {
  const rows = await readMany(
    chain,
    uids.map((uid) => ({ pallet: 'SubtensorModule', item: 'Weights', keys: [netuid, uid] })),
    at,
  )
  return new Set(uids.filter((_, i) => asList(rows[i]).length > 0))
}

async function hashOf(chain: Chain, block: number): Promise<Hash> {
  return await rpc<Hash>(chain, 'chain_getBlockHash', [block])
}

/** Emission of the blocks (from, to], in alpha rao, by where it went. The localnet alone keeps such an account. */
export interface EmissionAccount {
  readonly issued: bigint
  readonly paid: bigint
  readonly ownerCut: bigint
  readonly burned: bigint
  readonly recycled: bigint
  readonly pending: bigint
  readonly remainder: bigint
}

export const emissionParts = ['issued', 'paid', 'ownerCut', 'burned', 'recycled', 'pending', 'remainder'] as const

export async function emissionOf(chain: Chain, netuid: number, from: number, to: number): Promise<EmissionAccount> {
  const parts = await rpc<Record<string, string>>(chain, 'localnet_emission', [netuid, from, to])
  return Object.fromEntries(emissionParts.map((part) => [part, BigInt(parts[part]!)])) as never
}

export const noEmission = Object.fromEntries(emissionParts.map((part) => [part, 0n])) as unknown as EmissionAccount

export function addEmission(a: EmissionAccount, b: EmissionAccount): EmissionAccount {
  return Object.fromEntries(emissionParts.map((part) => [part, a[part] + b[part]])) as never
}

/** Number of the newest block. */
export async function bestBlock(chain: Chain): Promise<number> {
  const [number] = await readMany(chain, [{ pallet: 'System', item: 'Number' }])
  return asNumber(number)
}
