import { afterEach, expect, test } from 'vitest'
import { decodeExtrinsic } from '../../../src/localnet/extrinsic.ts'
import { freeBalance } from '../../../src/localnet/pallets/balances.ts'
import { storage as drand } from '../../../src/localnet/pallets/drand/storage.ts'
import { isRevealEpoch } from '../../../src/localnet/pallets/subtensor/commits.ts'
import { stakeOf } from '../../../src/localnet/pallets/subtensor/stakePool.ts'
import { storage } from '../../../src/localnet/pallets/subtensor/storage.ts'
import { nonceOf, storage as system } from '../../../src/localnet/pallets/system.ts'
import { storage as timestamp } from '../../../src/localnet/pallets/timestamp.ts'
import { encode } from '../../../src/localnet/scale/types.ts'
import { type Localnet, type LocalnetOptions, startLocalnet } from '../../../src/localnet/startLocalnet.ts'
import { storageKey } from '../../../src/localnet/storage.ts'
import { roundAt } from '../../../src/timelock/rounds.ts'
import { RpcClient } from './rpcClient.ts'
import { accountOf, alice, bob, hex, signCall, transferOf } from './signedCall.ts'
import { account } from './subtensorWorld.ts'

let localnet: Localnet | undefined

async function start(options: LocalnetOptions = {}): Promise<Localnet> {
  localnet = await startLocalnet({ port: 0, interval: 'manual', ...options })
  return localnet
}

afterEach(async () => {
  await localnet?.close()
  localnet = undefined
})

const tao = 1_000_000_000n
const stranger = account(0x77)

/** The chain's sums, which every edit must keep: issuance of both pallets, and each hotkey's shares. */
function expectSumsToHold({ node }: Localnet): void {
  const state = node.headState
  let sum = 0n
  for (const [, { data }] of state.entries(system.Account)) sum += data.free + data.reserved
  expect(state.get(storage.TotalIssuance)).toBe(sum)
}

/** The same extrinsic with another signature: length prefix, version, account and signature kind stand before it. */
function spoilt(extrinsic: Uint8Array): Uint8Array {
  return extrinsic.with(2 + 2 + 32 + 1 + 40, extrinsic[2 + 2 + 32 + 1 + 40]! ^ 1)
}

test('mining stops at the epoch that was asked for', async () => {
  const chain = await start()
  chain.setHyperparameter({ name: 'tempo', value: 7, netuid: 1 })
  const index = (): bigint => chain.node.headState.get(storage.SubnetEpochIndex, 1)
  const before = index()
  const first = await chain.mineToEpoch(1)
  expect(index()).toBe(before + 1n)
  expect(chain.node.headState.get(storage.LastEpochBlock, 1)).toBe(BigInt(first.number))
  expect((await chain.mineToEpoch(1)).number).toBe(first.number + 7)
  await expect(chain.mineToEpoch(9)).rejects.toThrow('netuid: 9 cannot be used')
  await expect(chain.mineToEpoch(0)).rejects.toThrow('netuid: 0 cannot be used')
})

test('mining stops where the oldest commit can be revealed, and at once where it can already', async () => {
  const chain = await start()
  const { node } = chain
  const hotkey = account(0x61)
  await expect(chain.skipToReveal(1)).rejects.toThrow('netuid: 1 cannot be used')
  chain.setHyperparameter({ name: 'tempo', value: 8, netuid: 1 })
  chain.setHyperparameter({ name: 'commit_reveal_period', value: 2, netuid: 1 })
  await chain.mineToEpoch(1)
  const epoch = node.headState.get(storage.SubnetEpochIndex, 1)
  const commit = [`0x${'ab'.repeat(32)}`, epoch.toString(), node.head.header.number, 0]
  chain.setStorage([{ pallet: 'SubtensorModule', item: 'WeightCommits', keys: [1, hotkey], value: [commit] }])
  const isOpen = (block: number) => isRevealEpoch({ state: node.stateAt(block - 1), block }, 1, epoch)
  const { number } = await chain.skipToReveal(1)
  expect(isOpen(number + 1)).toBe(true)
  expect(isOpen(number)).toBe(false)
  expect(await chain.skipToReveal(1)).toMatchObject({ number })
})

