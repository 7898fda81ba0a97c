import { afterAll, beforeAll, expect, test } from 'vitest'
import type { FacultyError } from '../../src/base/errors.ts'
import { parseTokens } from '../../src/base/units.ts'
import { addStake } from '../../src/chain/addStake.ts'
import { burnedRegister, getBurn } from '../../src/chain/burnedRegister.ts'
import { composeCall, sudoCall } from '../../src/chain/calls.ts'
import type { ChainError } from '../../src/chain/chainError.ts'
import { commitWeights, revealWeights, type WeightsCommit } from '../../src/chain/commitWeights.ts'
import { type Chain, connectChain } from '../../src/chain/connect.ts'
import { epochOfNextBlock, getEpochState } from '../../src/chain/epochClock.ts'
import { getBalance } from '../../src/chain/getBalance.ts'
import { getMetagraph } from '../../src/chain/getMetagraph.ts'
import { getStakes } from '../../src/chain/getStake.ts'
import { getSubnets } from '../../src/chain/getSubnets.ts'
import { getNetworkCost, registerNetwork } from '../../src/chain/registerNetwork.ts'
import { serveAxon } from '../../src/chain/serveAxon.ts'
import { quantiseWeights } from '../../src/chain/setWeights.ts'
import { startCall } from '../../src/chain/startCall.ts'
import { submit } from '../../src/chain/submit.ts'
import { watchBlocks } from '../../src/chain/watchBlocks.ts'
import { pairFromUri } from '../../src/keys/derive.ts'
import { localSigner, type Signer } from '../../src/keys/signer.ts'
import { type Localnet, startLocalnet } from '../../src/localnet/startLocalnet.ts'

let localnet: Localnet
let chain: Chain
let signers: Record<'alice' | 'owner' | 'ownerHotkey' | 'staker' | 'validator' | 'funder' | 'better' | 'worse', Signer>

beforeAll(async () => {
  localnet = await startLocalnet({ port: 0, interval: 'instant' })
  const signer = async (uri: string): Promise<Signer> => localSigner(await pairFromUri(uri))
  signers = {
    alice: await signer('//Alice'),
    owner: await signer('//Bob'),
    ownerHotkey: await signer('//Bob_hk'),
    staker: await signer('//Charlie'),
    validator: await signer('//Charlie_hk'),
    funder: await signer('//Dave'),
    better: await signer('//Dave_hk'),
    worse: await signer('//Dave_hk2'),
  }
  chain = await connectChain({ endpoints: [localnet.endpoint], genesisHash: localnet.node.genesisHash })
})

afterAll(async () => {
  await chain?.close()
  await localnet?.close()
})

async function admin(name: string, args: readonly unknown[]): Promise<void> {
  await submit(chain, sudoCall(chain, composeCall(chain, 'AdminUtils', name, args)), { signer: signers.alice })
}

/** Makes blocks until the condition holds. */
async function until(condition: () => Promise<boolean>): Promise<void> {
  const last = localnet.node.head.header.number + 100
  while (!(await condition())) {
    const { number } = await localnet.node.mine()
    if (number > last) throw new Error('100 blocks were not enough')
  }
}

async function failureOf(work: Promise<unknown>): Promise<ChainError['failure']> {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  return (error as FacultyError).failure as ChainError['failure']
}

