import { afterAll, beforeAll, expect, test } from 'vitest'
import type { FacultyError } from '../../src/base/errors.ts'
import { type Rao, raoPerToken } from '../../src/base/units.ts'
import { batchCalls, composeCall, sudoCall } from '../../src/chain/calls.ts'
import { changeHyperparameter } from '../../src/chain/changeHyperparameter.ts'
import { type Chain, connectChain } from '../../src/chain/connect.ts'
import { estimateFee } from '../../src/chain/estimateFee.ts'
import { getHyperparameters } from '../../src/chain/hyperparameters.ts'
import { registerNetwork } from '../../src/chain/registerNetwork.ts'
import { serveAxon } from '../../src/chain/serveAxon.ts'
import { type CallToSubmit, submit } from '../../src/chain/submit.ts'
import { transfer, transferCall } from '../../src/chain/transfer.ts'
import { pairFromUri } from '../../src/keys/derive.ts'
import { externalSigner, localSigner, type Signer } from '../../src/keys/signer.ts'
import { type Localnet, startLocalnet } from '../../src/localnet/startLocalnet.ts'

let localnet: Localnet
let chain: Chain
let alice: Signer
let bob: Signer
let nobody: Signer

beforeAll(async () => {
  localnet = await startLocalnet({ port: 0, interval: '50ms' })
  const signer = async (uri: string): Promise<Signer> => localSigner(await pairFromUri(uri))
  ;[alice, bob, nobody] = [await signer('//Alice'), await signer('//Bob'), await signer('//Nobody')]
  chain = await connectChain({ endpoints: [localnet.endpoint] })
  await admin('sudo_set_admin_freeze_window', [0])
})

afterAll(async () => {
  await chain?.close()
  await localnet?.close()
})

async function admin(name: string, args: readonly unknown[]): Promise<void> {
  await submit(chain, sudoCall(chain, composeCall(chain, 'AdminUtils', name, args)), { signer: alice })
}

async function errorOf(
  work: Promise<unknown>,
): Promise<{ failure: FacultyError['failure']; mend: string | undefined }> {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  const { failure, mend } = error as FacultyError
  return { failure, mend }
}

const call = (pallet: string, name: string, args: readonly unknown[]): CallToSubmit =>
  composeCall(chain, pallet, name, args)

test('a call that fails in its block has the name that the chain has for it, and a mend', async () => {
  const starting = submit(chain, call('SubtensorModule', 'start_call', [9]), { signer: bob })
  expect(await errorOf(starting)).toEqual({
    failure: { code: 'dispatch', name: 'SubtensorModule.SubnetNotExists', call: 'SubtensorModule.start_call' },
    mend: 'see faculty subnet list',
  })
  const tooMuch = transfer(chain, { signer: bob, to: alice.address, amount: (2_000_000n * raoPerToken) as Rao })
  expect(await errorOf(tooMuch)).toMatchObject({
    failure: { code: 'dispatch', name: 'Token.FundsUnavailable', call: 'Balances.transfer_keep_alive' },
    mend: expect.stringContaining('fund'),
  })
})

test('a call that fails inside sudo or inside a batch has failed', async () => {
  const badTempo = call('AdminUtils', 'sudo_set_tempo', [77, 20])
  expect(await errorOf(submit(chain, sudoCall(chain, badTempo), { signer: alice }))).toMatchObject({
    failure: { code: 'dispatch', name: 'AdminUtils.SubnetDoesNotExist', call: 'Sudo.sudo' },
  })
  const transferring = transferCall(chain, { to: alice.address, amount: 1_000_000n as Rao })
  const start = call('SubtensorModule', 'start_call', [9])
  const subnetNotExists = { code: 'dispatch', name: 'SubtensorModule.SubnetNotExists' }
  expect(await errorOf(submit(chain, batchCalls(chain, [transferring, start]), { signer: bob }))).toMatchObject({
    failure: subnetNotExists,
  })
  const batch = call('Utility', 'batch', [[transferring, start]])
  expect(await errorOf(submit(chain, batch, { signer: bob }))).toMatchObject({ failure: subnetNotExists })
})