test('of timelocked commits, mining stops where the chain opens them in the next block', async () => {
  const chain = await start()
  const { node } = chain
  chain.setHyperparameter({ name: 'tempo', value: 8, netuid: 1 })
  await chain.mineToEpoch(1)
  await chain.mineToEpoch(1)
  const epoch = node.headState.get(storage.SubnetEpochIndex, 1)
  const { number: committed } = node.head.header
  const config = node.headState.get(drand.BeaconConfig)
  const now = roundAt({ genesisTimeS: config.genesis_time, periodS: config.period }, node.timestampMs)
  // Eight blocks are two seconds and as many rounds: this one comes after the epoch of the reveal has begun.
  const commit = [account(0x61), committed, '0x1234', now + 3]
  const keys = [1, epoch.toString()]
  chain.setStorage([{ pallet: 'SubtensorModule', item: 'TimelockedWeightCommits', keys, value: [commit] }])
  const { number } = await chain.skipToReveal(1)
  expect(number).toBeGreaterThan(committed + 8)
  expect(node.headState.has(drand.Pulses, BigInt(now + 3))).toBe(true)
  expect(node.stateAt(number - 1).has(drand.Pulses, BigInt(now + 3))).toBe(false)
  expect(await chain.skipToReveal(1)).toMatchObject({ number })
  expect(node.headState.has(storage.TimelockedWeightCommits, 1, epoch)).toBe(true)
  await chain.mine()
  expect(node.headState.has(storage.TimelockedWeightCommits, 1, epoch)).toBe(false)
  await expect(chain.skipToReveal(1)).rejects.toThrow('netuid: 1 cannot be used')
})

test('under the rules of April epochs and reveals are found as well', async () => {
  const chain = await start({ spec: 393 })
  const { node } = chain
  // (block + netuid + 1) mod (tempo + 1) = tempo, with a tempo of 100.
  expect((await chain.mineToEpoch(1)).number).toBe(98)
  expect((await chain.mineToEpoch(1)).number).toBe(199)
  const commit = [`0x${'ab'.repeat(32)}`, 199, 300, 400]
  chain.setStorage([{ pallet: 'SubtensorModule', item: 'WeightCommits', keys: [1, account(0x61)], value: [commit] }])
  // Committed in the last block of an epoch, to be revealed in the next one.
  expect((await chain.skipToReveal(1)).number).toBe(199)
  expect(node.head.header.number).toBe(199)
})

test('the clock can be set and jumps, never back behind the newest block', async () => {
  const chain = await start({ nowMs: () => 1_000_000 })
  const now = (): bigint => chain.node.headState.get(timestamp.Now)
  await chain.mine()
  expect(now()).toBe(1_000_000n)
  chain.jumpTime(50_000)
  await chain.mine()
  expect(now()).toBe(1_050_000n)
  chain.setTime(2_000_000)
  await chain.mine()
  expect(now()).toBe(2_000_000n)
  await chain.mine()
  expect(now()).toBe(2_000_250n)
  expect(() => chain.setTime(2_000_250)).toThrow('time: 2000250 cannot be used')
})

