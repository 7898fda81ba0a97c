import { Binary, createClient, Enum, type PolkadotClient, type PolkadotSigner } from 'polkadot-api'
import { getPolkadotSigner } from 'polkadot-api/signer'
import { getWsProvider } from 'polkadot-api/ws'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import type { KeyPair } from '../../src/keys/keyPair.ts'
import { sign } from '../../src/keys/sr25519.ts'
import type { Hex32 } from '../../src/localnet/scale/chainTypes.ts'
import { type Localnet, startLocalnet } from '../../src/localnet/startLocalnet.ts'
import { accountOf, alice, bob, dave } from '../unit/localnet/signedCall.ts'

let localnet: Localnet
let client: PolkadotClient
/** How the connection fared, and the methods that were called over it. */
const statuses: string[] = []
const asked = new Set<string>()

// As anybody would write it: no descriptors, no custom signed extensions; Node 20 only lacks a WebSocket of its own.
beforeAll(async () => {
  localnet = await startLocalnet({ port: 0, interval: '100ms' })
  const provider = getWsProvider(localnet.endpoint, {
    websocketClass: WebSocket as never,
    onStatusChanged: ({ type }) => statuses.push(type),
    logger: (entry) => {
      if (entry.type === 'OUT') asked.add((JSON.parse(entry.msg) as { method: string }).method)
    },
  })
  client = createClient(provider)
})

afterAll(async () => {
  client?.destroy()
  await localnet?.close()
})

const signerOf = (pair: KeyPair): PolkadotSigner => {
  return getPolkadotSigner(pair.publicKey, 'Sr25519', (message) => sign(pair, message))
}

interface Account {
  readonly nonce: number
  readonly data: { readonly free: bigint }
}

const api = () => client.getUnsafeApi()
const freeOf = async (who: KeyPair, at: string): Promise<bigint> => {
  const account = (await api().query.System!.Account!.getValue(who.address, { at })) as Account
  return account.data.free
}
const transfer = (to: KeyPair, value: bigint) =>
  api().tx.Balances!.transfer_keep_alive!({ dest: Enum('Id', to.address), value })

test('it knows the chain it is connected to', async () => {
  const { name, genesisHash, properties } = await client.getChainSpecData()
  expect([name, genesisHash]).toEqual(['Bittensor', localnet.node.genesisHash])
  expect(properties).toEqual({ ss58Format: 42, tokenDecimals: 9, tokenSymbol: 'TAO' })
  const version = await api().constants.System!.Version!()
  expect(version).toMatchObject({ spec_name: 'node-subtensor', spec_version: 430, transaction_version: 1 })
  expect(await api().constants.Balances!.ExistentialDeposit!()).toBe(500n)
})

test('it follows blocks by the new JSON-RPC, and finds each with header and body', async () => {
  const numbers: number[] = []
  await new Promise<void>((resolve, reject) => {
    const subscription = client.finalizedBlock$.subscribe({
      next: ({ number }) => {
        numbers.push(number)
        if (numbers.length < 4) return
        subscription.unsubscribe()
        resolve()
      },
      error: reject,
    })
  })
  expect(numbers).toEqual([0, 1, 2, 3].map((i) => numbers[0]! + i))
  const block = await client.getFinalizedBlock()
  const header = await client.getBlockHeader(block.hash)
  expect(header.number).toBe(block.number)
  expect(localnet.node.blocks.hashAt(block.number - 1)).toBe(header.parentHash)
  const [inherent] = await client.getBlockBody(block.hash)
  expect(Buffer.compare(inherent!, localnet.node.blocks.block(block.number)!.extrinsics[0]!)).toBe(0)
})

test('storage: one value, several, whole maps, raw keys', async () => {
  expect(await api().query.SubtensorModule!.Tempo!.getValue(1)).toBe(100)
  expect(await api().query.SubtensorModule!.Tempo!.getValues([[0], [1]])).toHaveLength(2)
  const networks = await api().query.SubtensorModule!.NetworksAdded!.getEntries()
  expect(networks.map(({ keyArgs }) => keyArgs[0]).sort()).toEqual([0, 1])
  const accounts = await api().query.System!.Account!.getEntries()
  expect(accounts.length).toBeGreaterThan(5)
  expect(accounts.find(({ keyArgs }) => keyArgs[0] === alice.address)).toBeDefined()
  const code = await client.rawQuery('0x3a636f6465')
  expect(code).toMatch(/^0x[0-9a-f]{64}$/)
})

