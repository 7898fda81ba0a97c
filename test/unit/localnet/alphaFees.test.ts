import { expect, onTestFinished, test } from 'vitest'
import { pairFromUri } from '../../../src/keys/derive.ts'
import { decodeExtrinsic } from '../../../src/localnet/extrinsic.ts'
import { dispatchInfoOf, feeOf } from '../../../src/localnet/fees.ts'
import { freeBalance } from '../../../src/localnet/pallets/balances.ts'
import { stakeOf } from '../../../src/localnet/pallets/subtensor/stakePool.ts'
import { storage } from '../../../src/localnet/pallets/subtensor/storage.ts'
import { subnetAccount } from '../../../src/localnet/pallets/subtensor/subnetAccount.ts'
import { spotPrice } from '../../../src/localnet/pallets/swap.ts'
import type { EventRecord } from '../../../src/localnet/runtime.ts'
import { startLocalnet } from '../../../src/localnet/startLocalnet.ts'
import type { StorageItem } from '../../../src/localnet/storage.ts'
import { ValidityFailure } from '../../../src/localnet/validityError.ts'
import { send, subtensor } from './emissionWorld.ts'
import { accountOf, alice, signCall, transferOf } from './signedCall.ts'

test('a signer without TAO pays for unstaking out of the stake, and for nothing else', async () => {
  const localnet = await startLocalnet({ port: 0, interval: 'manual' })
  onTestFinished(() => localnet.close())
  const { node } = localnet
  const poor = await pairFromUri('//Poor')
  const [who, hotkey] = [accountOf(poor), accountOf(await pairFromUri('//PoorHot'))]
  const place = { hotkey, netuid: 2 }
  await send(node, alice, subtensor('register_network', { hotkey }), subtensor('start_call', { netuid: 2 }))
  await send(node, alice, transferOf(who, 20_000_000_000n))
  await send(node, poor, subtensor('add_stake', { ...place, amount_staked: 10_000_000_000n }))
  // All but a little, so that the account lives.
  const fee = feeFor(transferOf(accountOf(alice), 1n))
  await send(node, poor, transferOf(accountOf(alice), freeBalance(node.headState, who) - fee - 600n))
  const left = freeBalance(node.headState, who)
  expect(left).toBeLessThan(5000n)

  const refusal = (call: Parameters<typeof signCall>[2]): unknown => {
    try {
      node.submit(signCall(node, poor, call))
      return 'taken'
    } catch (error) {
      return error instanceof ValidityFailure ? error.failure.error : error
    }
  }
  const payment = { type: 'Invalid', 0: { type: 'Payment' } }
  expect(refusal(subtensor('add_stake', { ...place, amount_staked: 2_100_000n }))).toEqual(payment)
  expect(refusal(subtensor('remove_stake', { hotkey: accountOf(alice), netuid: 2, amount_unstaked: 1n }))).toEqual(
    payment,
  )

  const call = subtensor('remove_stake', { ...place, amount_unstaked: 1_000_000_000n })
  const staked = stakeOf(node.headState, hotkey, who, 2)
  const price = spotPrice(node.headState, 2)
  const alphaFee = (feeFor(call) << 64n) / price
  expect(refusal(call)).toBe('taken')
  await node.mine()
  const state = node.headState
  expect(stakeOf(state, hotkey, who, 2)).toBe(staked - 1_000_000_000n - alphaFee)
  const paid = eventsOf().find(({ event }) => event.name === 'TransactionFeePaidWithAlpha')!.event.fields
  expect(paid).toMatchObject({ who, netuid: 2, alpha_fee: alphaFee })
  expect(Number(paid.tao_amount) / Number(feeFor(call))).toBeCloseTo(1, 3)
  expect(eventsOf().some(({ event }) => event.name === 'ExtrinsicSuccess')).toBe(true)
  expect(freeBalance(state, who)).toBeGreaterThan(900_000_000n)
  expect(freeBalance(state, subnetAccount(2))).toBe(state.get(storage.SubnetTAO, 2))

  function feeFor(one: Parameters<typeof signCall>[2]): bigint {
    const bytes = signCall(node, poor, one)
    return feeOf(dispatchInfoOf(node.runtime, decodeExtrinsic(node.runtime, bytes).call), bytes.length)
  }
  function eventsOf(): EventRecord[] {
    const system = node.runtime.pallets.find(({ name }) => name === 'System')!
    return node.headState.get(system.storage.Events as StorageItem<readonly [], EventRecord[]>)
  }
})
