import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Rao, raoPerToken } from '../../src/base/units.ts'
import { type Chain, connectChain } from '../../src/chain/connect.ts'
import { getBalance } from '../../src/chain/getBalance.ts'
import { proxySigner } from '../../src/chain/proxySigner.ts'
import { startCall } from '../../src/chain/startCall.ts'
import { transfer } from '../../src/chain/transfer.ts'
import { pairFromUri } from '../../src/keys/derive.ts'
import { localSigner, type Signer } from '../../src/keys/signer.ts'
import { accountNonceApi } from '../../src/localnet/apis/accountNonce.ts'
import { coreApi } from '../../src/localnet/apis/core.ts'
import { metadataApi } from '../../src/localnet/apis/metadata.ts'
import { makeRuntime } from '../../src/localnet/makeRuntime.ts'
import { call, DispatchFailure, errorsOf, event, eventsOf, type Pallet } from '../../src/localnet/pallet.ts'
import { adminUtils } from '../../src/localnet/pallets/adminUtils.ts'
import { balances } from '../../src/localnet/pallets/balances.ts'
import { lookUp } from '../../src/localnet/pallets/lookUp.ts'
import { subtensorPallet } from '../../src/localnet/pallets/subtensor/pallet.ts'
import { sudo } from '../../src/localnet/pallets/sudo.ts'
import { swap } from '../../src/localnet/pallets/swap.ts'
import { system } from '../../src/localnet/pallets/system.ts'
import { timestamp } from '../../src/localnet/pallets/timestamp.ts'
import { transactionPayment } from '../../src/localnet/pallets/transactionPayment.ts'
import { face430 } from '../../src/localnet/face.ts'
import type { RuntimeParts } from '../../src/localnet/runtime.ts'
import { dispatchError, multiAddress } from '../../src/localnet/scale/chainTypes.ts'
import { result } from '../../src/localnet/scale/collections.ts'
import { option, unit, variant, variantCase } from '../../src/localnet/scale/types.ts'
import { type StartedNode, startNode } from './startNode.ts'

const indices = { NotProxy: 0 }
const errors = errorsOf('Proxy', 16, indices)
const events = eventsOf('Proxy', 16, { ProxyExecuted: event(0, { result: result(unit, dispatchError) }) })
const proxyType = variant('subtensor_runtime_common::ProxyType', {
  Any: variantCase(0, {}),
  Transfer: variantCase(10, {}),
})

/** `Proxy.proxy` as the real pallet has it, for a chain on which //Bob is the proxy of everybody, and nobody else is. */
function proxyPallet(bob: string) {
  return ({ runtimeCall }: RuntimeParts): Pallet => ({
    name: 'Proxy',
    index: 16,
    storage: {},
    calls: {
      proxy: call(
        0,
        { real: multiAddress, force_proxy_type: option(proxyType), call: runtimeCall },
        (context, args) => {
          if (context.origin.kind !== 'signed' || context.origin.account !== bob) throw errors.NotProxy()
          try {
            context.dispatch(args.call, { kind: 'signed', account: lookUp(args.real) })
            context.emit(events.ProxyExecuted, { result: { type: 'Ok', 0: undefined } })
          } catch (error) {
            if (!(error instanceof DispatchFailure)) throw error
            context.emit(events.ProxyExecuted, { result: { type: 'Err', 0: error.failure.error } })
          }
        },
      ),
    },
    events,
    errors: indices,
    constants: {},
  })
}

let node: StartedNode
let chain: Chain
let [alice, bob]: Signer[] = []

beforeAll(async () => {
  alice = localSigner(await pairFromUri('//Alice'))
  bob = localSigner(await pairFromUri('//Bob'))
  const proxy = proxyPallet(`0x${Buffer.from(bob.publicKey).toString('hex')}`)
  const runtime = makeRuntime({
    build: 'fast',
    face: face430,
    pallets: [system, timestamp, balances, transactionPayment, subtensorPallet, sudo, adminUtils, swap, proxy],
    apis: [coreApi, metadataApi, accountNonceApi],
  })
  node = await startNode(runtime, 0)
  chain = await connectChain({ endpoints: [node.endpoint] })
})

afterAll(async () => {
  await chain?.close()
  await node?.close()
})

test.each([null, 'Transfer'])('a proxy of type %s spends for an account whose key is not here', async (type) => {
  const [before, delegate] = await Promise.all([alice, bob].map((one) => getBalance(chain, { address: one!.address })))
  const to = localSigner(await pairFromUri(`//Receiver${type}`)).address
  const signer = proxySigner(bob!, alice!.address, type)
  expect(signer.address).toBe(alice!.address)
  const { feeRao } = await transfer(chain, { signer, to, amount: raoPerToken as Rao })
  const [after, paid] = await Promise.all([alice, bob].map((one) => getBalance(chain, { address: one!.address })))
  expect((await getBalance(chain, { address: to })).free).toBe(raoPerToken)
  expect(before!.free - after!.free).toBe(raoPerToken)
  expect(delegate!.free - paid!.free).toBe(feeRao)
})

test('a call that fails behind the proxy has failed, under its own name', async () => {
  const starting = startCall(chain, { signer: proxySigner(bob!, alice!.address), netuid: 9 })
  await expect(starting).rejects.toMatchObject({
    failure: { code: 'dispatch', name: 'SubtensorModule.SubnetNotExists', call: 'SubtensorModule.start_call' },
  })
})

test('who is no proxy is told what is missing', async () => {
  const sending = transfer(chain, { signer: proxySigner(alice!, bob!.address), to: alice!.address, amount: 1n as Rao })
  await expect(sending).rejects.toMatchObject({
    failure: { code: 'dispatch', name: 'Proxy.NotProxy' },
    mend: expect.stringContaining('add this coldkey as its proxy'),
  })
})

test('a proxy does not sign texts in the name of the account', () => {
  expect(() => proxySigner(bob!, alice!.address).sign(new Uint8Array(1))).toThrow('not sign in its name')
})