test('a call that the pool refuses is not sent, and says why', async () => {
  const serving = serveAxon(chain, {
    signer: nobody,
    netuid: 1,
    ip: 0x01020304n,
    ipType: 4,
    port: 8091,
    certificate: new Uint8Array(33).fill(1),
  })
  expect(await errorOf(serving)).toEqual({
    failure: {
      code: 'refused',
      reason: 'HotKeyNotRegisteredInNetwork',
      call: 'SubtensorModule.serve_axon_tls',
      custom: 10,
    },
    mend: 'register the hotkey first: faculty subnet register',
  })
  const unfunded = transfer(chain, { signer: nobody, to: alice.address, amount: 1n as Rao })
  expect(await errorOf(unfunded)).toMatchObject({
    failure: { code: 'refused', reason: expect.stringContaining('Inability to pay some fees') },
    mend: expect.stringContaining('fund the account'),
  })
  const old = submit(chain, transferCall(chain, { to: alice.address, amount: 1n as Rao }), { signer: alice, nonce: 0 })
  expect(await errorOf(old)).toMatchObject({ failure: { code: 'refused' }, mend: expect.stringContaining('nonce') })
})

test('a call, storage or subnet that is not there is named before anything is sent', () => {
  expect(() => call('SubtensorModule', 'fly', [])).toThrow('SubtensorModule.fly: this chain has no such call')
  expect(() => call('Crowdloan', 'create', [])).toThrow('Crowdloan.create: this chain has no such call')
})

test('what query_info says is what the call costs', async () => {
  const order = { to: alice.address, amount: raoPerToken as Rao }
  const estimate = await estimateFee(chain, transferCall(chain, order), { address: bob.address })
  expect(estimate).toBeGreaterThan(0n)
  const { feeRao } = await transfer(chain, { ...order, signer: bob })
  expect(feeRao).toBe(estimate)
})

test('a signer outside this process signs extrinsics, short and long ones', async () => {
  const pair = await pairFromUri('//Bob')
  const inner = localSigner(pair)
  const seen: number[] = []
  const outside = externalSigner({
    address: pair.address,
    publicKey: pair.publicKey,
    type: 'sr25519',
    sign: async (message) => {
      seen.push(message.length)
      return await inner.sign(message)
    },
  })
  const to = nobody.address
  await transfer(chain, { signer: outside, to, amount: raoPerToken as Rao })
  const many = Array.from({ length: 20 }, () => transferCall(chain, { to, amount: raoPerToken as Rao }))
  await submit(chain, batchCalls(chain, many), { signer: outside })
  // Over 256 bytes the payload's hash is signed.
  expect(seen).toEqual([expect.any(Number), 32])
  expect(seen[0]).toBeGreaterThan(100)
})

test('settings are changed as the owner or as root, whichever the signer is', async () => {
  const { netuid } = await registerNetwork(chain, { signer: bob, hotkey: nobody.address })
  const set = async (signer: Signer, name: string, value: string): Promise<string> =>
    (await changeHyperparameter(chain, { signer, netuid, name, value })).origin
  expect(await set(bob, 'immunity_period', '77')).toBe('owner')
  expect(await set(alice, 'tempo', '33')).toBe('root')
  expect(await set(alice, 'commit_reveal_weights_enabled', 'false')).toBe('root')
  expect(await getHyperparameters(chain, { netuid })).toMatchObject({
    immunity_period: '77',
    tempo: '33',
    commit_reveal_weights_enabled: 'false',
  })
  expect(await errorOf(set(bob, 'tempo', '34'))).toMatchObject({
    failure: { code: 'not-permitted', needed: alice.address },
    mend: expect.stringContaining('sudo key'),
  })
  expect(await errorOf(set(nobody, 'immunity_period', '34'))).toMatchObject({
    failure: { code: 'not-permitted', needed: bob.address },
  })
  expect(await errorOf(set(bob, 'gravity', '1'))).toMatchObject({ failure: { code: 'bad-input' } })
  expect(await errorOf(set(bob, 'immunity_period', 'long'))).toMatchObject({ failure: { code: 'bad-input' } })
})