test('a snapshot is gone back to again and again, with blocks, state, time and nonces as they were', async () => {
  const chain = await start()
  const { node } = chain
  await chain.mine(3)
  const { hash } = node.head
  const root = node.history.root
  const first = chain.snapshot()
  for (let round = 0; round < 3; round++) {
    const transfer = signCall(node, alice, transferOf(accountOf(bob), BigInt(round + 1) * tao))
    node.submit(transfer)
    await chain.mine(2)
    chain.setBalance(stranger, 5n * tao)
    expect(nonceOf(node.headState, accountOf(alice))).toBe(1)
    const inner = chain.snapshot()
    await chain.mine(4)
    expect(node.head.header.number).toBe(9)
    chain.revert(inner)
    expect(node.head.header.number).toBe(5)
    expect(freeBalance(node.headState, stranger)).toBe(5n * tao)
    node.submit(signCall(node, alice, transferOf(accountOf(bob), 1n)))
    chain.revert(first)
    expect(node.pool.readyCount).toBe(0)
    expect(node.head.hash).toBe(hash)
    expect(node.history.root).toBe(root)
    expect(node.blocks.block(4)).toBeUndefined()
    expect(freeBalance(node.headState, stranger)).toBe(0n)
    expect(nonceOf(node.stateAt(3), accountOf(alice))).toBe(0)
    expect(() => chain.revert(inner)).toThrow(`snapshot: ${inner} cannot be used`)
  }
  await chain.mine(2)
  expect(node.blocks.block(4)!.header.parent_hash).toBe(hash)
  expect(node.stateAt(2).get(system.Number)).toBe(2)
  expect(node.emission.between(1, 0, 5)).toBeDefined()
})

test('an impersonated account needs no key; once it is over, it does', async () => {
  const chain = await start()
  const { node } = chain
  chain.faucet(stranger, 10n * tao)
  chain.sendAs(stranger, transferOf(accountOf(bob), 3n * tao))
  const before = freeBalance(node.headState, accountOf(bob))
  await chain.mine()
  expect(freeBalance(node.headState, accountOf(bob))).toBe(before + 3n * tao)
  expectSumsToHold(chain)
  const forged = spoilt(signCall(node, alice, transferOf(accountOf(bob), 1n)))
  expect(() => node.submit(forged)).toThrow('Transaction has a bad signature')
  // What the runtime is asked before anything is sent is what the pool will say.
  const validity = (bytes: Uint8Array): string => {
    const input = Buffer.concat([Uint8Array.of(2), bytes, Buffer.from(node.head.hash.slice(2), 'hex')])
    const name = 'TaggedTransactionQueue_validate_transaction'
    return hex(node.callRuntime(name, input, node.head.header.number).subarray(0, 3))
  }
  expect(validity(forged)).toBe('0x010004')
  chain.impersonate(accountOf(alice))
  expect(validity(forged)).toMatch(/^0x00/)
  node.submit(forged)
  await chain.mine()
  expect(nonceOf(node.headState, accountOf(alice))).toBe(1)
  chain.stopImpersonating(accountOf(alice))
  const again = spoilt(signCall(node, alice, transferOf(accountOf(bob), 2n)))
  expect(() => node.submit(again)).toThrow('Transaction has a bad signature')
})

