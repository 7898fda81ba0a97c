import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Chain, connectChain } from '../../src/chain/connect.ts'
import { getMetagraph } from '../../src/chain/getMetagraph.ts'
import { getWeights } from '../../src/chain/getWeights.ts'
import { readOne } from '../../src/chain/readMany.ts'
import { type Localnet, startLocalnet } from '../../src/localnet/startLocalnet.ts'
import { startWsRelay, type WsRelay } from './wsRelay.ts'

let localnet: Localnet
let relay: WsRelay
let chain: Chain

beforeAll(async () => {
  localnet = await startLocalnet({ port: 0, interval: 'manual' })
  relay = await startWsRelay(localnet.endpoint)
  chain = await connectChain({ endpoints: [relay.endpoint] })
})

afterAll(async () => {
  await chain?.close()
  await relay?.close()
  await localnet?.close()
})

const noNode = { name: 'ChainError', failure: { code: 'rpc' }, mend: expect.stringContaining('try another one') }

test.each([null, 7, 'x', {}, [null], [{}], [{ block: '0x00', changes: 7 }]])(
  'a read that is answered with %j fails as one that a node is to blame for',
  async (lie) => {
    relay.lies.set('state_queryStorageAt', lie)
    await expect(getMetagraph(chain, { netuid: 1 })).rejects.toMatchObject(noNode)
    relay.lies.set('state_getKeysPaged', lie)
    await expect(getWeights(chain, { netuid: 1 })).rejects.toMatchObject(noNode)
  },
)

test('so does a value that is none of its type', async () => {
  const key = chain.api.query.system!.events!.key()
  relay.lies.set('state_queryStorageAt', [{ block: localnet.node.head.hash, changes: [[key, '0x04ffffff']] }])
  await expect(readOne(chain, 'System', 'Events')).rejects.toMatchObject(noNode)
})

test('a node that gives the same page of keys for ever is not asked for ever', async () => {
  const prefix = chain.api.query.subtensorModule!.weights!.keyPrefix(1)
  const keys = Array.from({ length: 1_000 }, (_, i) => `${prefix}${i.toString(16).padStart(4, '0')}`)
  relay.lies.clear()
  relay.lies.set('state_getKeysPaged', keys)
  relay.methods.length = 0
  await expect(getWeights(chain, { netuid: 1 })).rejects.toMatchObject(noNode)
  await new Promise((resolve) => setTimeout(resolve, 200))
  expect(relay.methods.filter((method) => method === 'state_getKeysPaged').length).toBe(2)
})
