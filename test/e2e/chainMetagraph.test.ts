import { afterAll, beforeAll, expect, test } from 'vitest'
import { burnedRegister } from '../../src/chain/burnedRegister.ts'
import { type Chain, connectChain } from '../../src/chain/connect.ts'
import { getMetagraph } from '../../src/chain/getMetagraph.ts'
import { registerNetwork } from '../../src/chain/registerNetwork.ts'
import { pairFromUri } from '../../src/keys/derive.ts'
import { localSigner, type Signer } from '../../src/keys/signer.ts'
import { type Localnet, startLocalnet } from '../../src/localnet/startLocalnet.ts'

let localnet: Localnet
let chain: Chain

beforeAll(async () => {
  localnet = await startLocalnet({ port: 0, interval: 'instant' })
  chain = await connectChain({ endpoints: [localnet.endpoint] })
})

afterAll(async () => {
  await chain?.close()
  await localnet?.close()
})

/** The same connection seen by somebody new, who counts requests. */
function counting(): { chain: Chain; requests: () => number } {
  let requests = 0
  const send: Chain['send'] = async (method, params) => {
    requests++
    return await chain.send(method, params)
  }
  return { chain: { ...chain, send }, requests: () => requests }
}

test('a subnet is read in one request, all of one block, and new neurons are not missed', async () => {
  const signer = async (uri: string): Promise<Signer> => localSigner(await pairFromUri(uri))
  const [bob, bobHotkey] = [await signer('//Bob'), await signer('//Bob_hk')]
  const { netuid } = await registerNetwork(chain, { signer: bob, hotkey: bobHotkey.address })
  const known = counting()
  const read = async (): Promise<number> => {
    const before = known.requests()
    const seen = await getMetagraph(known.chain, { netuid })
    const requests = known.requests() - before
    expect(seen).toEqual(await getMetagraph(counting().chain, { netuid, at: seen.blockHash }))
    expect(seen.block).toBe(localnet.node.head.header.number)
    return requests
  }
  expect(await read()).toBe(2)
  expect(await read()).toBe(1)

  for (const uri of ['//a', '//b']) {
    await burnedRegister(chain, { signer: bob, hotkey: (await signer(uri)).address, netuid })
  }
  expect(await read()).toBe(2)
  expect(await read()).toBe(1)
  const { neurons } = await getMetagraph(chain, { netuid })
  expect(neurons.map(({ uid, coldkey }) => [uid, coldkey])).toEqual([0, 1, 2].map((uid) => [uid, bob.address]))
})

test('a subnet that does not exist is named', async () => {
  await expect(getMetagraph(chain, { netuid: 77 })).rejects.toMatchObject({
    failure: { code: 'not-found', what: 'subnet 77' },
    mend: 'see faculty subnet list',
  })
})