test('storage is set by name and raw, at once, and later blocks see it while older ones do not', async () => {
  const chain = await start()
  const { node } = chain
  await chain.mine(2)
  const [key] = chain.setStorage([
    { pallet: 'SubtensorModule', item: 'Tempo', keys: [1], value: 33 },
    { pallet: 'SubtensorModule', item: 'SubnetOwner', keys: [1], value: accountOf(bob) },
    { pallet: 'SubtensorModule', item: 'SubnetTAO', keys: [1], value: '123456789012345678' },
    { pallet: 'SubtensorModule', item: 'ValidatorPermit', keys: [1], value: [true] },
    { pallet: 'SubtensorModule', item: 'RecycleOrBurn', keys: [1], value: 'Recycle' },
    { pallet: 'SubtensorModule', item: 'Weights', keys: [1, 0], value: [[0, 65535]] },
    { pallet: 'SubtensorModule', item: 'TokenSymbol', keys: [1], value: 'λ' },
  ])
  const state = node.headState
  expect(key).toBe(storageKey(storage.Tempo, [1]))
  expect(state.get(storage.Tempo, 1)).toBe(33)
  expect(state.get(storage.SubnetOwner, 1)).toBe(accountOf(bob))
  expect(state.get(storage.SubnetTAO, 1)).toBe(123_456_789_012_345_678n)
  expect(state.get(storage.RecycleOrBurn, 1)).toEqual({ type: 'Recycle' })
  expect(state.get(storage.Weights, 1, 0)).toEqual([[0, 65_535]])
  expect(Buffer.from(state.get(storage.TokenSymbol, 1)).toString()).toBe('λ')
  expect(node.stateAt(1).get(storage.Tempo, 1)).toBe(100)
  await chain.mine()
  expect(node.stateAt(2).get(storage.Tempo, 1)).toBe(33)
  chain.setRawStorage([[key!, null]])
  expect(node.headState.get(storage.Tempo, 1)).toBe(10)
  expect(node.stateAt(2).get(storage.Tempo, 1)).toBe(33)
  const set = (entry: object) => () =>
    chain.setStorage([{ pallet: 'SubtensorModule', item: 'Tempo', keys: [1], value: 1, ...entry }])
  expect(set({ pallet: 'Nothing' })).toThrow('pallet: "Nothing" cannot be used')
  expect(set({ item: 'Nothing' })).toThrow('item: "Nothing" cannot be used')
  expect(set({ keys: [] })).toThrow('SubtensorModule.Tempo keys: [] cannot be used')
  expect(set({ value: 'ten' })).toThrow('SubtensorModule.Tempo: "ten" cannot be used')
  expect(set({ value: 70_000 })).toThrow('SubtensorModule.Tempo: 70000 cannot be used')
})

test('balances and stakes are set with all sums that hang on them', async () => {
  const chain = await start()
  const { node } = chain
  chain.setBalance(stranger, 7n * tao)
  expect(freeBalance(node.headState, stranger)).toBe(7n * tao)
  expect(chain.faucet(stranger, tao)).toBe(8n * tao)
  expectSumsToHold(chain)
  chain.setBalance(stranger, 0n)
  expectSumsToHold(chain)
  const [hotkey, coldkey] = [account(0x51), account(0x52)]
  const out = node.headState.get(storage.SubnetAlphaOut, 1)
  for (const amount of [50n * tao, 80n * tao, 20n * tao, 0n]) {
    for (const netuid of [0, 1]) {
      chain.setStake({ hotkey, coldkey, netuid, amount })
      expect(stakeOf(node.headState, hotkey, coldkey, netuid)).toBe(amount)
    }
    expect(node.headState.get(storage.SubnetAlphaOut, 1)).toBe(out + amount)
    expect(node.headState.get(storage.SubnetTAO, 0)).toBe(amount)
    expectSumsToHold(chain)
  }
  expect(node.headState.get(storage.Owner, hotkey)).toBe(coldkey)
  await chain.mine(3)
  expect(() => chain.setStake({ hotkey, netuid: 5, amount: 1n })).toThrow('netuid: 5 cannot be used')
})

test('a neuron whose key has another uid already is not registered a second time', async () => {
  const chain = await start()
  const { node } = chain
  await chain.registerNeurons({ netuid: 1, count: 3 })
  // As trimming leaves it: the neuron of uid 3 has moved down, and there is room for another.
  const hotkey = node.headState.get(storage.Keys, 1, 3)
  node.edit(({ state }) => {
    state.set(storage.Keys, [1, 2], hotkey)
    state.set(storage.Uids, [1, hotkey], 2)
    state.set(storage.SubnetworkN, [1], 3)
  })
  await expect(chain.registerNeurons({ netuid: 1, count: 2 })).rejects.toMatchObject({
    mend: '//neuron//1//3 has uid 2 on it already: trim or deregister that one',
  })
})

