import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Hash } from '../../src/base/units.ts'
import { burnedRegister } from '../../src/chain/burnedRegister.ts'
import { composeCall, sudoCall } from '../../src/chain/calls.ts'
import { commitTimelockedWeights } from '../../src/chain/commitTimelockedWeights.ts'
import { type Chain, connectChain } from '../../src/chain/connect.ts'
import { getBeacon } from '../../src/chain/getBeacon.ts'
import { getWeights } from '../../src/chain/getWeights.ts'
import { readOne } from '../../src/chain/readMany.ts'
import { registerNetwork } from '../../src/chain/registerNetwork.ts'
import { submit } from '../../src/chain/submit.ts'
import { pairFromUri } from '../../src/keys/derive.ts'
import { localSigner, type Signer } from '../../src/keys/signer.ts'
import { type Localnet, startLocalnet } from '../../src/localnet/startLocalnet.ts'
import { encodeText } from '../../src/timelock/payloads.ts'
import { revealRoundAt } from '../../src/timelock/rounds.ts'
import { timelock } from '../../src/timelock/timelock.ts'
import { openStore } from '../../src/validator/store.ts'
import { keepWeights } from '../../src/validator/weights.ts'
import { weightsChain } from '../../src/validator/weightsChain.ts'
import { identity, memoryLog } from '../unit/validator/scratch.ts'

let localnet: Localnet
let chain: Chain
let [alice, bob, bobHotkey]: Signer[] = []
let netuid: number

beforeAll(async () => {
  const signer = async (uri: string): Promise<Signer> => localSigner(await pairFromUri(uri))
  ;[alice, bob, bobHotkey] = await Promise.all(['//Alice', '//Bob', '//Bob_hk'].map(signer))
  localnet = await startLocalnet({ port: 0, interval: 'instant' })
  chain = await connectChain({ endpoints: [localnet.endpoint] })
  netuid = (await registerNetwork(chain, { signer: bob!, hotkey: bobHotkey!.address })).netuid
  await burnedRegister(chain, { signer: bob!, hotkey: (await signer('//miner')).address, netuid })
  await admin('sudo_set_admin_freeze_window', [0])
  await admin('sudo_set_weights_set_rate_limit', [netuid, 0])
})

afterAll(async () => {
  await chain?.close()
  await localnet?.close()
})

const admin = async (name: string, args: readonly unknown[]): Promise<void> => {
  await submit(chain, sudoCall(chain, composeCall(chain, 'AdminUtils', name, args)), { signer: alice! })
}
const head = (): number => localnet.node.head.header.number
const mineTo = async (block: number): Promise<void> => {
  if (block > head()) await localnet.node.mine(block - head())
}
const eventNames = async (at: string): Promise<string[]> => {
  const events = (await readOne(chain, 'System', 'Events', [], at as Hash)) as unknown as Iterable<{
    event: { section: string; method: string }
  }>
  return [...events].map(({ event }) => `${event.section}.${event.method}`)
}

test('weights that are locked to a round are set by the chain itself, in their block, with no internet', async () => {
  const weights = { netuid, uids: [1], values: [65_535] }
  const { events, revealBlock, round } = await commitTimelockedWeights(chain, { signer: bobHotkey!, weights })
  expect(events.map(({ event }) => event.method)).toContain('TimelockedWeightsCommitted')
  const beacon = await getBeacon(chain)
  expect(round).toBeGreaterThan(beacon.lastRound)
  expect(beacon.publicKey).toHaveLength(96)

  await mineTo(revealBlock - 1)
  expect(await getWeights(chain, { netuid })).toEqual([])
  const { hash } = await localnet.node.mine()
  expect(await getWeights(chain, { netuid })).toEqual([{ uid: 0, weights: [[1, 65_535]] }])
  expect(await eventNames(hash)).toContain('subtensorModule.TimelockedWeightsRevealed')
  expect((await getBeacon(chain)).lastRound).toBeGreaterThanOrEqual(round)
})

test('weights of many epochs ahead are opened too, although the blocks are mined in no time', async () => {
  await admin('sudo_set_commit_reveal_weights_interval', [netuid, 40])
  const weights = { netuid, uids: [0, 1], values: [65_535, 1] }
  const { revealBlock } = await commitTimelockedWeights(chain, { signer: bobHotkey!, weights })
  expect(revealBlock - head()).toBeGreaterThan(300)
  await mineTo(revealBlock - 1)
  expect(await getWeights(chain, { netuid })).toEqual([{ uid: 0, weights: [[1, 65_535]] }])
  await localnet.node.mine()
  expect(await getWeights(chain, { netuid })).toEqual([
    {
      uid: 0,
      weights: [
        [0, 65_535],
        [1, 1],
      ],
    },
  ])
})

test('a validator that is told to commits so at each epoch, and its weights stand without a reveal of its own', async () => {
  await admin('sudo_set_commit_reveal_weights_interval', [netuid, 1])
  const store = openStore(':memory:', identity)
  const { log } = memoryLog()
  const weights = { uids: [0, 1], values: [1, 65_535] }
  const step = keepWeights({
    chain: weightsChain(chain, { signer: bobHotkey!, netuid, timelocked: true }),
    table: store.weights,
    draft: () => Promise.resolve(weights),
    log,
  })
  const end = head() + 40
  while (head() < end) {
    await step()
    await localnet.node.mine()
  }
  const rows = store.weights.rows.map(({ kind, state }) => `${kind} ${state}`)
  expect(rows.length).toBeGreaterThan(2)
  expect(new Set(rows)).toEqual(new Set(['timelocked done']))
  expect(await getWeights(chain, { netuid })).toEqual([
    {
      uid: 0,
      weights: [
        [0, 1],
        [1, 65_535],
      ],
    },
  ])
  store.close()
})

test('a commitment is published when its round comes', async () => {
  const beacon = await getBeacon(chain)
  const round = revealRoundAt(beacon, beacon.timeMs + 20_000)
  const encrypted = timelock(encodeText('my model'), { publicKey: beacon.publicKey, round })
  const field = { TimelockEncrypted: { encrypted: `0x${Buffer.from(encrypted).toString('hex')}`, reveal_round: round } }
  const set = composeCall(chain, 'Commitments', 'set_commitment', [netuid, { fields: [field] }])
  const { events } = await submit(chain, set, { signer: bobHotkey! })
  expect(events.map(({ event }) => event.method)).toContain('TimelockCommitment')
  const revealed = async () => await readOne(chain, 'Commitments', 'RevealedCommitments', [netuid, bobHotkey!.address])
  expect(await revealed()).toBeUndefined()
  await localnet.node.mine(100)
  const [[message]] = JSON.parse(JSON.stringify(await revealed())) as [[string, number]]
  expect(Buffer.from(message.slice(2), 'hex').subarray(1).toString()).toBe('my model')
  expect(await readOne(chain, 'Commitments', 'CommitmentOf', [netuid, bobHotkey!.address])).toBeUndefined()
})
