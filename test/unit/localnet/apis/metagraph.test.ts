import { describe, expect, test } from 'vitest'
import { storage } from '../../../../src/localnet/pallets/subtensor/storage.ts'
import { accountId, netUid } from '../../../../src/localnet/scale/chainTypes.ts'
import { bytes } from '../../../../src/localnet/scale/types.ts'
import { identity, optionalMap, storageKey, storageOf, twox64 } from '../../../../src/localnet/storage.ts'
import { answerOf, apiWorld, ask, miner, owner, ownerHotkey, validator } from './apiWorld.ts'
import type { Plain } from './realLayout.ts'

/** Expected values are the chain's rules applied by hand to what `apiWorld` sets. */
const world = apiWorld()
const { state } = world
type Row = Record<string, Plain>
const selective = 'SubnetInfoRuntimeApi_get_selective_metagraph'
const subnets = (method: string, ...args: unknown[]) => ask(state, `SubnetInfoRuntimeApi_get_${method}`, ...args)

const alpha = (hotkey: `0x${string}`, netuid: number): bigint => state.get(storage.TotalHotkeyAlpha, hotkey, netuid)
const hex = (text: string): string => `0x${Buffer.from(text).toString('hex')}`
const codes = (text: string): bigint[] => [...Buffer.from(text)].map(BigInt)

describe('neurons', () => {
  const [, second, third] = ask(state, 'NeuronInfoRuntimeApi_get_neurons', 1) as Row[]

  test('carry their axon, their owner and all stake on them', () => {
    expect(second).toMatchObject({
      hotkey: miner,
      coldkey: miner,
      uid: 1n,
      netuid: 1n,
      active: true,
      axon_info: { block: 9n, version: 3n, ip: 0x0102_0304n, port: 8091n, ip_type: 4n, protocol: 1n },
      prometheus_info: { block: 9n, version: 3n, ip: 0x0102_0304n, port: 8091n, ip_type: 4n },
      incentive: 65_535n,
      emission: 5_000_000_000n,
      validator_permit: false,
      last_update: 10n,
    })
    expect(third!.stake).toEqual([[validator, alpha(validator, 1)]])
    expect(third).toMatchObject({
      dividends: 65_535n,
      validator_permit: true,
      rank: 0n,
      trust: 0n,
      pruning_score: 65_535n,
    })
    expect(third!.axon_info).toMatchObject({ block: 0n, ip: 0n, port: 0n })
  })

  test('show weights and bonds in stored order without zeros, the lite form none', () => {
    expect([third!.weights, third!.bonds]).toEqual([
      [
        [1n, 65_535n],
        [2n, 70n],
      ],
      [[1n, 300n]],
    ])
    const lite = ask(state, 'NeuronInfoRuntimeApi_get_neuron_lite', 1, 2) as Row
    const { weights: _weights, bonds: _bonds, ...rest } = third!
    expect(lite).toEqual(rest)
  })
})

describe('the metagraph', () => {
  const graph = subnets('metagraph', 1) as Row

  test('names the subnet, its owner and its pool', () => {
    expect(graph).toMatchObject({
      netuid: 1n,
      name: codes('law Ω'),
      symbol: codes('α'),
      identity: { subnet_name: hex('law Ω'), github_repo: hex('g'), additional: hex('a') },
      owner_hotkey: ownerHotkey,
      owner_coldkey: owner,
      block: 10n,
      tempo: 10n,
      tao_in: state.get(storage.SubnetTAO, 1),
      alpha_in: state.get(storage.SubnetAlphaIn, 1),
      moving_price: { bits: 3n << 31n },
      // 13 889 thousandths of a tempo of 10.
      activity_cutoff: 138n,
      max_weights_limit: 65_535n,
      num_uids: 3n,
      alpha_high: 58_982n,
      alpha_low: 45_875n,
    })
    expect(graph.identities).toEqual([null, expect.objectContaining({ name: hex('Mia') }), null])
    expect([graph.rank, graph.trust, graph.pruning_score]).toEqual([[], [], []])
  })

  test('counts stake with what children and parents hand on, and root TAO by its weight', () => {
    const [own, rootTao] = [alpha(validator, 1), alpha(validator, 0)]
    // The validator's only child, the miner, has half of everything. 2^63 of 2^64 − 1 is a half, cut to 32 bits.
    expect(graph.alpha_stake).toEqual([0n, own / 2n, own - own / 2n])
    expect(graph.tao_stake).toEqual([0n, rootTao / 2n, rootTao - rootTao / 2n])
    const weight = (state.get(storage.TaoWeight) << 32n) / ((1n << 64n) - 1n)
    const total = (half: bigint, tao: bigint): bigint => half + ((tao * weight) >> 32n)
    expect(graph.total_stake).toEqual([
      0n,
      total(own / 2n, rootTao / 2n),
      total(own - own / 2n, rootTao - rootTao / 2n),
    ])
    expect(graph.alpha_dividends_per_hotkey).toEqual([
      [ownerHotkey, 0n],
      [miner, 0n],
      [validator, 77n],
    ])
  })

  test('of a mechanism has its own incentives and updates and its storage index for a netuid', () => {
    const second = subnets('mechagraph', 1, 1) as Row
    expect(second).toEqual({ ...graph, netuid: 4097n, last_update: [7n, 8n, 9n], incentives: [1n, 2n, 3n] })
    expect(subnets('mechagraph', 1, 0)).toEqual(graph)
    expect(subnets('mechagraph', 1, 2)).toBeNull()
    const list = subnets('all_mechagraphs') as Row[]
    expect(list.map(({ netuid }) => netuid)).toEqual([0n, 1n, 4097n, 2n])
    expect(list.filter(({ netuid }) => netuid !== 4097n)).toEqual(subnets('all_metagraphs'))
  })
})