test('a subnet of many neurons with forced weights pays its miners at the next epoch', async () => {
  const chain = await start()
  const { node } = chain
  const neurons = await chain.registerNeurons({ netuid: 1, count: 300, stake: 100n * tao, balance: tao })
  expect(neurons).toHaveLength(300)
  expect(neurons[0]).toMatchObject({ uid: 1, uri: '//neuron//1//1' })
  expect(node.headState.get(storage.SubnetworkN, 1)).toBe(301)
  expectSumsToHold(chain)
  chain.forceWeights({
    netuid: 1,
    uid: 1,
    weights: [
      [2, 10],
      [3, 30],
    ],
  })
  expect(node.headState.get(storage.Weights, 1, 1)).toEqual([
    [2, 21_845],
    [3, 65_535],
  ])
  expect(() => chain.forceWeights({ netuid: 1, uid: 1, weights: [[400, 1]] })).toThrow('uid: 400 cannot be used')
  expect(() => chain.forceWeights({ netuid: 1, uid: 1, weights: [[2, 1]], mecid: 1 })).toThrow(
    'mecid: 1 cannot be used',
  )
  chain.setStorage([
    { pallet: 'SubtensorModule', item: 'FirstEmissionBlockNumber', keys: [1], value: 1 },
    { pallet: 'SubtensorModule', item: 'SubtokenEnabled', keys: [1], value: true },
    { pallet: 'SubtensorModule', item: 'NetworkRegistrationAllowed', keys: [1], value: true },
    { pallet: 'SubtensorModule', item: 'CommitRevealWeightsEnabled', keys: [1], value: false },
  ])
  // Weights count when they are younger than the neuron they are on.
  await chain.mine()
  const weights = [
    [2, 10],
    [3, 30],
  ] as const
  for (const { uid } of neurons) chain.forceWeights({ netuid: 1, uid, weights })
  await chain.mineToEpoch(1)
  await chain.mineToEpoch(1)
  const incentive = node.headState.get(storage.Incentive, 1)
  expect(incentive[3]).toBeGreaterThan(incentive[2]!)
  expect(incentive[2]).toBeGreaterThan(0)
})

test("hyperparameters are set by either name, within the chain's bounds, freeze window or not", async () => {
  const chain = await start()
  const { node } = chain
  const set = (name: string, value: unknown, netuid: number | undefined = 1) =>
    chain.setHyperparameter({ name, value, netuid })
  set('tempo', 20)
  expect(node.headState.get(storage.Tempo, 1)).toBe(20)
  expect(node.headState.get(storage.AdminFreezeWindow)).toBe(10)
  set('max_validators', 12)
  expect(node.headState.get(storage.MaxAllowedValidators, 1)).toBe(12)
  set('commit_reveal_period', 3)
  expect(node.headState.get(storage.RevealPeriodEpochs, 1)).toBe(3n)
  set('burn', 5_000_000)
  expect(node.headState.get(storage.Burn, 1)).toBe(5_000_000n)
  set('liquid_alpha_enabled', true)
  set('alpha_values', [20_000, 40_000])
  expect(node.headState.get(storage.AlphaValues, 1)).toEqual([20_000, 40_000])
  chain.setHyperparameter({ name: 'admin_freeze_window', value: 4 })
  expect(node.headState.get(storage.AdminFreezeWindow)).toBe(4)
  expect(() => set('tempos', 1)).toThrow('name: "tempos" cannot be used')
  expect(() => set('kappa', 'half')).toThrow('kappa kappa: "half" cannot be used')
  expect(() => set('max_allowed_uids', 1)).toThrow('max_allowed_uids: 1 cannot be used')
  expect(() => chain.setHyperparameter({ name: 'kappa', value: 1 })).toThrow('netuid is missing')
})

