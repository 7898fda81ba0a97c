import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { pairFromUri } from '../../src/keys/derive.ts'
import type { KeyPair } from '../../src/keys/keyPair.ts'
import { mint } from '../../src/localnet/pallets/balances.ts'
import { storage } from '../../src/localnet/pallets/subtensor/storage.ts'
import type { AccountId } from '../../src/localnet/scale/chainTypes.ts'
import { type Localnet, startLocalnet } from '../../src/localnet/startLocalnet.ts'
import { hex, signCall } from '../unit/localnet/signedCall.ts'
import { type BenchCase, median } from './harness.ts'

// What the chain itself costs, without clients: the localnet in this process, by hand.

const emptyBlocks = 10_000
const emptyTargetPerSecond = 2_000
const sizes = [64, 256, 1_024, 4_096]
/** A large epoch takes its time, a small one needs many to be measured. */
const epochsOf = (uids: number): number => (uids > 1_024 ? 3 : 12)
/** What an epoch of 256 uids may add to its block, in ms. */
const epochTargetMs = 50
const validators = 64
const rounds = 4
const accounts = 100_000

const shown = { bound: null, ratio: null, target: null, ok: true } as const

export async function chainCases(): Promise<BenchCase[]> {
  const cases = [await emptyBlockCase()]
  cases.push(await setWeightsCase())
  for (const uids of sizes) cases.push(await epochCase(uids))
  cases.push(await memoryCase())
  return cases
}

async function withLocalnet<T>(use: (localnet: Localnet) => Promise<T>): Promise<T> {
  const localnet = await startLocalnet({ port: 0, interval: 'manual', keepBlocks: 100_000 })
  try {
    return await use(localnet)
  } finally {
    await localnet.close()
  }
}

/** A subnet that is started and emits, as most are. */
function startSubnet(localnet: Localnet, tempo: number): void {
  const set = (item: string, value: unknown, keys: readonly unknown[] = [1]) => ({
    pallet: 'SubtensorModule',
    item,
    keys,
    value,
  })
  localnet.setStorage([
    set('FirstEmissionBlockNumber', 1),
    set('SubtokenEnabled', true),
    set('CommitRevealWeightsEnabled', false),
    set('WeightsSetRateLimit', 0),
    set('Tempo', tempo),
    // Nobody sets weights again, and nobody shall fall asleep over it.
    set('ActivityCutoffFactorMilli', 4_000_000),
    set('StakeThreshold', 0, []),
  ])
}

async function emptyBlockCase(): Promise<BenchCase> {
  const perSecond = await withLocalnet(async (localnet) => {
    startSubnet(localnet, 360)
    await localnet.mine(500)
    const startMs = performance.now()
    await localnet.mine(emptyBlocks)
    return (emptyBlocks * 1_000) / (performance.now() - startMs)
  })
  const target = emptyTargetPerSecond
  return {
    case: `empty blocks, ${emptyBlocks} at once, one emitting subnet`,
    value: perSecond,
    unit: '1/s',
    bound: null,
    ratio: null,
    target,
    ok: perSecond >= target,
  }
}

/** Extrinsics in blocks a second, from the first submitted to the last included; they are signed before. */
async function setWeightsCase(): Promise<BenchCase> {
  const measured = await withLocalnet(async (localnet) => {
    startSubnet(localnet, 10_000)
    const neurons = await localnet.registerNeurons({ netuid: 1, count: 255, stake: 1_000_000_000_000n })
    const pairs = await Promise.all(neurons.slice(0, validators).map(({ uri }) => pairFromUri(uri)))
    const permits = Array.from({ length: 256 }, () => true)
    localnet.setStorage([{ pallet: 'SubtensorModule', item: 'ValidatorPermit', keys: [1], value: permits }])
    const results: number[] = []
    for (let round = 0; round <= rounds; round++) {
      const extrinsics = pairs.map((pair) => setWeightsOf(localnet, pair, round))
      const startMs = performance.now()
      for (const extrinsic of extrinsics) localnet.node.submit(extrinsic)
      while (localnet.node.pool.readyCount > 0) await localnet.mine()
      if (round > 0) results.push((extrinsics.length * 1_000) / (performance.now() - startMs))
      if (localnet.node.headState.get(storage.Weights, 1, neurons[0]!.uid).length !== 256) {
        throw new Error('set_weights failed: there is nothing to measure')
      }
    }
    return median(results)
  })
  return { case: 'set_weights of 256 weights, signed, checked and included', value: measured, unit: '1/s', ...shown }
}

function setWeightsOf({ node }: Localnet, pair: KeyPair, round: number): Uint8Array {
  const dests = Array.from({ length: 256 }, (_, uid) => uid)
  const weights = dests.map((uid) => 1 + ((uid * 7 + round * 13) % 65_535))
  const args = { netuid: 1, dests, weights, version_key: 0n }
  return signCall(node, pair, { pallet: 'SubtensorModule', name: 'set_weights', args })
}

/** What an epoch adds to its block, where 64 validators weight all uids. */
async function epochCase(uids: number): Promise<BenchCase> {
  const addedMs = await withLocalnet(async (localnet) => {
    const tempo = 20
    startSubnet(localnet, tempo)
    await localnet.mine()
    const staked = Math.min(uids - 1, validators)
    await localnet.registerNeurons({ netuid: 1, count: staked, stake: 1_000_000_000_000n })
    if (uids - 1 > staked) await localnet.registerNeurons({ netuid: 1, count: uids - 1 - staked })
    // Weights count when they are younger than the neuron they are on.
    await localnet.mine()
    for (let uid = 1; uid <= staked; uid++) {
      const weights = Array.from({ length: uids }, (_, to) => [to, 1 + ((to * 31 + uid) % 60_000)] as const)
      localnet.forceWeights({ netuid: 1, uid, weights })
    }
    // The first epochs give permits and make bonds; the next ones warm up.
    for (let i = 0; i < epochsOf(uids); i++) await localnet.mineToEpoch(1)
    const [plain, withEpoch]: [number[], number[]] = [[], []]
    for (let block = 1; block <= epochsOf(uids) * tempo; block++) {
      const startMs = performance.now()
      await localnet.mine()
      const list = block % tempo === 0 ? withEpoch : plain
      list.push(performance.now() - startMs)
    }
    if (Math.max(...localnet.node.headState.get(storage.Incentive, 1)) === 0) throw new Error('the epoch paid nobody')
    return median(withEpoch) - median(plain)
  })
  const target = uids === 256 ? epochTargetMs : null
  return {
    case: `epoch of ${uids} uids, 64 validators: time it adds to its block`,
    value: addedMs,
    unit: 'ms',
    bound: null,
    ratio: null,
    target,
    ok: target === null || addedMs <= target,
  }
}

/** Heap and buffers that accounts with a balance take, state, key order and hash caches included. */
async function memoryCase(): Promise<BenchCase> {
  const perThousand = await withLocalnet(async ({ node }) => {
    const before = usedBytes()
    node.edit((context) => {
      for (let i = 0; i < accounts; i++) mint(context, accountNumber(i), 1_000_000_000n)
    })
    await node.mine()
    return ((usedBytes() - before) * 1_000) / accounts
  })
  return { case: 'memory of 1,000 accounts', value: perThousand / 1024, unit: 'KiB', ...shown }
}

function accountNumber(i: number): AccountId {
  return hex(Buffer.from((i + 1).toString(16).padStart(64, '0'), 'hex')) as AccountId
}

function usedBytes(): number {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}