describe('chosen fields of the metagraph', () => {
  const graph = subnets('metagraph', 1) as Row
  const named = Object.keys(graph)

  test('are the same as in the whole one, each under its number', () => {
    for (const index of [0, 1, 3, 21, 28, 52, 55, 67, 71]) {
      const chosen = subnets('selective_metagraph', 1, [0, index]) as Row
      const some = Object.entries(chosen).filter(([name, value]) => value !== null && name !== 'netuid')
      expect(some).toEqual(index === 0 ? [] : [[named[index], graph[named[index]!]]])
    }
  })

  test('leave the netuid 0 where number 0 is not among them; those of a mechanism never do', () => {
    expect((subnets('selective_metagraph', 1, [8]) as Row).netuid).toBe(0n)
    expect((subnets('selective_mechagraph', 1, 1, [8]) as Row).netuid).toBe(1n)
  })

  test('of a mechanism are its own vectors, empty ones where there is none', () => {
    const of = (mecid: number) => subnets('selective_mechagraph', 1, mecid, [59, 62]) as Row
    expect(of(1)).toMatchObject({ last_update: [7n, 8n, 9n], incentives: [1n, 2n, 3n] })
    expect(of(9)).toMatchObject({ last_update: [], incentives: [] })
    expect(of(200)).toMatchObject({ last_update: [], incentives: [] })
  })

  test('tell an identity that is not there from one that is not asked for', () => {
    const answer = (indices: number[]) => [...answerOf(state, selective, 2, indices)]
    // Some, netuid 2, 72 times None, and a Some of None in the place of number 3.
    expect(answer([0])).toEqual([1, 8, ...Array.from({ length: 73 }, () => 0)])
    expect(answer([0, 3])).toEqual([1, 8, 0, 0, 1, 0, ...Array.from({ length: 70 }, () => 0)])
  })

  test('list validators by stake, least first, above the threshold, and pass over unknown numbers', () => {
    expect((subnets('selective_metagraph', 1, [72, 74, 999]) as Row).validators).toEqual([2n])
    const other = apiWorld()
    const own = alpha(validator, 1)
    other.state.set(storage.ValidatorPermit, [1], [true, true, true])
    other.state.set(storage.ChildKeys, [validator, 1], [[1n << 62n, miner]])
    other.state.set(storage.ParentKeys, [miner, 1], [[1n << 62n, validator]])
    const validators = () => (ask(other.state, selective, 1, [72]) as Row).validators
    expect(validators()).toEqual([1n, 2n])
    other.state.set(storage.StakeThreshold, [], own / 2n)
    expect(validators()).toEqual([2n])
    other.state.set(storage.StakeThreshold, [], 2n * own)
    expect(validators()).toEqual([])
  })

  test('hand commitments on as they are stored', () => {
    const other = apiWorld()
    const { CommitmentOf } = storageOf('Commitments', {
      CommitmentOf: optionalMap([identity(netUid), twox64(accountId)], bytes),
    })
    other.state.setRaw(storageKey(CommitmentOf, [1, miner]), Uint8Array.of(1, 200, 3))
    const commitments = (netuid: number) => (ask(other.state, selective, netuid, [73]) as Row).commitments
    expect(commitments(1)).toEqual([[miner, [1n, 200n, 3n]]])
    expect(commitments(2)).toEqual([])
  })
})