test('a subnet from its creation to the first incentive', async () => {
  const { owner, ownerHotkey, staker, validator, funder, better, worse } = signers
  const cost = await getNetworkCost(chain)
  const before = await getBalance(chain, owner)
  const created = await registerNetwork(chain, { signer: owner, hotkey: ownerHotkey.address })
  const { netuid } = created
  expect(netuid).toBe(2)
  const after = await getBalance(chain, owner)
  expect(before.free - after.free).toBe(cost + created.feeRao)

  await admin('sudo_set_admin_freeze_window', [0])
  await admin('sudo_set_weights_set_rate_limit', [netuid, 0])
  await admin('sudo_set_tempo', [netuid, 10])
  await startCall(chain, { signer: owner, netuid })

  const burn = await getBurn(chain, { netuid })
  const first = await burnedRegister(chain, { signer: staker, hotkey: validator.address, netuid })
  expect(first.uid).toBe(1)
  expect(await getBurn(chain, { netuid })).toBeGreaterThan(burn)
  const uidOfBetter = (await burnedRegister(chain, { signer: funder, hotkey: better.address, netuid })).uid
  const uidOfWorse = (await burnedRegister(chain, { signer: funder, hotkey: worse.address, netuid })).uid
  expect(await failureOf(burnedRegister(chain, { signer: funder, hotkey: worse.address, netuid }))).toMatchObject({
    code: 'dispatch',
    name: 'SubtensorModule.HotKeyAlreadyRegisteredInSubNet',
  })

  const certificate = Uint8Array.of(1, ...new Uint8Array(32).fill(7))
  const ip = 0xffff_7f00_0001n
  await serveAxon(chain, { signer: better, netuid, ip, ipType: 6, port: 8091, certificate })
  expect(
    await failureOf(serveAxon(chain, { signer: worse, netuid, ip: 0x7f00_0001n, ipType: 4, port: 8092, certificate })),
  ).toMatchObject({ code: 'refused', reason: 'InvalidIpAddress', custom: 11 })

  const amount = parseTokens('100')
  await addStake(chain, { signer: staker, hotkey: validator.address, netuid, amount })
  const [stake] = await getStakes(chain, { coldkey: staker.address })
  expect(stake).toMatchObject({ hotkey: validator.address, netuid })
  expect(stake!.amount).toBeGreaterThan(0n)
  const tooMuch = await failureOf(
    addStake(chain, { signer: funder, hotkey: validator.address, netuid, amount: parseTokens('2000') }),
  )
  expect(tooMuch).toMatchObject({ code: 'dispatch', name: 'SubtensorModule.NotEnoughBalanceToStake' })

  await until(async () => (await getMetagraph(chain, { netuid })).neurons[first.uid]!.validatorPermit)
  const { uids, values } = quantiseWeights([0, 0, 3, 1])
  expect(uids).toEqual([uidOfBetter, uidOfWorse])
  const commit: WeightsCommit = { hotkey: validator.address, netuid, uids, values, salt: [1, 2, 3, 4], versionKey: 0n }
  const committed = epochOfNextBlock(await getEpochState(chain, { netuid }))
  await commitWeights(chain, { signer: validator, commit })
  expect(await failureOf(revealWeights(chain, { signer: validator, commit }))).toMatchObject({ code: 'refused' })
  await until(async () => epochOfNextBlock(await getEpochState(chain, { netuid })) > committed)
  await revealWeights(chain, { signer: validator, commit })
  await until(async () => (await getMetagraph(chain, { netuid })).neurons[uidOfBetter]!.incentive > 0)

  const { neurons, ownerColdkey, tempoBlocks } = await getMetagraph(chain, { netuid })
  expect([ownerColdkey, tempoBlocks]).toEqual([owner.address, 10])
  expect(neurons.map(({ hotkey }) => hotkey)).toEqual(
    [ownerHotkey, validator, better, worse].map(({ address }) => address),
  )
  const [miner, other] = [neurons[uidOfBetter]!, neurons[uidOfWorse]!]
  expect(miner.incentive / other.incentive).toBeCloseTo(3, 1)
  expect(miner.axon).toMatchObject({ ip, ipType: 6, port: 8091 })
  expect(miner.certificate).toEqual({ algorithm: 1, publicKey: certificate.slice(1) })
  expect(neurons[first.uid]!.dividends).toBeGreaterThan(0)
  expect(other.axon).toBeUndefined()
  const subnet = (await getSubnets(chain)).find((one) => one.netuid === netuid)!
  expect(subnet).toMatchObject({ owner: owner.address, neurons: 4, started: true, tempoBlocks: 10 })
})

test('a watcher hears of the newest block, also while it was busy with an older one', async () => {
  const heard: number[] = []
  let release = (): void => undefined
  const busy = new Promise<void>((resolve) => {
    release = resolve
  })
  const failures: unknown[] = []
  const stop = await watchBlocks(
    chain,
    async ({ number }) => {
      heard.push(number)
      if (heard.length === 1) await busy
    },
    (error) => failures.push(error),
  )
  const { number } = await localnet.node.mine(5)
  // Whatever is asked after the blocks were made is answered after the news of them.
  await getBalance(chain, signers.alice)
  release()
  while ((heard.at(-1) ?? 0) < number) await new Promise((resolve) => setTimeout(resolve, 5))
  stop()
  expect(heard.length).toBeLessThan(5)
  expect(failures).toEqual([])
})

test('a chain that is not the expected one is refused, as is one that is not there', async () => {
  const genesisHash = `0x${'12'.repeat(32)}`
  const wrong = await failureOf(connectChain({ endpoints: [localnet.endpoint], genesisHash, connectRounds: 1 }))
  expect(wrong).toMatchObject({ code: 'wrong-chain', found: localnet.node.genesisHash })
  const nobody = await failureOf(connectChain({ endpoints: ['ws://127.0.0.1:1'], connectRounds: 1 }))
  expect(nobody).toMatchObject({ code: 'disconnected' })
})

test('a mortal extrinsic of the typed client is signed as the chain checks it', async () => {
  const { funder, alice } = signers
  const call = composeCall(chain, 'Balances', 'transfer_keep_alive', [alice.address, 5n])
  const { feeRao, blockHash } = await submit(chain, call, { signer: funder, until: 'finalized' })
  const info = await call.paymentInfo(funder.address)
  expect(feeRao).toBe(info.partialFee.toBigInt())
  expect(localnet.node.blocks.numberOf(blockHash)).toBeGreaterThan(0)
})
