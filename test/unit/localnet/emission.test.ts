import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { storage as balances } from '../../../src/localnet/pallets/balances.ts'
import { isEpochDue } from '../../../src/localnet/pallets/subtensor/epochTiming.ts'
import { storage } from '../../../src/localnet/pallets/subtensor/storage.ts'
import { storage as system } from '../../../src/localnet/pallets/system.ts'
import { type Localnet, startLocalnet } from '../../../src/localnet/startLocalnet.ts'
import { storageKey } from '../../../src/localnet/storage.ts'
import {
  admin,
  type EmissionWorld,
  emissionWorld,
  netuid,
  send,
  stakedAlpha,
  subtensor,
  sudo,
} from './emissionWorld.ts'
import { post } from './rpcClient.ts'
import { alice } from './signedCall.ts'

const tempo = 7
const parts = ['paid', 'ownerCut', 'burned', 'recycled', 'remainder', 'pending'] as const

let localnet: Localnet
let world: EmissionWorld
/** Block after which only epochs change anybody's stake. */
let settled: number
/** Block from which the price is so high that root earns, and withheld incentives are recycled. */
let changed: number

async function ask(from: number, to: number): Promise<Record<(typeof parts)[number] | 'issued', bigint>> {
  const request = { jsonrpc: '2.0', id: 1, method: 'localnet_emission', params: [netuid, from, to] }
  const { body } = await post(localnet.endpoint, JSON.stringify(request))
  const { result } = body as { result: Record<string, string> }
  return Object.fromEntries(Object.entries(result).map(([kind, rao]) => [kind, BigInt(rao)])) as never
}

beforeAll(async () => {
  localnet = await startLocalnet({ port: 0, interval: 'manual' })
  const { node } = localnet
  world = await emissionWorld(node, { tempo })
  await node.mine(tempo)
  // One weight goes to the owner's hotkey, whose incentive is withheld.
  const weights = [
    [9000, 0, 0, 50_000, 30_000, 10_000, 1000],
    [7000, 0, 0, 51_000, 28_000, 11_000, 900],
  ]
  for (const [i, validator] of world.validators.entries()) {
    const args = { netuid, dests: [0, 1, 2, 3, 4, 5, 6], weights: weights[i], version_key: 0n }
    await send(node, validator, subtensor('set_weights', args))
  }
  settled = node.head.header.number
  await node.mine(5 * tempo)
  const priceOfTwo = Buffer.alloc(16)
  priceOfTwo.writeUInt32LE(2, 4)
  const key = Buffer.from(storageKey(storage.SubnetMovingPrice, [netuid]).slice(2), 'hex')
  await send(
    node,
    alice,
    sudo({ pallet: 'System', name: 'set_storage', args: { items: [[key, priceOfTwo]] } }),
    admin('sudo_set_recycle_or_burn', { netuid, recycle_or_burn: { type: 'Recycle' } }),
  )
  changed = node.head.header.number
  await node.mine(5 * tempo)
}, 60_000)

afterAll(() => localnet.close())

test('what is issued is, to the rao, what became of it, over whatever blocks', async () => {
  const head = localnet.node.head.header.number
  const range = fc.tuple(fc.nat(head), fc.nat(head)).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const)
  await fc.assert(
    fc.asyncProperty(range, async ([from, to]) => {
      const sums = await ask(from, to)
      expect(parts.reduce((sum, part) => sum + sums[part], 0n)).toBe(sums.issued)
      let issued = 0n
      for (let block = from + 1; block <= to; block++) {
        issued += localnet.node.stateAt(block).get(storage.SubnetAlphaOutEmission, netuid)
      }
      expect(sums.issued).toBe(issued)
    }),
    { numRuns: 150, examples: [[[0, head]], [[0, 0]], [[head - 1, head]]] },
  )
})

test('what was paid is in the stake pools, and what was recycled is out of circulation', async () => {
  const { node } = localnet
  const span = [settled, settled + 5 * tempo] as const
  const sums = await ask(...span)
  const growth = (at: (block: number) => bigint): bigint => at(span[1]) - at(span[0])
  expect(growth((block) => stakedAlpha(node, block))).toBe(sums.paid + sums.ownerCut)
  const alphaOf = (item: typeof storage.SubnetAlphaOut) => growth((block) => node.stateAt(block).get(item, netuid))
  // The protocol's own purchases are the only other thing that moves the alpha in circulation.
  const bought = alphaOf(storage.SubnetProtocolAlpha)
  expect(alphaOf(storage.SubnetAlphaOut)).toBe(sums.issued - sums.recycled + bought)
  for (const part of ['paid', 'ownerCut', 'burned', 'recycled', 'remainder'] as const) {
    expect([part, sums[part] > 0n]).toEqual([part, true])
  }
})

test('withheld incentives are recycled where the subnet wants that, and root is paid where prices are high', async () => {
  const { node } = localnet
  const head = node.head.header.number
  // The epoch under way at the change had accrued for root in no block yet.
  const sums = await ask(changed + tempo, head)
  expect(sums.burned).toBe(0n)
  expect(sums.recycled).toBeGreaterThan(0n)
  const claimable = (block: number) => [...node.stateAt(block).entries(storage.RootClaimable)].length
  expect([claimable(changed), claimable(head)]).toEqual([0, 2])
})

test('every rao of TAO that was minted is on an account, and both pallets count it', () => {
  const state = localnet.node.headState
  const onAccounts = [...state.entries(system.Account)].reduce((sum, [, { data }]) => sum + data.free, 0n)
  expect(state.get(balances.TotalIssuance)).toBe(onAccounts)
  expect(state.get(storage.TotalIssuance)).toBe(onAccounts)
  expect(state.get(storage.TotalIssuance)).toBeGreaterThan(localnet.node.stateAt(0).get(storage.TotalIssuance))
})

test('epochs ran, and paid by merit', async () => {
  const { node } = localnet
  const epochs = (block: number) => node.stateAt(block).get(storage.SubnetEpochIndex, netuid)
  const head = node.head.header.number
  expect(epochs(head) - epochs(settled)).toBe(BigInt(Math.floor((head - settled) / tempo)))
  expect(isEpochDue(node.headState, netuid, head)).toBe(false)
  const incentive = node.headState.get(storage.Incentive, netuid)
  const miners = incentive.slice(3)
  expect(miners).toEqual(miners.toSorted((a, b) => b - a))
  expect(miners.every((share) => share > 0)).toBe(true)
  expect(incentive.slice(1, 3)).toEqual([0, 0])
  expect(node.headState.get(storage.Dividends, netuid).slice(0, 3).map(Boolean)).toEqual([false, true, true])
})

test('ranges that are not there are refused by name', async () => {
  const head = localnet.node.head.header.number
  const refusal = async (from: number, to: number): Promise<string> => {
    const request = { jsonrpc: '2.0', id: 1, method: 'localnet_emission', params: [netuid, from, to] }
    const { body } = await post(localnet.endpoint, JSON.stringify(request))
    return (body as { error: { data: string } }).error.data
  }
  expect(await refusal(0, head + 1)).toContain('toBlock')
  expect(await refusal(3, 2)).toContain('fromBlock')
})