test('the next extrinsic fails as told, pays, and does nothing else', async () => {
  const chain = await start()
  const { node } = chain
  const before = freeBalance(node.headState, accountOf(bob))
  chain.failNext('SubtensorModule.SubnetNotExists')
  node.submit(signCall(node, alice, transferOf(accountOf(bob), tao)))
  await chain.mine()
  expect(freeBalance(node.headState, accountOf(bob))).toBe(before)
  expect(nonceOf(node.headState, accountOf(alice))).toBe(1)
  const { Events } = node.runtime.pallets.find(({ name }) => name === 'System')!.storage
  expect(node.headState.get(Events!)).toContainEqual(
    expect.objectContaining({ event: expect.objectContaining({ name: 'ExtrinsicFailed' }) }),
  )
  node.submit(signCall(node, alice, transferOf(accountOf(bob), tao)))
  await chain.mine()
  expect(freeBalance(node.headState, accountOf(bob))).toBe(before + tao)
  expect(() => chain.failNext('Balances.Nothing')).toThrow('error: "Balances.Nothing" cannot be used')
})

test('a dump makes another chain this one, which goes on from there', async () => {
  const chain = await start()
  await chain.mine(4)
  chain.setBalance(stranger, 3n * tao)
  const dump = JSON.parse(JSON.stringify(chain.dumpState()))
  const other = await startLocalnet({
    port: 0,
    interval: 'manual',
    endow: [{ address: '5FLSigC9HGRKVhB9FiEo4Y3koPsNmBmLJbpXg2mp1hXcS59Y', rao: tao }],
  })
  try {
    expect(other.node.genesisHash).not.toBe(chain.node.genesisHash)
    other.loadState(dump)
    expect(other.node.genesisHash).toBe(chain.node.genesisHash)
    expect(other.node.head.hash).toBe(chain.node.head.hash)
    expect(other.node.history.root).toBe(chain.node.history.root)
    other.node.submit(signCall(other.node, alice, transferOf(accountOf(bob), 1n)))
    expect(await other.mine(2)).toMatchObject({ number: 6 })
    expect(nonceOf(other.node.headState, accountOf(alice))).toBe(1)
    expect(() => other.loadState({ ...dump, build: 'normal' })).toThrow('dump.build: "normal" cannot be used')
    expect(() => other.loadState({ ...dump, specVersion: 1 })).toThrow('dump.specVersion: 1 cannot be used')
  } finally {
    await other.close()
  }
})

test('a recorded run replays to the same state; a changed one is named by its first block that differs', async () => {
  const chain = await start()
  const { node } = chain
  await chain.mine(2)
  chain.startRecording()
  node.submit(signCall(node, alice, transferOf(accountOf(bob), tao)))
  await chain.mine(2)
  chain.setBalance(stranger, 9n * tao)
  chain.sendAs(stranger, transferOf(accountOf(bob), tao))
  chain.failNext()
  await chain.mine(3)
  const run = JSON.parse(JSON.stringify(chain.stopRecording()))
  const root = node.history.root
  await chain.mine(5)
  // The two that were sent, and the beacon's pulses.
  const recorded = run.entries.flatMap((entry: { extrinsics?: string[] }) => entry.extrinsics ?? [])
  const signed = recorded.filter(
    (hex: string) => decodeExtrinsic(node.runtime, Buffer.from(hex.slice(2), 'hex')).signed,
  )
  expect(signed).toHaveLength(2)
  expect(chain.replay(run)).toEqual({ blocks: 5, extrinsics: recorded.length, number: 7, stateRoot: root })
  const edit = run.entries.findIndex(({ kind }: { kind: string }) => kind === 'edit')
  const without = { ...run, entries: run.entries.filter((_: unknown, i: number) => i !== edit) }
  expect(() => chain.replay(without)).toThrow()
  const later = structuredClone(run)
  later.entries[0].timestampMs += 1
  expect(() => chain.replay(later)).toThrow(/^block 3: state root 0x/)
  chain.startRecording()
  chain.revert(chain.snapshot())
  expect(() => chain.stopRecording()).toThrow('recording: "broken" cannot be used')
})

