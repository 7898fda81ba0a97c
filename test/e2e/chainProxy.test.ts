import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Rao, raoPerToken } from '../../src/base/units.ts'
import { composeCall } from '../../src/chain/calls.ts'
import { type Chain, connectChain } from '../../src/chain/connect.ts'
import { getBalance } from '../../src/chain/getBalance.ts'
import { proxySigner } from '../../src/chain/proxySigner.ts'
import { startCall } from '../../src/chain/startCall.ts'
import { type Submitted, submit } from '../../src/chain/submit.ts'
import { transfer } from '../../src/chain/transfer.ts'
import { pairFromUri } from '../../src/keys/derive.ts'
import { localSigner, type Signer } from '../../src/keys/signer.ts'
import { type Localnet, startLocalnet } from '../../src/localnet/startLocalnet.ts'

let localnet: Localnet
let chain: Chain
let alice: Signer
let bob: Signer
let charlie: Signer

const signerOf = async (uri: string): Promise<Signer> => localSigner(await pairFromUri(uri))

async function send(signer: Signer, name: string, args: readonly unknown[]): Promise<Submitted> {
  return await submit(chain, composeCall(chain, 'Proxy', name, [...args]), { signer })
}

// //Bob may do for //Alice whatever is not a transfer, and transfers under a type of its own.
beforeAll(async () => {
  localnet = await startLocalnet({ port: 0, interval: '50ms', build: 'fast' })
  chain = await connectChain({ endpoints: [localnet.endpoint] })
  ;[alice, bob, charlie] = (await Promise.all(['//Alice', '//Bob', '//Charlie'].map(signerOf))) as [
    Signer,
    Signer,
    Signer,
  ]
  await send(alice, 'add_proxy', [bob.address, 'NonTransfer', 0])
  await send(alice, 'add_proxy', [bob.address, 'Transfer', 0])
})

afterAll(async () => {
  await chain?.close()
  await localnet?.close()
})

async function free(signer: Signer): Promise<bigint> {
  return (await getBalance(chain, { address: signer.address })).free
}

test('the deposit for two delegates is reserved, not spent', async () => {
  expect((await getBalance(chain, { address: alice.address })).reserved).toBe(60_000_000n + 2n * 33_000_000n)
})

test('a proxy spends for an account whose key is not here, and pays the fee itself', async () => {
  const [before, delegate] = [await free(alice), await free(bob)]
  const to = (await signerOf('//Receiver')).address
  const signer = proxySigner(bob, alice.address, 'Transfer')
  expect(signer.address).toBe(alice.address)
  const { feeRao } = await transfer(chain, { signer, to, amount: raoPerToken as Rao })
  expect((await getBalance(chain, { address: to })).free).toBe(raoPerToken)
  expect(before - (await free(alice))).toBe(raoPerToken)
  expect(delegate - (await free(bob))).toBe(feeRao)
})

test('an account that wants to pays the fees of its proxy', async () => {
  await send(alice, 'set_real_pays_fee', [bob.address, true])
  const [before, delegate] = [await free(alice), await free(bob)]
  const signer = proxySigner(bob, alice.address, 'Transfer')
  const { feeRao } = await transfer(chain, { signer, to: charlie.address, amount: 1_000n as Rao })
  expect(feeRao).toBeGreaterThan(0n)
  expect(before - (await free(alice))).toBe(1_000n + feeRao)
  expect(await free(bob)).toBe(delegate)
  await send(alice, 'set_real_pays_fee', [bob.address, false])
})

test('a type of proxy that does not allow the call is refused under the name that the chain has for that', async () => {
  // Without a type the first that was given counts, which allows no transfers.
  const signer = proxySigner(bob, alice.address)
  await expect(transfer(chain, { signer, to: bob.address, amount: 1n as Rao })).rejects.toMatchObject({
    failure: { code: 'dispatch', name: 'System.CallFiltered', call: 'Balances.transfer_keep_alive' },
  })
})

test('a call that fails behind the proxy has failed, under its own name', async () => {
  const starting = startCall(chain, { signer: proxySigner(bob, alice.address), netuid: 9 })
  await expect(starting).rejects.toMatchObject({
    failure: { code: 'dispatch', name: 'SubtensorModule.SubnetNotExists', call: 'SubtensorModule.start_call' },
  })
})

test('who is no proxy is told what is missing', async () => {
  const sending = transfer(chain, { signer: proxySigner(alice, bob.address), to: alice.address, amount: 1n as Rao })
  await expect(sending).rejects.toMatchObject({
    failure: { code: 'dispatch', name: 'Proxy.NotProxy' },
    mend: expect.stringContaining('add this coldkey as its proxy'),
  })
  const other = transfer(chain, {
    signer: proxySigner(bob, alice.address, 'Staking'),
    to: alice.address,
    amount: 1n as Rao,
  })
  await expect(other).rejects.toMatchObject({ failure: { code: 'dispatch', name: 'Proxy.NotProxy' } })
})

test('a proxy that must announce its calls cannot make them at once', async () => {
  await send(alice, 'add_proxy', [charlie.address, 'Any', 5])
  const sending = transfer(chain, { signer: proxySigner(charlie, alice.address), to: bob.address, amount: 1n as Rao })
  await expect(sending).rejects.toMatchObject({ failure: { code: 'dispatch', name: 'Proxy.Unannounced' } })
})

test('a proxy does not sign texts in the name of the account', () => {
  expect(() => proxySigner(bob, alice.address).sign(new Uint8Array(1))).toThrow('not sign in its name')
})