test('a transfer is validated, signed, broadcast and found in a finalised block with its fee', async () => {
  const { hash: before } = await client.getFinalizedBlock()
  const call = transfer(bob, 1_500_000_000n)
  const fee = await call.getEstimatedFees(alice.address)
  const result = await call.signAndSubmit(signerOf(alice))
  expect(result.ok).toBe(true)
  const at = result.block.hash
  expect(await freeOf(alice, at)).toBe((await freeOf(alice, before)) - 1_500_000_000n - fee)
  expect(await freeOf(bob, at)).toBe((await freeOf(bob, before)) + 1_500_000_000n)
  const transferred = result.events.find(({ type, value }) => type === 'Balances' && value.type === 'Transfer')
  expect(transferred!.value.value).toMatchObject({ from: alice.address, to: bob.address, amount: 1_500_000_000n })
})

test('each stage of a transfer is told, and the block that it is in', async () => {
  const stages: string[] = []
  await new Promise<void>((resolve, reject) => {
    transfer(bob, 5n)
      .signSubmitAndWatch(signerOf(alice))
      .subscribe({ next: ({ type }) => stages.push(type), complete: resolve, error: reject })
  })
  expect(stages).toEqual(['signed', 'broadcasted', 'txBestBlocksState', 'finalized'])
})

test('a call that fails says why, in the words of the metadata', async () => {
  const call = api().tx.SubtensorModule!.burned_register!({ netuid: 99, hotkey: dave.address })
  const result = await call.signAndSubmit(signerOf(dave))
  expect(result.ok).toBe(false)
  expect(result).toMatchObject({
    dispatchError: { type: 'Module', value: { type: 'SubtensorModule', value: { type: 'SubnetNotExists' } } },
  })
})

test('an extrinsic that cannot be valid is refused before it is sent, with the reason', async () => {
  const stale = transfer(bob, 1n).signAndSubmit(signerOf(alice), { nonce: 0 })
  await expect(stale).rejects.toMatchObject({ error: { type: 'Invalid', value: { type: 'Stale' } } })
})

test('runtime APIs are called by name', async () => {
  const nonce = await api().apis.AccountNonceApi!.account_nonce!(alice.address)
  expect(nonce).toBe(localnet.node.pool.nextNonce(accountOf(alice)))
  expect(await api().apis.Metadata!.metadata_versions!()).toEqual([14, 15, 16])
  expect(await api().apis.AuraApi!.slot_duration!()).toBe(250n)
})

test('a storage value is watched from block to block', async () => {
  const seen: bigint[] = []
  const watched = new Promise<void>((resolve, reject) => {
    const subscription = api()
      .query.System!.Account!.watchValue(bob.address, { at: 'finalized' })
      .subscribe({
        next: ({ value }) => {
          seen.push((value as Account).data.free)
          if (seen.length === 1) transfer(bob, 11n).signAndSubmit(signerOf(alice)).catch(reject)
          // The same value may be told again with another block.
          if (seen.at(-1) === seen[0]) return
          subscription.unsubscribe()
          resolve()
        },
        error: reject,
      })
  })
  await watched
  expect(seen.at(-1)! - seen[0]!).toBe(11n)
})

test('a chain that goes back to a snapshot does not lose it', async () => {
  const snapshot = localnet.snapshot()
  const at = localnet.node.head.header.number
  expect((await transfer(bob, 13n).signAndSubmit(signerOf(alice))).ok).toBe(true)
  await localnet.node.mine(5)
  const nonce = localnet.node.pool.nextNonce(accountOf(alice))
  localnet.revert(snapshot)
  expect(localnet.node.head.header.number).toBe(at)
  // What was under way on blocks that are gone fails; the client then begins anew at the blocks that are left.
  const numberOf = async () => localnet.node.blocks.numberOf((await client.getFinalizedBlock()).hash as Hex32) ?? 0
  await expect.poll(numberOf, { timeout: 10_000 }).toBeGreaterThan(at)
  // The same nonce is good once more: what the client sees is the chain as it is now.
  const again = await transfer(bob, 17n).signAndSubmit(signerOf(alice))
  expect(again.ok).toBe(true)
  expect(localnet.node.pool.nextNonce(accountOf(alice))).toBe(nonce)
})

test('a long stretch of blocks at once does not lose it', async () => {
  await localnet.node.mine(300)
  const { number } = localnet.node.head.header
  await new Promise<void>((resolve, reject) => {
    const subscription = client.finalizedBlock$.subscribe({
      next: (block) => {
        if (block.number < number) return
        subscription.unsubscribe()
        resolve()
      },
      error: reject,
    })
  })
  const remark = await api().tx.System!.remark!({ remark: Binary.fromText('still here') }).signAndSubmit(
    signerOf(alice),
  )
  expect(remark.ok).toBe(true)
  // Connected once, and never thrown off.
  expect(statuses).toEqual(['CONNECTING', 'CONNECTED'])
  const other = [...asked].filter((name) => !/^(archive|chainHead|chainSpec|transaction)_v1_/.test(name))
  expect(other).toEqual(['rpc_methods'])
})