test('connections fall silent and are cut when told so, and clients come back', async () => {
  const chain = await start()
  const client = await RpcClient.connect(chain.endpoint)
  expect(await client.call('localnet_pauseConnections', [300])).toBe(true)
  await new Promise((resolve) => setTimeout(resolve, 50))
  const startMs = performance.now()
  await client.call('system_chain')
  expect(performance.now() - startMs).toBeGreaterThan(150)
  const closed = new Promise((resolve) => client.socket.once('close', resolve))
  expect(await client.call('localnet_dropConnections', [200])).toBe(true)
  await closed
  await expect(RpcClient.connect(chain.endpoint)).rejects.toThrow()
  await new Promise((resolve) => setTimeout(resolve, 250))
  const again = await RpcClient.connect(chain.endpoint)
  expect(await again.call('system_chain')).toBe('Bittensor')
  again.close()
})

test('over JSON-RPC: calls as anybody, raw and named storage, amounts as text, and errors that name what is wrong', async () => {
  const chain = await start()
  const { node } = chain
  const client = await RpcClient.connect(chain.endpoint)
  const call = hex(encode(node.runtime.callType, transferOf(accountOf(bob), 2n * tao)))
  expect(await client.call('localnet_faucet', [stranger, '9007199254740993'])).toBe('9007199254740993')
  const before = freeBalance(node.headState, accountOf(bob))
  const hash = await client.call('localnet_sendAs', [stranger, call])
  expect(node.pool.has(hash as `0x${string}`)).toBe(true)
  expect(await client.call('localnet_mine')).toMatchObject({ number: 1 })
  expect(freeBalance(node.headState, accountOf(bob))).toBe(before + 2n * tao)
  const key = storageKey(storage.Tempo, [1])
  await client.call('localnet_setStorage', [[[key, '0x0500']]])
  expect(node.headState.get(storage.Tempo, 1)).toBe(5)
  await client.call('localnet_setStorage', [[{ pallet: 'SubtensorModule', item: 'Tempo', keys: [1], value: 6 }]])
  expect(await client.call('state_getStorage', [key])).toBe('0x0600')
  await client.call('localnet_setStorage', [[[key, null]]])
  expect(await client.call('state_getStorage', [key])).toBe(null)
  const refusals: [string, unknown[], string][] = [
    ['localnet_setBalance', [stranger, -1], 'params[1]: -1'],
    ['localnet_setBalance', ['nobody', 1], 'params[0]'],
    ['localnet_revert', [4], 'snapshot: 4: take one first'],
    ['localnet_setTime', [1], 'time: 1: give a time after'],
    ['localnet_setHyperparameter', ['kappa', 70_000, 1], 'u16: 70000 does not fit'],
    ['localnet_loadState', [{}], 'dump.format'],
    ['localnet_loadState', ['bm8='], 'document: "bm8="'],
    ['localnet_stopRecording', [], 'recording: "off": start one first'],
    ['localnet_pauseConnections', [0], 'params[0]: 0'],
  ]
  for (const [method, params, words] of refusals) {
    const { error } = await client.request(method, params)
    expect(error).toMatchObject({ code: -32_602, data: expect.stringContaining(words) })
  }
  client.close()
})

test('clients that follow the state hear of edits and reverts with the next block', async () => {
  const chain = await start()
  const { node } = chain
  const heard: string[][] = []
  node.onBlock(({ changedKeys }) => heard.push([...changedKeys]))
  let breaks = 0
  node.onBreak(() => breaks++)
  const key = storageKey(storage.Tempo, [1])
  const snapshot = chain.snapshot()
  chain.setHyperparameter({ name: 'tempo', value: 50, netuid: 1 })
  await chain.mine()
  chain.revert(snapshot)
  await chain.mine(2)
  expect(heard.map((keys) => keys.includes(key))).toEqual([true, true, false])
  expect(breaks).toBe(1)
})

test('a long stretch of mining ends with the chain', async () => {
  const chain = await start()
  const mining = chain.mine(1_000_000)
  await new Promise((resolve) => setTimeout(resolve, 60))
  chain.node.stop()
  expect((await mining).number).toBeLessThan(10_000)
})
